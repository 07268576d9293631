"""The case: what it shows, who takes it, contacts, opinions."""

from datetime import timedelta

import pytest

from austa.kernel.actors import Caller
from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from austa.kernel.ids import CaseId, DocumentId, OperatorId, ProviderId, new_id
from austa.kernel.personal import Personal
from austa.modules.medical_audit.api.cases import EvidencePin, OpinionAsked
from austa.modules.medical_audit.events import OpinionRecorded
from tests.conftest import TODAY, staff
from tests.modules.medical_audit.conftest import Desk, a_contact, an_opinion


class TestShowing:
    async def test_everything_about_a_case_in_one_answer(self, desk: Desk) -> None:
        place = desk.providers.put(desk.operator_id, "Imagem Campinas")
        line = await desk.route(desk.request(provider_id=place.id))
        await desk.talk(line.id)
        await desk.opine(line.id, "favourable")
        view = await desk.case(line.id)
        assert view.member.name == Personal("Severino Lopes Damasceno")
        assert view.provider == place
        assert view.request.request_id == line.request_id
        assert [contact.summary for contact in view.contacts] == [Personal("Conversamos sobre a indicação.")]
        assert [(o.author.name.reveal(), o.council) for o in view.opinions] == [("Helena Prado", "CRM-SP 104233")]
        assert view.release is None

    async def test_the_timeline_tells_what_happened_and_who_did_it(self, desk: Desk) -> None:
        line = await desk.route()
        desk.clock.advance(timedelta(minutes=1))
        await desk.talk(line.id)
        desk.clock.advance(timedelta(minutes=1))
        await desk.opine(line.id, "unfavourable")
        told = [(entry.text.reveal(), entry.actor.reveal()) for entry in (await desk.case(line.id)).timeline]
        assert told == [
            ("Encaminhado para auditoria médica", "AUSTA"),
            ("Caso aberto", "AUSTA"),
            ("Contato registrado", "Helena Prado"),
            ("Parecer: desfavorável", "Helena Prado"),
        ]

    async def test_a_look_is_written_down(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.case(line.id)
        system = Caller.system(desk.operator_id, "privacy")
        subject = await desk.members.subject(system, line.member.id)
        (entry,) = (await desk.privacy.list_access(system, subject)).items
        assert (entry.actor, entry.what, entry.why) == (desk.physician.id, "case", "medical_audit")
        assert entry.resource_id == line.id

    async def test_a_provider_nobody_knows_hides_nothing_else(self, desk: Desk) -> None:
        line = await desk.route(desk.request(provider_id=ProviderId(new_id())))
        assert (await desk.case(line.id)).provider is None

    async def test_another_operators_case_does_not_exist(self, desk: Desk) -> None:
        line = await desk.route()
        stranger = staff(OperatorId(new_id()), "technical_director")
        with pytest.raises(NotFound) as missing:
            await desk.audit.get(stranger, line.id)
        assert missing.value.code == "medical_audit.no_such_case"

    async def test_written_texts_lie_sealed(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.talk(line.id)
        await desk.opine(line.id, "favourable")
        async with desk.platform.database.for_module("medical_audit").transaction(desk.physician) as tx:
            for table, column in (("contact", "summary"), ("opinion", "body")):
                (row,) = await tx.connection.exec_driver_sql(f"select {column} from medical_audit.{table}")
                assert "indicação".encode() not in row[0]


class TestAssigning:
    async def test_take_it_and_give_it_back(self, desk: Desk) -> None:
        line = await desk.route()
        taken = await desk.audit.assign(desk.physician, line.id, to_me=True, version=line.version)
        assert taken.assigned_to is not None
        assert taken.assigned_to.name == Personal("Helena Prado")
        back = await desk.audit.assign(desk.physician, line.id, to_me=False, version=taken.version)
        assert back.assigned_to is None

    async def test_of_two_who_take_it_at_once_one_is_told(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.audit.assign(desk.physician, line.id, to_me=True, version=line.version)
        with pytest.raises(Conflict) as stale:
            await desk.audit.assign(desk.nurse, line.id, to_me=True, version=line.version)
        assert stale.value.code == "medical_audit.stale_version"

    async def test_a_closed_case_is_nobodys(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.cancel(line.request_id)
        await desk.work()
        version = (await desk.case(line.id)).case.version
        with pytest.raises(Conflict) as closed:
            await desk.audit.assign(desk.physician, line.id, to_me=True, version=version)
        assert closed.value.code == "medical_audit.case_closed"


class TestContacts:
    async def test_a_contact_names_who_made_it(self, desk: Desk) -> None:
        line = await desk.route()
        contact = await desk.audit.add_contact(desk.nurse, line.id, a_contact(TODAY, with_whom="provider"))
        assert (contact.made_by.name.reveal(), contact.with_whom) == ("Marta Reis", "provider")
        assert (await desk.case(line.id)).contacts == (contact,)

    async def test_a_contact_has_happened(self, desk: Desk) -> None:
        line = await desk.route()
        with pytest.raises(Invalid) as future:
            await desk.talk(line.id, at=TODAY + timedelta(hours=1))
        assert future.value.code == "medical_audit.contact_in_future"

    @pytest.mark.parametrize("summary", ["", "   ", "x" * 20_001])
    def test_a_contact_says_something(self, summary: str) -> None:
        with pytest.raises(ValueError, match="say something"):
            a_contact(TODAY, summary=Personal(summary))

    async def test_nothing_is_added_to_a_closed_case(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.cancel(line.request_id)
        await desk.work()
        with pytest.raises(Conflict):
            await desk.talk(line.id)
        with pytest.raises(Conflict):
            await desk.opine(line.id, "favourable")


class TestOpinions:
    async def test_opinions_stand_beside_each_other(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.opine(line.id, "needs_information")
        await desk.opine(line.id, "favourable", desk.director)
        opinions = (await desk.case(line.id)).opinions
        assert [(opinion.kind, opinion.author.name.reveal()) for opinion in opinions] == [
            ("needs_information", "Helena Prado"),
            ("favourable", "Otávio Lins"),
        ]

    async def test_evidence_pins_come_back_as_they_were_set(self, desk: Desk) -> None:
        line = await desk.route()
        pin = EvidencePin(document_id=DocumentId(new_id()), page=2, note=Personal("medida do menisco"))
        await desk.audit.write_opinion(desk.physician, line.id, an_opinion("unfavourable", (pin,)))
        assert (await desk.case(line.id)).opinions[0].evidence == (pin,)

    async def test_a_nurse_writes_on_nursing_matters_only(self, desk: Desk) -> None:
        nursing = await desk.route(desk.request(state="IN_NURSE_REVIEW"), queue="nurse")
        medical = await desk.route()
        await desk.opine(nursing.id, "favourable", desk.nurse)
        with pytest.raises(Forbidden):
            await desk.opine(medical.id, "favourable", desk.nurse)

    async def test_an_analyst_writes_none(self, desk: Desk) -> None:
        line = await desk.route()
        with pytest.raises(Forbidden):
            await desk.opine(line.id, "favourable", desk.analyst)

    @pytest.mark.parametrize(
        ("council", "own"), [("CRM-SP 98412", True), ("CRM-SP 098412", True), ("CRM-RJ 98412", False)]
    )
    async def test_nobody_judges_what_they_ordered(self, desk: Desk, council: str, own: bool) -> None:
        line = await desk.route()
        person = desk.person("Paulo Teixeira", "medical_auditor", council=council)
        allowed = (await desk.case(line.id, person)).allowed_actions
        assert ("opinion:write" in allowed) is not own
        assert ("decision:approve" in allowed) is not own
        if own:
            with pytest.raises(Forbidden):
                await desk.opine(line.id, "favourable", person)
            with pytest.raises(Forbidden):
                await desk.decide(line.id, person)
        else:
            await desk.opine(line.id, "favourable", person)

    async def test_an_opinion_is_told_to_the_ledger_by_digest(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.opine(line.id, "favourable")
        opinion = (await desk.case(line.id)).opinions[0]
        await desk.seal()
        entry = await desk.ledger.get_entry(desk.physician, opinion.id)
        assert (entry.kind, entry.state) == (OpinionRecorded.TYPE, "sealed")

    async def test_no_opinion_while_a_decision_is_on_its_way(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.decide(line.id)
        with pytest.raises(Conflict) as under_way:
            await desk.opine(line.id, "unfavourable")
        assert under_way.value.code == "medical_audit.release_under_way"

    def test_an_opinion_gives_reasons(self) -> None:
        with pytest.raises(ValueError, match="say something"):
            OpinionAsked(kind="favourable", text=Personal("\n"))


class TestAllowedActions:
    async def test_each_role_sees_its_own_buttons(self, desk: Desk) -> None:
        line = await desk.route()
        assert await decisions(desk, line.id, desk.physician) == {"approve", "request_information"}
        assert await decisions(desk, line.id, desk.analyst) == {"approve", "request_information"}
        assert await decisions(desk, line.id, desk.director) == {
            "approve",
            "approve_in_part",
            "deny",
            "request_information",
        }

    async def test_an_administrative_return_lies_where_administrative_questions_lie(self, desk: Desk) -> None:
        line = await desk.route(desk.request(state="ADMIN_REVIEW"), queue="administrative")
        assert "administrative_return" in await decisions(desk, line.id, desk.analyst)
        assert "administrative_return" not in await decisions(desk, line.id, desk.physician)

    async def test_nothing_is_asked_before_urgent_care(self, desk: Desk) -> None:
        line = await desk.route(desk.request(character="urgent"))
        assert await decisions(desk, line.id, desk.physician) == {"approve"}

    async def test_care_that_was_given_is_only_confirmed(self, desk: Desk) -> None:
        line = await desk.route(desk.request(character="urgent", state="ISSUED"), post_facto=True)
        assert await decisions(desk, line.id, desk.director) == {"approve"}

    async def test_a_refund_never_enters_the_clinical_path(self, desk: Desk) -> None:
        line = await desk.route(desk.request(kind="reimbursement", state="IN_MANUAL_REVIEW"), queue="manual")
        assert await decisions(desk, line.id, desk.director) == {
            "approve",
            "request_information",
            "administrative_return",
        }

    async def test_a_closed_case_offers_the_proof_only(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.cancel(line.request_id)
        await desk.work()
        assert (await desk.case(line.id)).allowed_actions == ("ledger:read", "signal:read")


async def decisions(desk: Desk, case_id: CaseId, caller: Caller) -> set[str]:
    allowed = (await desk.case(case_id, caller)).allowed_actions
    return {action.removeprefix("decision:") for action in allowed if action.startswith("decision:")}
