"""What `fraud` is asked about a request, and what its signals may do here: inform, ask, or call a person (I4)."""

import re
from collections.abc import Iterable

from austa.kernel.ids import MemberId, SubjectId
from austa.modules.fraud.api import (
    EarlierItem,
    IncludedPair,
    MaterialReference,
    Place,
    Registration,
    RequestFacts,
    ScreenedItem,
    ScreenedMaterial,
    ScreenedMember,
    ScreenedPaper,
    ScreenedReceipt,
    ScreenedRefund,
    ScreenedRequester,
    Signal,
    Traits,
)
from austa.modules.prior_auth.api.refunds import Refund
from austa.modules.prior_auth.api.requests import AskedMaterial, RuleFired
from austa.modules.prior_auth.domain.coverage import CoveragePack
from austa.modules.prior_auth.domain.facts import Facts, ItemFacts, PastItem, ProviderFacts

SIGNALS = "SINAL"
_SIGNAL = re.compile(r"R\d\d")
GIVEN_UP = frozenset({"DENIED", "CANCELLED", "EXPIRED"})


def is_signal(rule: str) -> bool:
    """Whether a rule's id is that of a signal."""
    return _SIGNAL.fullmatch(rule) is not None


def without_signals(rules: Iterable[str]) -> tuple[str, ...]:
    """Ids of rules as everybody may read them: signals, however many, become `SINAL` in the place of the first."""
    return tuple(dict.fromkeys(SIGNALS if is_signal(rule) else rule for rule in rules))


def fired_by(signals: tuple[Signal, ...]) -> list[RuleFired]:
    """Signals as rules that fired. Their effects are among those of every rule, and none of them denies."""
    return [
        RuleFired(
            id=signal.id,
            version=signal.version,
            effect=signal.effect,
            text=signal.text,
            evidence=tuple(each.reveal() for each in signal.evidence),
        )
        for signal in signals
    ]


def question_of(
    facts: Facts,
    pack: CoveragePack,
    *,
    subject_id: SubjectId,
    family_id: MemberId,
    zone: str,
    registration: Registration | None = None,
    papers: tuple[ScreenedPaper, ...] = (),
) -> RequestFacts:
    """The facts of a request as `fraud` is asked about them, with what the pack knows of the items."""
    return RequestFacts(
        request_id=facts.request_id,
        kind=facts.kind,
        channel=facts.channel,
        urgent=facts.urgent,
        on=facts.on,
        zone=zone,
        member=_member(facts, subject_id, family_id),
        items=tuple(_item(line, pack) for line in facts.items),
        materials=tuple(_material(each, pack) for each in facts.materials),
        included=_included(facts, pack),
        cids=facts.cids,
        given=facts.given,
        requester=_requester(facts, registration),
        place=_place(facts.provider),
        papers=papers,
        earlier=tuple(map(_earlier, facts.history)),
        refund=_refund(facts.refund) if facts.refund else None,
    )


def _member(facts: Facts, subject_id: SubjectId, family_id: MemberId) -> ScreenedMember:
    member = facts.member
    waits = [each.ends_on for each in member.waiting_periods if each.kind == "other"]
    return ScreenedMember(
        member_id=member.member_id,
        subject_id=subject_id,
        family_id=family_id,
        sex=member.sex,
        birth_date=member.birth_date,
        deceased_on=member.deceased_on,
        excluded_on=member.excluded_on,
        waited_until=max(waits, default=None),
    )


def _item(line: ItemFacts, pack: CoveragePack) -> ScreenedItem:
    known = pack.find_item(line.tuss)
    return ScreenedItem(
        tuss=line.tuss,
        quantity=line.quantity,
        laterality=line.laterality,
        amount_centavos=line.amount_centavos,
        place=_place(line.provider),
        scheduled_at=line.scheduled_at,
        traits=Traits(
            routine=known.routine,
            recurring=known.recurring,
            imaging=known.imaging,
            elective_only=known.elective_only,
            special_materials=known.special_materials,
            sex=known.sex,
        )
        if known
        else None,
    )


def _material(asked: AskedMaterial, pack: CoveragePack) -> ScreenedMaterial:
    known = pack.find_material(asked.description)
    return ScreenedMaterial(
        quantity=asked.quantity,
        unit_price_centavos=asked.unit_price.centavos if asked.unit_price else None,
        maker=asked.maker,
        reference=MaterialReference(
            description=known.description,
            reference_centavos=known.reference_centavos,
            per_segment=known.per_segment,
            extra=known.extra,
            clause=known.source.clause,
        )
        if known
        else None,
    )


def _included(facts: Facts, pack: CoveragePack) -> tuple[IncludedPair, ...]:
    asked = {line.tuss for line in facts.items}
    return tuple(
        IncludedPair(items=pair.items, text=pair.text) for pair in pack.unbundled_pairs if asked.issuperset(pair.items)
    )


def _requester(facts: Facts, registration: Registration | None) -> ScreenedRequester | None:
    if facts.requester is None or registration is None:
        return None
    return ScreenedRequester(
        registration=registration, known=facts.requester.known, good_standing=facts.requester.good_standing
    )


def _earlier(past: PastItem) -> EarlierItem:
    return EarlierItem(
        protocol=past.protocol,
        tuss=past.tuss,
        asked_on=past.asked_on,
        laterality=past.laterality,
        living=past.state not in GIVEN_UP,
        issued=past.state == "ISSUED",
    )


def _refund(refund: Refund) -> ScreenedRefund:
    return ScreenedRefund(
        receipts=tuple(
            ScreenedReceipt(
                number=each.number, issued_on=each.issued_on, amount_centavos=each.amount.centavos, issuer=each.issuer
            )
            for each in refund.receipts
        ),
        ceiling_centavos=refund.ceiling.centavos if refund.ceiling else None,
        account_of=refund.account_of,
    )


def _place(provider: ProviderFacts | None) -> Place | None:
    if provider is None:
        return None
    return Place(
        provider_id=provider.provider_id,
        state=provider.state,
        latitude_e6=provider.latitude_e6,
        longitude_e6=provider.longitude_e6,
    )
