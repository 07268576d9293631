"""What may be wrong with a contract or a person that an operator's system sends. Faults bear no values."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from types import MappingProxyType

from austa.kernel.personal import Personal
from austa.modules.members.api import NewContract, NewMember, WaitingPeriod
from austa.modules.members.domain.contacts import is_email, normal_phone
from austa.modules.members.domain.coverage import coverage_start, latest_restriction_end, latest_waiting_end
from austa.modules.members.domain.names import name_parts, tidy_name
from austa.modules.members.domain.numbers import digits_of, is_card, is_cns, is_cpf, normal_card
from austa.modules.providers.api import STATES

LONGEST_TEXT = 200
MOST_INSTALMENTS = 120
OLDEST_BIRTH = date(1890, 1, 1)

SENTENCES = MappingProxyType(
    {
        "missing": "Falta preencher este campo.",
        "too_long": "O texto é longo demais.",
        "unreadable": "Há um caractere que não é de texto.",
        "product_wrong": "O registro do produto na ANS tem até 20 letras ou números.",
        "state_unknown": "Há uma UF que não existe.",
        "states_missing": "Esta abrangência exige a lista de UFs.",
        "ends_before_start": "O fim é anterior ao início.",
        "valid_before_start": "A mudança não pode valer antes do início.",
        "instalments_wrong": "O número de mensalidades em aberto não é possível.",
        "reason_not_expected": "Um contrato ativo não tem motivo de suspensão.",
        "waiting_waived_wrong": "Quem não tem carência não pode ter datas de carência.",
        "waiting_too_long": "A carência passa do máximo da Lei 9.656/98, art. 12, V.",
        "waiting_repeated": "Há duas carências do mesmo tipo.",
        "card_wrong": "O número do cartão deve ter de 5 a 20 letras ou números.",
        "name_wrong": "O nome não tem letras.",
        "birth_date_wrong": "A data de nascimento não é possível.",
        "cpf_wrong": "O CPF está errado: confira os 11 números.",
        "cns_wrong": "O cartão do SUS está errado: confira os 15 números.",
        "holder_missing": "O dependente precisa do cartão do titular.",
        "holder_not_expected": "O titular não pode ter outro titular.",
        "own_relative": "A pessoa não pode ser titular ou responsável de si mesma.",
        "joined_before_birth": "A entrada no plano é anterior ao nascimento.",
        "phone_wrong": "Há um telefone que não existe no Brasil: use DDD e número.",
        "email_wrong": "Há um e-mail escrito errado.",
        "restriction_too_long": "A cobertura parcial passa de 24 meses.",
        "contract_unknown": "Não existe contrato com este número.",
        "holder_unknown": "Não existe pessoa com o cartão do titular.",
        "guardian_unknown": "Não existe pessoa com o cartão do responsável.",
    }
)


Fault = tuple[str, str]
"""A column and a key of `SENTENCES`: one thing wrong, without the value."""


def tidy_contract(new: NewContract) -> NewContract:
    """The same contract in normal writing; what has none stays as it was, for the checks to name."""
    return new.model_copy(
        update={
            "number": new.number.strip(),
            "plan_name": " ".join(new.plan_name.split()),
            "coverage_states": tuple(dict.fromkeys(state.strip().upper() for state in new.coverage_states)),
        }
    )


def tidy_member(new: NewMember) -> NewMember:
    """The same person in normal writing; what has none stays as it was, for the checks to name."""
    card = Personal(normal_card(new.card_number.reveal()))
    holder = _each(new.holder_card, normal_card)
    return new.model_copy(
        update={
            "contract_number": new.contract_number.strip(),
            "card_number": card,
            # Many systems write a holder's own card here.
            "holder_card": None if new.relation == "holder" and holder == card else holder,
            "guardian_card": _each(new.guardian_card, normal_card),
            "name": _each(new.name, tidy_name),
            "cpf": _each(new.cpf, digits_of),
            "cns": _each(new.cns, digits_of),
            "phones": _all(new.phones, lambda text: normal_phone(text) or text),
            "emails": _all(new.emails, str.strip),
        }
    )


def contract_faults(new: NewContract) -> Iterator[Fault]:
    """What is wrong with a tidy contract by itself."""
    for column, text in (("number", new.number), ("plan_name", new.plan_name)):
        if not text:
            yield (column, "missing")
        elif len(text) > LONGEST_TEXT:
            yield (column, "too_long")
        elif not text.isprintable():
            yield (column, "unreadable")
    if new.ans_product is not None and re.fullmatch(r"[0-9A-Za-z./-]{1,20}", new.ans_product) is None:
        yield ("ans_product", "product_wrong")
    if not set(new.coverage_states) <= STATES:
        yield ("coverage_states", "state_unknown")
    if new.coverage_area in {"state", "state_group"} and not new.coverage_states:
        yield ("coverage_states", "states_missing")
    if new.ended_on is not None and new.ended_on < new.started_on:
        yield ("ended_on", "ends_before_start")
    yield from _since_faults(new.valid_from, new.started_on)
    if new.unpaid_instalments is not None and not 0 <= new.unpaid_instalments <= MOST_INSTALMENTS:
        yield ("unpaid_instalments", "instalments_wrong")
    if new.status == "active" and new.status_reason is not None:
        yield ("status_reason", "reason_not_expected")
    yield from _waiver_faults(new)
    yield from _waiting_faults(new.waiting_periods, new.started_on)


def member_faults(new: NewMember, today: date) -> Iterator[Fault]:
    """What is wrong with a tidy person by itself."""
    yield from _identity_faults(new, today)
    yield from _family_faults(new)
    yield from _date_faults(new)
    if not all(normal_phone(phone.reveal()) for phone in new.phones):
        yield ("phones", "phone_wrong")
    if not all(is_email(email.reveal()) for email in new.emails):
        yield ("emails", "email_wrong")


def coverage_faults(new: NewMember, contract_started_on: date) -> Iterator[Fault]:
    """What is wrong with a person's waiting periods and restrictions, now that the contract is known."""
    start = coverage_start(contract_started_on, new.joined_on)
    yield from _waiting_faults(new.waiting_periods or (), start)
    if any(each.ends_on > latest_restriction_end(start) for each in new.restrictions or ()):
        yield ("restrictions", "restriction_too_long")


