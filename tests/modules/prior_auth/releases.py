"""Released decisions for tests: complete ones, to be spoiled one field at a time."""

from datetime import timedelta
from typing import Any

from austa.kernel.ids import PrincipalId, RequestId, derived_id, new_id
from austa.kernel.personal import Personal
from austa.modules.prior_auth.api.requests import (
    ContactReference,
    OpinionReference,
    ReleasedDecision,
    Requester,
)
from austa.modules.prior_auth.domain.authority import ItemAsked
from tests.conftest import TODAY

REQUESTER = Requester(name=Personal("Renato Demo"), council="CRM", uf="SP", number="900010")
DIRECTOR = PrincipalId(derived_id("director"))
AUDITOR = PrincipalId(derived_id("auditor"))
ITEMS = (ItemAsked(0, 2),)
TEXT = (
    "O pedido não foi aprovado. O motivo está na cláusula 9.1 do seu contrato. Você pode pedir nova análise na"
    " ouvidoria do plano, sem custo."
)


def an_opinion(**changes: Any) -> OpinionReference:
    given: dict[str, Any] = {
        "opinion_id": new_id(),
        "author": AUDITOR,
        "council": "CRM",
        "uf": "SP",
        "number": "900102",
        "conclusion": "unfavourable",
        "written_at": TODAY,
    }
    return OpinionReference(**{**given, **changes})


def a_denial(**changes: Any) -> ReleasedDecision:
    given: dict[str, Any] = {
        "request_id": RequestId(derived_id("request")),
        "expected_version": 4,
        "case_id": None,
        "outcome": "deny",
        "ground": "clinical",
        "released_by": DIRECTOR,
        "releaser_roles": frozenset({"technical_director"}),
        "released_at": TODAY,
        "reason_codes": ("1438",),
        "legal_basis": "RN ANS 465/2021, Anexo II, diretriz 27",
        "member_text": TEXT,
        "evidence": ("document:1/page:2",),
        "opinions": (an_opinion(),),
        "contacts": (
            ContactReference(contact_id=new_id(), made_by=AUDITOR, at=TODAY - timedelta(hours=2), with_requester=True),
        ),
    }
    return ReleasedDecision(**{**given, **changes})
