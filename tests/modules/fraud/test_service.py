"""What `fraud` remembers from one request to the next, what it is told, and who may see what it found."""

from datetime import timedelta
from typing import Any

import pytest

from austa.kernel.errors import Forbidden, Invalid, NotFound
from austa.kernel.ids import CaseId, DecisionId, MemberId, RequestId, SubjectId, new_id
from austa.kernel.personal import Personal
from austa.modules.documents.api import FileMarks
from austa.modules.fraud.adapters.rules_file import rules_source
from austa.modules.fraud.api import NewVerdict, RequestFacts, ScreenedMember, ScreenedPaper
from austa.modules.prior_auth.events import RequestCancelled, RequestDecided
from tests.conftest import TODAY, staff
from tests.modules.fraud.conftest import CARD, OTHER_CARD, Watch
from tests.modules.fraud.pictures import (
    BREAST,
    DAY,
    GALLBLADDER,
    HEMOGRAM,
    MRI,
    a_document,
    a_material,
    a_member,
    a_place,
    a_refund,
    an_item,
    at,
    facts,
)

FAR = a_place("far", km_north=400)


def somebody(family: MemberId | None = None) -> ScreenedMember:
    """A person of their own, or of that family."""
    member = MemberId(new_id())
    return a_member(member_id=member, subject_id=SubjectId(member), family_id=family or member)


def known(watch: Watch, place: int = 0) -> ScreenedMember:
    """One of the people whom `members` knows."""
    member = watch.people[place].id
    return a_member(member_id=member, subject_id=SubjectId(member), family_id=member)


def asked(*items: Any, **changes: Any) -> RequestFacts:
    return facts(*items, **{"request_id": RequestId(new_id()), **changes})


async def test_two_requests_in_two_cities_see_each_other_once(watch: Watch) -> None:
    who = somebody()
    first = asked(an_item(scheduled_at=at(9)), member=who)
    second = asked(an_item(MRI, scheduled_at=at(10), place=FAR), member=who)
    assert await watch.signals(first) == []
    assert await watch.signals(second) == ["R07"]
    assert await watch.signals(second) == ["R07"]


@pytest.mark.parametrize("outcome", ["cancelled", "deny", "approve"])
async def test_what_was_given_up_is_compared_with_nothing(watch: Watch, outcome: Any) -> None:
    who = somebody()
    first = asked(an_item(scheduled_at=at(9)), member=who)
    await watch.signals(first)
    await watch.tell(
        RequestCancelled(request_id=first.request_id, reason="member")
        if outcome == "cancelled"
        else RequestDecided(
            request_id=first.request_id,
            decision_id=DecisionId(new_id()),
            case_id=CaseId(new_id()),
            outcome=outcome,
            by="somebody",
            digest="0" * 64,
            rules_version="1",
        )
    )
    second = asked(an_item(MRI, scheduled_at=at(10), place=FAR), member=who)
    assert await watch.signals(second) == (["R07"] if outcome == "approve" else [])


async def test_receipts_of_a_family_are_read_together_and_of_strangers_apart(watch: Watch) -> None:
    mother = somebody()
    refund = {"kind": "reimbursement", "refund": a_refund((1041, 9000), (1042, 9000))}
    assert await watch.signals(asked(member=mother, **refund)) == []
    more = {"kind": "reimbursement", "refund": a_refund((1043, 9000), (1044, 9000))}
    assert await watch.signals(asked(member=somebody(), **more)) == []
    assert await watch.signals(asked(member=somebody(mother.member_id), **more)) == ["R12"]


@pytest.mark.parametrize(
    ("how", "text"),
    [
        ("copies_of", "O mesmo arquivo já veio no pedido de outra pessoa."),
        ("same_photo_as", "A mesma foto, ou outra quase igual do mesmo papel, já veio no pedido de outra pessoa."),
    ],
)
async def test_the_same_file_counts_only_in_another_family(watch: Watch, how: str, text: str) -> None:
    mother = somebody()
    first = asked(member=mother, papers=(ScreenedPaper(document_id=a_document("first")),), on=DAY)
    await watch.signals(first)
    own = ScreenedPaper(document_id=a_document("own"))
    again = (own, ScreenedPaper.model_validate({"document_id": a_document("second"), how: (a_document("first"),)}))
    assert await watch.signals(asked(member=somebody(mother.member_id), papers=again)) == []
    (signal,) = (await watch.fraud.signals_for(watch.system, asked(member=somebody(), papers=again))).signals
    assert (signal.id, signal.effect, signal.text) == ("R14", "route", text)
    assert [each.reveal() for each in signal.evidence] == [
        "arquivo 2 deste pedido",
        f"o outro pedido é de {DAY:%d/%m/%Y}",
    ]
    assert signal.other_requests == (first.request_id,)


async def test_a_pdf_is_asked_how_it_was_made(watch: Watch) -> None:
    watch.files.marks[a_document("pdf")] = FileMarks(made_by="Adobe Photoshop 25", changed_after_signature=False)
    papers = (ScreenedPaper(document_id=a_document("pdf"), is_pdf=True), ScreenedPaper(document_id=a_document("jpg")))
    assert await watch.signals(asked(member=somebody(), papers=papers)) == ["R15"]


