"""The door of `medical_audit`: `cases` has queue, case, opinions and releases; `boards` the medical board's people,
notices and evidence; `tiebreakers` the register of physicians who may be named for a tie-break."""
