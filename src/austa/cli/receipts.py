"""`austa receipt`: take a decision's receipt out, verify it offline, decide again from it."""

from hashlib import sha256
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from austa.cli.command import AsJson, DataFolder, OfOperator, caller_for, print_json, run, say_error, settings_for
from austa.infra.access import Access
from austa.infra.processes import write_private
from austa.kernel.actors import Caller
from austa.kernel.errors import Invalid, NotFound, Unavailable
from austa.kernel.ids import DecisionId, OperatorId
from austa.kernel.signing import VerifierKey
from austa.modules.prior_auth.adapters.coverage_file import pack_source
from austa.modules.prior_auth.adapters.rule_code import rule_code_digest
from austa.modules.prior_auth.adapters.rules_files import load_seeds
from austa.modules.prior_auth.domain.receipt import FORMAT_1, Receipt, read_receipt
from austa.modules.prior_auth.domain.replay import Difference
from austa.modules.prior_auth.domain.rule_sets import SETS
from austa.modules.prior_auth.service.replaying import FindRules, Replay, replay
from austa.runtime.place import open_house, postgres_folder

app = typer.Typer(help="Signed receipts of decisions: export, verify, replay.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Register the commands."""
    root.add_typer(app, name="receipt")


ReceiptFile = Annotated[Path, typer.Argument(metavar="FILE", help="A receipt.", exists=True, dir_okay=False)]
TrustedKey = Annotated[str | None, typer.Option("--key", help="The operator's public key that you trust.")]


@app.command(epilog="Example: austa receipt export 01a2028f-61d9-76c6-9f18-17ed61d73208 receipt.json")
def export(
    decision_id: Annotated[UUID, typer.Argument(metavar="DECISION_ID")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write; must not exist yet.")],
    data: DataFolder = None,
    operator: OfOperator = None,
) -> None:
    """Write a decision's receipt to a file that only you may read. The look at each person's data is recorded.

    The file holds health data in clear, but for people who were erased.
    """
    settings = settings_for("receipt", data, log_level="error")

    async def go() -> bytes:
        if file.exists():
            raise Invalid("cli.file_exists", f"{file} exists already")
        async with open_house(settings) as house:
            return await house.receipts.export(await caller_for(house.identity, operator), DecisionId(decision_id))

    write_private(file, run(go()))
    print(f"{file}: written. Verify it with: austa receipt verify {file}")


@app.command(epilog="Example: austa receipt key")
def key(data: DataFolder = None, operator: OfOperator = None) -> None:
    """Print the operator's public key, for verifiers to trust."""
    settings = settings_for("receipt", data, log_level="error")

    async def go() -> str:
        async with open_house(settings) as house:
            return await house.receipts.public_key(await caller_for(house.identity, operator))

    print(run(go()))


@app.command(epilog="Example: austa receipt verify receipt.json --key austa.…/receipts+1a2b3c4d+…")
def verify(file: ReceiptFile, trusted: TrustedKey = None, as_json: AsJson = False) -> None:
    """Verify a receipt offline: signature, every disclosed value, and form. Exit code 1 when anything is wrong."""
    receipt = _read(file, trusted)
    if as_json:
        print_json(_verdict(receipt, trusted))
    else:
        _print_verdict(receipt, trusted)
    if receipt.faults:
        raise typer.Exit(1)


@app.command("replay", epilog="Example: austa receipt replay receipt.json --json")
def replay_command(
    file: ReceiptFile,
    rules: Annotated[
        list[Path] | None, typer.Option("--rules", help="A pack or tables kept elsewhere; may repeat.", exists=True)
    ] = None,
    trusted: TrustedKey = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Verify a receipt, then decide again from its facts and the rules it names, and say what differs.

    Rules are looked for by digest: in the files named, in this version of AUSTA, then in the operator's database. A
    person's decision is theirs: the assessment they saw is made anew, and whether the decision was permitted.

    Exit codes: 0 the same decision; 1 something differs, or the receipt is not whole; 69 it cannot be replayed,
    because facts were erased or the rules are not at hand.
    """
    receipt = _read(file, trusted)
    if receipt.faults and receipt.format != FORMAT_1:
        _print_verdict(receipt, trusted)
        raise typer.Exit(1)
    seeds = {name: seed.xml for name, seed in load_seeds(SETS).items()}
    texts = (pack_source(), *seeds.values(), *(path.read_bytes() for path in rules or []))
    at_hand = {sha256(text).hexdigest(): text for text in texts}
    done = run(replay(receipt, _finder(at_hand, receipt, data), Access(), rule_code_digest(), seeds))
    if as_json:
        print_json({"identical": done.identical, **_replayed(done)})
    else:
        for found in done.differences:
            print(f"  {_line(found)}")
        for note in done.notes:
            print(f"  note: {note}")
        print("The same decision." if done.identical else "THE DECISION DIFFERS.")
    if not done.identical:
        raise typer.Exit(1)


def _finder(at_hand: dict[str, bytes], receipt: Receipt, data: Path | None) -> FindRules:
    async def find(digest: str) -> bytes:
        return at_hand[digest] if digest in at_hand else await _from_database(digest, receipt, data)

    return find


async def _from_database(digest: str, receipt: Receipt, data: Path | None) -> bytes:
    """The rules as this installation keeps them. A verifier's machine has none, and must not begin one."""
    settings = settings_for("receipt", data, log_level="error")
    if settings.database_url is None and not postgres_folder(settings.data).exists():
        raise _not_at_hand(digest)
    async with open_house(settings) as house:
        known = receipt.document.get("operator")
        caller = Caller.system(OperatorId(UUID(known)), "cli") if known else await caller_for(house.identity, None)
        try:
            return await house.receipts.rules(caller, digest)
        except NotFound:
            raise _not_at_hand(digest) from None


def _not_at_hand(digest: str) -> Unavailable:
    return Unavailable(
        "cli.rules_not_at_hand", f"the rules with the digest {digest} are not here: name them by --rules"
    )


def _read(file: Path, trusted: str | None) -> Receipt:
    try:
        return read_receipt(file.read_bytes(), VerifierKey.parse(trusted) if trusted else None)
    except ValueError as error:
        say_error(Invalid("cli.not_a_receipt", str(error)))
        raise typer.Exit(1) from None


def _verdict(receipt: Receipt, trusted: str | None) -> dict[str, object]:
    return {
        "ok": not receipt.faults,
        "key_trusted": trusted is not None and not receipt.faults,
        "format": receipt.format,
        "digest": receipt.digest,
        "key": str(receipt.key) if receipt.key else None,
        "disclosed": receipt.disclosed,
        "withheld": receipt.withheld,
        "faults": receipt.faults,
    }


def _print_verdict(receipt: Receipt, trusted: str | None) -> None:
    print(f"{receipt.format}, digest {receipt.digest}")
    for fault in receipt.faults:
        print(f"  {fault}")
    if receipt.withheld:
        print(f"  not shown, erased or left out: {', '.join(receipt.withheld)}")
    print("The receipt is whole." if not receipt.faults else "THE RECEIPT IS NOT WHOLE.")
    if trusted is None and receipt.key is not None:
        print("The key in the file was not checked: name the key that you trust with --key.")


def _replayed(done: Replay) -> dict[str, object]:
    return {
        "differences": [{"field": each.field, "kept": each.kept, "now": each.now} for each in done.differences],
        "notes": done.notes,
    }


def _line(found: Difference) -> str:
    return f"{found.field}: kept {found.kept!r}, now {found.now!r}"