async def test_a_provider_is_compared_with_its_own_weeks(watch: Watch) -> None:
    place = a_place("busy")
    for week in range(8, 0, -1):
        for _ in range(2):
            on = TODAY.date() - timedelta(days=7 * week)
            await watch.signals(asked(member=somebody(), place=place, on=on))
    today = [asked(member=somebody(), place=place, on=TODAY.date()) for _ in range(20)]
    found = [await watch.signals(each) for each in today]
    assert found == [[]] * 19 + [["R26"]]
    # Looked at again, it is not counted again.
    assert await watch.signals(today[0]) == ["R26"]
    assert await watch.signals(asked(member=somebody(), place=a_place("quiet"))) == []


async def test_an_urgency_that_is_none_is_remembered_of_the_provider(watch: Watch) -> None:
    place = a_place("pressing")
    found = [await watch.signals(asked(an_item(BREAST), member=somebody(), place=place, urgent=True)) for _ in range(3)]
    assert found == [[], [], ["R30"]]


SERVICES = "line;card;provider;council;uf;number;tuss;side;day;time;minutes\n"


async def test_a_bill_makes_rules_see(watch: Watch) -> None:
    who = known(watch)
    assert {"R10", "R11"} <= await watch.blind(asked(member=who))
    bills = SERVICES + (
        f"1;{CARD};near;;;;{GALLBLADDER};;01/02/2020;;\n"
        f"2;{CARD};near;CRM;SP;900010;{HEMOGRAM};;20/11/2026;09:00;60\n"
        f"3;{OTHER_CARD};far;CRM;SP;900010;{HEMOGRAM};;20/11/2026;09:30;60\n"
    )
    dry = await watch.fraud.import_csv(watch.system, "services", bills, dry_run=True)
    assert (dry.lines, dry.created, dry.problems) == (3, 3, ())
    assert {"R10", "R11"} <= await watch.blind(asked(member=who))
    await watch.fraud.import_csv(watch.system, "services", bills, dry_run=False)
    again = await watch.fraud.import_csv(watch.system, "services", bills, dry_run=False)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)
    assert await watch.signals(asked(an_item(GALLBLADDER), member=who)) == ["R06", "R11"]
    assert await watch.signals(asked(an_item(GALLBLADDER), member=known(watch, 1), requester=None)) == []


async def test_a_stay_makes_its_rule_see(watch: Watch) -> None:
    table = f"card;provider;since;until\n{CARD};far;15/11/2026;\n"
    await watch.fraud.import_csv(watch.system, "admissions", table, dry_run=False)
    assert await watch.signals(asked(an_item(scheduled_at=at(9)), member=known(watch))) == ["R08"]
    assert await watch.signals(asked(an_item(scheduled_at=at(9)), member=known(watch, 1))) == []


async def test_an_owner_makes_its_rule_see(watch: Watch) -> None:
    table = "council;uf;number;supplier\nCRM;SP;900010;Alfa.\n"
    await watch.fraud.import_csv(watch.system, "owners", table, dry_run=False)
    assert await watch.signals(asked(an_item("30715016", quantity=3), materials=(a_material(),))) == ["R17"]
    assert await watch.signals(asked(an_item("30715016", quantity=3), materials=(a_material(maker="Beta"),))) == []


async def test_opening_hours_make_their_rule_see(watch: Watch) -> None:
    table = "provider;weekday;opens;closes\nnear;segunda;07:00;19:00\n"
    await watch.fraud.import_csv(watch.system, "openings", table, dry_run=False)
    place = a_place().model_copy(update={"provider_id": watch.near.id})
    assert await watch.signals(asked(an_item(MRI, scheduled_at=at(9, days=3)), place=place, member=somebody())) == []
    assert await watch.signals(asked(an_item(MRI, scheduled_at=at(9, days=4)), place=place, member=somebody())) == [
        "R23"
    ]


async def test_a_device_makes_its_rule_see(watch: Watch) -> None:
    cards = [each.card_number.reveal() for each in watch.people]
    uses = "".join(f"{card};aparelho;abc-123;21/11/2026;10:{at}0\n" for at, card in enumerate(cards))
    table = f"card;kind;device;day;time\n{uses}"
    await watch.fraud.import_csv(watch.system, "devices", table, dry_run=False)
    assert await watch.signals(asked(channel="portal", member=known(watch))) == ["R29"]
    assert await watch.signals(asked(channel="whatsapp", member=known(watch))) == []


async def test_one_wrong_line_writes_nothing(watch: Watch) -> None:
    good = f"{CARD};far;15/11/2026;\n"
    table = f"card;provider;since;until\n{good}123;nowhere;15/11/2026;14/11/2026\n{good}"
    report = await watch.fraud.import_csv(watch.system, "admissions", table, dry_run=False)
    assert [(each.line, each.code) for each in report.problems] == [
        (3, "order_wrong"),
        (3, "card_unknown"),
        (3, "provider_unknown"),
        (4, "repeated"),
    ]
    assert "R08" in await watch.blind(asked())


