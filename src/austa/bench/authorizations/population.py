"""Who asks: synthetic members, professionals, a hospital, and the analyst whose system hands the requests in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx2
import numpy as np

from austa.kernel.actors import Caller
from austa.kernel.errors import Unexpected
from austa.kernel.ids import MemberId, OperatorId, ProviderId
from austa.kernel.personal import Personal
from austa.modules.identity.api import NewStaff
from austa.modules.members.api import NewContract, NewMember
from austa.modules.providers.api import NewProfessional, NewProvider
from austa.runtime.compose import House

REGISTRY = "999998"
EMAIL = "bench@austa.invalid"
WORD = "Bench-das-Autorizações-9"
MEMBERS = 8_000
"""Each may ask four or five times on one day: enough for two searches for the highest rate."""
PROFESSIONALS = 200
ROUTED_SHARE = 0.1
AUTOMATIC = ("40304361", "40302040", "40301630", "40805018", "40901122", "40201120", "40311210", "40302580")
"""Items of the demonstration's coverage pack that rules approve: laboratory, X-ray, ultrasound, endoscopy."""
FOR_PEOPLE = ("41001079", "41101014")
"""Tomography and magnetic resonance of the same pack: a physician looks."""


@dataclass
class Population:
    """Ids of everybody, and a bearer token of the analyst. `asked`: the items of each member so far."""

    operator_id: OperatorId
    members: tuple[MemberId, ...]
    provider_id: ProviderId
    token: str
    asked: dict[MemberId, set[str]] = field(default_factory=dict)
    turn: int = 0

    def request(self, draw: np.random.Generator, asked_at: str) -> dict[str, Any]:
        """A complete request as a clinic's system sends it. Members ask in turn and for nothing twice: what was asked
        before on the same day goes to a person, and the share of those would grow with every offering.

        Raises `Unexpected` `bench.population_used_up`."""
        member = self.members[self.turn % len(self.members)]
        self.turn += 1
        before = self.asked.setdefault(member, set())
        automatic = draw.random() >= ROUTED_SHARE
        left = [code for code in (AUTOMATIC if automatic else FOR_PEOPLE) if code not in before]
        if not left:
            raise Unexpected("bench.population_used_up", "every member asked for everything: offer for a shorter time")
        count = min(len(left), int(draw.choice((1, 1, 2, 3)))) if automatic else 1
        codes = draw.choice(left, count, replace=False)
        before.update(map(str, codes))
        return {
            "member_id": str(member),
            "channel": "api",
            "asked_at": asked_at,
            "items": [{"tuss": str(code)} for code in codes],
            "cids": ["Z00.0"],
            "indication": "Acompanhamento clínico de rotina, conforme pedido médico anexo.",
            "requester": {"name": "Médica do Benchmark", "council": "CRM", "uf": "SP", "number": _council(draw)},
            "provider_id": str(self.provider_id),
            "documents": [{"kind": "order"}],
        }


async def populate(house: House, address: str) -> Population:
    """Load everybody through the modules' doors, and sign the analyst in."""
    operator = await house.identity.ensure_operator(REGISTRY, "Operadora do Benchmark")
    caller = Caller.system(operator.id, "bench")
    today = house.platform.clock.now().date()
    await house.clocks.set_state(caller, "SP")
    analyst = NewStaff(
        email=Personal(EMAIL), name=Personal("Analista do Benchmark"), roles=frozenset({"authorization_analyst"})
    )
    await house.identity.ensure_staff(caller, analyst, Personal(WORD))
    await house.providers.save(caller, (_hospital(),), _professionals())
    contract = bench_contract(today)
    members = [bench_member(contract.number, serial, today) for serial in range(MEMBERS)]
    await house.members.save(caller, (contract,), tuple(members))
    ids = [await house.members.find_by_document(caller, member.card_number.reveal()) for member in members]
    hospital = await house.providers.find_by_code(caller, "bench-hospital")
    assert hospital is not None
    return Population(operator.id, _all_found(ids), hospital.id, await _sign_in(address))


async def _sign_in(address: str) -> str:
    async with httpx2.AsyncClient(base_url=address, timeout=30) as client:
        answer = await client.post("/api/v1/auth/login", json={"email": EMAIL, "password": WORD, "kind": "api"})
        answer.raise_for_status()
        return str(answer.json()["access_token"])


def _all_found(ids: Sequence[MemberId | None]) -> tuple[MemberId, ...]:
    found = tuple(each for each in ids if each is not None)
    assert len(found) == len(ids)
    return found


def _council(draw: np.random.Generator) -> str:
    return str(100_000 + int(draw.integers(PROFESSIONALS)))


def bench_contract(today: date) -> NewContract:
    return NewContract(
        number="BENCH-1",
        plan_name="Plano do Benchmark",
        ans_product=None,
        segmentation="outpatient_hospital_obstetrics",
        coverage_area="national",
        coverage_states=(),
        status="active",
        started_on=today - timedelta(days=2000),
        ended_on=None,
        waiting_periods=(),
    )


def bench_member(contract: str, serial: int, today: date) -> NewMember:
    return NewMember(
        contract_number=contract,
        card_number=Personal(f"{REGISTRY}{serial:012d}"),
        card_valid_until=today + timedelta(days=700),
        name=Personal(f"Pessoa Sintética {serial}"),
        birth_date=today - timedelta(days=365 * 20 + serial % 3_000 * 7),
        sex="F" if serial % 2 else "M",
        cpf=None,
        cns=None,
        relation="holder",
        holder_card=None,
        guardian_card=None,
        joined_on=today - timedelta(days=1900),
        excluded_on=None,
        phones=(),
        emails=(),
        restrictions=(),
        is_synthetic=True,
    )


def _hospital() -> NewProvider:
    return NewProvider(
        code="bench-hospital",
        name="Hospital do Benchmark",
        kind="hospital",
        cnpj="99999999000191",
        cnes="9999999",
        city="São Paulo",
        state="SP",
        latitude=None,
        longitude=None,
        in_network=True,
        suspended=False,
        specialties=(),
        is_synthetic=True,
    )


def _professionals() -> tuple[NewProfessional, ...]:
    return tuple(
        NewProfessional(
            name=Personal(f"Profissional Sintético {serial}"),
            council="CRM",
            state="SP",
            number=str(100_000 + serial),
            specialties=("clínica médica",),
            active=True,
            is_synthetic=True,
        )
        for serial in range(PROFESSIONALS)
    )
