"""The life cycle as a BPMN 2.0 diagram, drawn from the table of transitions and from nothing else."""
