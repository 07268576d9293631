"""`austa operator` and `austa staff`: life without the demo."""

from typing import Annotated, cast, get_args

import typer

from austa.cli.clocks import NATION, state_of
from austa.cli.command import AsJson, DataFolder, OfOperator, caller_for, print_json, run, settings_for
from austa.kernel.actors import Caller, Role
from austa.kernel.clock import BRASILIA
from austa.kernel.holidays import STATES
from austa.kernel.personal import Personal
from austa.modules.identity.api import CouncilName, CouncilRegistration, NewStaff, Operator, StartedInvitation
from austa.runtime.place import open_house

operator = typer.Typer(help="Operators (tenants).", no_args_is_help=True)
staff = typer.Typer(help="Staff of an operator.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Register the commands."""
    root.add_typer(operator, name="operator")
    root.add_typer(staff, name="staff")


@operator.command(epilog="Example: austa operator create 123456 'Operadora Exemplo' --state SP")
def create(
    registry: Annotated[str, typer.Argument(help="ANS registry, six digits.")],
    name: Annotated[str, typer.Argument(help="Name that people know.")],
    state: Annotated[str, typer.Option(help="UF: its holidays count in legal terms. BR: the nation's alone.")] = NATION,
    zone: Annotated[
        str | None,
        typer.Option(help="IANA time zone: terms end at its midnight. Default: the state capital's."),
    ] = None,
    number: Annotated[list[str] | None, typer.Option(help="WhatsApp phone_number_id; may repeat.")] = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Create an operator and attach its WhatsApp numbers."""
    chosen = state_of(state)
    zone = zone or (STATES[chosen].zone if chosen else BRASILIA.key)
    settings = settings_for("operator", data, log_level="error")
    numbers = tuple(number or settings.whatsapp_numbers)

    async def go() -> Operator:
        async with open_house(settings) as house:
            made = await house.identity.create_operator(registry, name, zone)
            caller = Caller.system(made.id, "cli")
            await house.clocks.set_state(caller, chosen)
            for number_id in numbers:
                await house.chat.add_number(caller, number_id)
            return made

    made = run(go())
    if as_json:
        print_json(made.reveal_json() | {"numbers": numbers})
    else:
        print(
            f"{made.name} ({made.ans_registry}) was created. Next: austa staff invite E-MAIL NAME --role administrator"
        )


@staff.command(epilog="Example: austa staff invite ana@exemplo.com.br 'Ana Souza' --role administrator")
def invite(
    email: Annotated[str, typer.Argument(help="Where the invitation goes.")],
    name: Annotated[str, typer.Argument(help="Full name.")],
    role: Annotated[list[str], typer.Option(help=f"May repeat: {', '.join(get_args(Role))}.")],
    council: Annotated[CouncilName | None, typer.Option(help="CRM, COREN, …")] = None,
    council_uf: Annotated[str | None, typer.Option(help="UF of the council.")] = None,
    council_number: Annotated[str | None, typer.Option(help="Registration number.")] = None,
    operator_registry: OfOperator = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Invite a person; the mail follows when SMTP is set, and the link is printed here."""
    unknown = set(role) - set(get_args(Role))
    if unknown:
        raise typer.BadParameter(f"no such role: {', '.join(sorted(unknown))}")
    settings = settings_for("staff", data, log_level="error")
    registration = None
    if council and council_uf and council_number:
        registration = CouncilRegistration(council=council, uf=council_uf, number=Personal(council_number))
    roles = frozenset(cast(list[Role], role))
    person = NewStaff(email=Personal(email), name=Personal(name), roles=roles, council=registration)

    async def go() -> StartedInvitation:
        async with open_house(settings) as house:
            return await house.identity.invite(await caller_for(house.identity, operator_registry), person)

    started = run(go())
    link = f"{settings.public_url}/convite/{started.token.reveal()}"
    if as_json:
        print_json({"link": link, "expires_at": started.expires_at})
    else:
        print(f"Invited. The link works once, until {started.expires_at:%d/%m/%Y %H:%M} UTC:\n{link}")
