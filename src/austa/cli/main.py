"""`austa`: every command, each with help, an example, and exit codes that mean something.

Exit codes: 0 done; 1 it could not be done (the message says why); 2 the command line is wrong; 69 something
needed does not answer; 78 a setting is wrong (sysexits.h).
"""

import typer

from austa.cli import (
    backups,
    benchmarks,
    clocks,
    demos,
    doctor,
    evaluations,
    imports,
    keyrings,
    ledgers,
    operators,
    outboxes,
    receipts,
    reference,
    rules,
    serve,
    settings_list,
    training,
)

app = typer.Typer(
    name="austa",
    help="Care and prior authorization for Brazilian health-plan operators.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
serve.add_to(app)
settings_list.add_to(app)
doctor.add_to(app)
backups.add_to(app)
imports.add_to(app)
reference.add_to(app)
app.add_typer(benchmarks.app, name="bench")
app.add_typer(clocks.app, name="clocks")
app.add_typer(demos.app, name="demo")
app.add_typer(operators.operator, name="operator")
app.add_typer(operators.staff, name="staff")
app.add_typer(keyrings.app, name="keys")
app.add_typer(ledgers.app, name="ledger")
app.add_typer(outboxes.app, name="outbox")
app.add_typer(receipts.app, name="receipt")
app.add_typer(evaluations.app, name="eval")
app.add_typer(rules.app, name="rules")
app.add_typer(training.app, name="train")