def _identity_faults(new: NewMember, today: date) -> Iterator[Fault]:
    if not new.contract_number:
        yield ("contract_number", "missing")
    if not is_card(new.card_number.reveal()):
        yield ("card_number", "card_wrong")
    if not name_parts(new.name.reveal()):
        yield ("name", "name_wrong")
    elif len(new.name.reveal()) > LONGEST_TEXT:
        yield ("name", "too_long")
    if not OLDEST_BIRTH <= new.birth_date <= today:
        yield ("birth_date", "birth_date_wrong")
    if new.cpf is not None and not is_cpf(new.cpf.reveal()):
        yield ("cpf", "cpf_wrong")
    if new.cns is not None and not is_cns(new.cns.reveal()):
        yield ("cns", "cns_wrong")


def _family_faults(new: NewMember) -> Iterator[Fault]:
    if new.relation == "dependent" and new.holder_card is None:
        yield ("holder_card", "holder_missing")
    if new.relation == "holder" and new.holder_card is not None:
        yield ("holder_card", "holder_not_expected")
    if new.relation == "dependent" and new.holder_card == new.card_number:
        yield ("holder_card", "own_relative")
    if new.guardian_card == new.card_number:
        yield ("guardian_card", "own_relative")


def _date_faults(new: NewMember) -> Iterator[Fault]:
    if new.joined_on < new.birth_date:
        yield ("joined_on", "joined_before_birth")
    if new.excluded_on is not None and new.excluded_on < new.joined_on:
        yield ("excluded_on", "ends_before_start")
    if new.deceased_on is not None and new.deceased_on < new.birth_date:
        yield ("deceased_on", "ends_before_start")
    yield from _since_faults(new.valid_from, new.joined_on)
    yield from _waiver_faults(new)


def _since_faults(valid_from: date | None, start: date) -> Iterator[Fault]:
    if valid_from is not None and valid_from < start:
        yield ("valid_from", "valid_before_start")


def _waiver_faults(new: NewContract | NewMember) -> Iterator[Fault]:
    if new.waiting_waived is not None and new.waiting_periods:
        yield ("waiting_waived", "waiting_waived_wrong")


def _waiting_faults(periods: Sequence[WaitingPeriod], start: date) -> Iterator[Fault]:
    kinds = [each.kind for each in periods]
    if len(set(kinds)) < len(kinds):
        yield ("waiting_periods", "waiting_repeated")
    for each in periods:
        if each.ends_on > latest_waiting_end(each.kind, start):
            yield (f"waiting_{each.kind}", "waiting_too_long")


def _each(text: Personal | None, change: Callable[[str], str]) -> Personal | None:
    return None if text is None else Personal(change(text.reveal()))


def _all(texts: Sequence[Personal], change: Callable[[str], str]) -> tuple[Personal, ...]:
    return tuple(dict.fromkeys(Personal(change(text.reveal())) for text in texts))