async def test_an_operators_own_numbers_are_in_force_and_named(watch: Watch) -> None:
    own = (
        rules_source()
        .replace(b'"version": "2026.11.1"', b'"version": "own.1"')
        .replace(b'"effect": "inform"', b'"effect": "route"', 1)
    )
    assert not (await watch.fraud.rules(watch.system)).own
    await watch.fraud.set_rules(watch.system, own, dry_run=True)
    assert not (await watch.fraud.rules(watch.system)).own
    in_force = await watch.fraud.set_rules(watch.system, own, dry_run=False)
    assert (await watch.fraud.rules(watch.system)) == in_force
    screening = await watch.fraud.signals_for(watch.system, asked(an_item("30306027"), cids=()))
    assert (screening.rules_version, screening.rules_digest) == ("own.1", in_force.digest)


async def test_rules_that_cannot_be_are_not_put_in_force(watch: Watch) -> None:
    with pytest.raises(Invalid):
        await watch.fraud.set_rules(watch.system, b"{}", dry_run=False)


async def test_who_audits_sees_the_signals_and_the_look_is_recorded(watch: Watch) -> None:
    care = asked(an_item(BREAST, quantity=3), member=somebody())
    refund = asked(kind="reimbursement", refund=a_refund((1, 900), account="someone_else"), member=somebody())
    for each in (care, refund):
        await watch.signals(each)
    physician, analyst, nurse = (
        staff(watch.system.operator_id, role) for role in ("medical_auditor", "authorization_analyst", "nurse_auditor")
    )
    kept = await watch.fraud.screening(physician, care.request_id)
    assert [signal.id for signal in kept.screening.signals] == ["R21"]
    assert {rule.id for rule in kept.blind} == set(kept.screening.blind)
    assert watch.privacy.looks == [(physician.actor, care.member.subject_id, "authorization")]
    assert (await watch.fraud.screening(analyst, refund.request_id)).screening.signals[0].id == "R28"
    for caller, request in ((nurse, care), (nurse, refund), (analyst, care)):
        with pytest.raises(Forbidden):
            await watch.fraud.screening(caller, request.request_id)
    with pytest.raises(NotFound):
        await watch.fraud.screening(physician, RequestId(new_id()))


async def test_staff_raise_no_signals_and_only_the_administrator_imports(watch: Watch) -> None:
    physician = staff(watch.system.operator_id, "medical_auditor", "technical_director")
    with pytest.raises(Forbidden):
        await watch.fraud.signals_for(physician, asked())
    with pytest.raises(Forbidden):
        await watch.fraud.import_csv(physician, "owners", "", dry_run=True)
    with pytest.raises(Forbidden):
        await watch.fraud.set_rules(physician, rules_source(), dry_run=True)


class TestVerdicts:
    """People say whether a signal was right; that is about the rule, and decides nothing."""

    async def found(self, watch: Watch) -> RequestFacts:
        who = known(watch)
        await watch.signals(asked(an_item(scheduled_at=at(9)), member=who))
        second = asked(an_item(MRI, scheduled_at=at(10), place=FAR), member=who)
        assert await watch.signals(second) == ["R07"]
        return second

    async def test_the_last_word_counts_and_is_counted_by_rule(self, watch: Watch) -> None:
        second = await self.found(watch)
        auditor = staff(watch.system.operator_id, "medical_auditor")
        for verdict, reason in (("unclear", "Ligar para a clínica."), ("not_confirmed", "Foi por vídeo.")):
            said = NewVerdict(verdict=verdict, reason=Personal(reason))
            assert (await watch.fraud.judge(auditor, second.request_id, "R07", said)).verdict == verdict
        (kept,) = (await watch.fraud.screening(auditor, second.request_id)).verdicts
        assert (kept.rule, kept.verdict, kept.reason, kept.by) == (
            "R07",
            "not_confirmed",
            Personal("Foi por vídeo."),
            auditor.actor,
        )
        figures = {one.id: one for one in await watch.fraud.figures(auditor)}
        assert (figures["R07"].not_confirmed, figures["R07"].unclear, len(figures)) == (1, 0, 30)

    async def test_only_of_what_was_found_by_whoever_may_see_it_and_with_a_reason(self, watch: Watch) -> None:
        second = await self.found(watch)
        auditor, nurse = (staff(watch.system.operator_id, role) for role in ("medical_auditor", "nurse_auditor"))
        said = NewVerdict(verdict="confirmed", reason=Personal("Visto no mapa."))
        with pytest.raises(Forbidden):
            await watch.fraud.judge(nurse, second.request_id, "R07", said)
        with pytest.raises(NotFound) as absent:
            await watch.fraud.judge(auditor, second.request_id, "R01", said)
        with pytest.raises(Invalid) as bare:
            await watch.fraud.judge(
                auditor, second.request_id, "R07", NewVerdict(verdict="unclear", reason=Personal(" "))
            )
        assert [absent.value.code, bare.value.code] == ["fraud.no_such_signal", "fraud.reason_missing"]
