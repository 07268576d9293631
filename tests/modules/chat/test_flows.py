"""Flows as a member meets them: several wishes at once, lists and numbers, the protocol of a contact, coming back."""

import json
import re
from datetime import timedelta

import pytest

from austa.modules.chat.domain import texts
from austa.modules.chat.domain.choices import chosen_number
from austa.modules.chat.domain.contacts import protocol_of
from austa.modules.chat.domain.turn import DialogueState
from tests.conftest import TODAY
from tests.modules.chat.conftest import Line

PROTOCOL = re.compile(r"Protocolo deste atendimento: (345678\d{14})$")


class TestSeveralWishes:
    async def test_each_is_answered_in_the_order_it_was_said(self, line: Line) -> None:
        await line.is_linked()
        said = await line.says("quero saber do meu pedido e marcar consulta")
        assert said == [texts.NO_REQUESTS.text, texts.ASK_SPECIALTY.text]

    async def test_what_was_wanted_before_identification_is_all_remembered(self, line: Line) -> None:
        await line.says("quero saber do meu pedido e marcar consulta")
        await line.taps("Aceito")
        await line.says("52998224725")
        assert await line.says("482913") == [texts.LINKED, texts.NO_REQUESTS.text, texts.ASK_SPECIALTY.text]

    async def test_manners_beside_a_wish_cost_no_message(self, line: Line) -> None:
        await line.is_linked()
        assert await line.says("obrigada, e meu pedido já saiu?") == [texts.NO_REQUESTS.text]

    async def test_a_question_beside_a_wish_is_answered_too(self, line: Line) -> None:
        await line.is_linked()
        said = await line.says("como faço para pedir reembolso? e quero saber do meu pedido")
        assert said == [texts.PLAN_QUESTION.text, texts.NO_REQUESTS.text]


class TestOptions:
    async def test_more_than_three_come_as_a_list(self, line: Line) -> None:
        await line.agrees()
        (body,) = [sent for sent in line.graph.sent if sent["type"] == "interactive"][-1:]
        assert body["interactive"]["type"] == "list"
        assert body["interactive"]["action"]["button"] == "Ver opções"
        assert await line.chooses("Dúvida sobre o plano") == [texts.ASK_PLAN.text]

    async def test_a_typed_number_chooses_what_was_shown_last(self, line: Line) -> None:
        await line.agrees()
        assert await line.says("5") == [texts.ASK_PLAN.text]
        assert await line.says("opção 1") == [texts.HANDED_OVER.text]

    async def test_a_number_that_was_not_offered_is_no_choice(self, line: Line) -> None:
        await line.agrees()
        assert await line.says("9") == [texts.NOT_UNDERSTOOD.text]

    async def test_a_typed_number_chooses_a_button_of_an_emergency_reply(self, line: Line) -> None:
        await line.agrees()
        await line.says("tô com um aperto no peito e suando frio")
        assert await line.says("2") == [texts.HELP_COMING.text]

    async def test_an_unknown_button_is_understood_by_its_title(self, line: Line) -> None:
        await line.is_linked()
        assert await line.taps_id("of:yesterday", "Ver meu pedido") == [texts.NO_REQUESTS.text]

    @pytest.mark.parametrize(
        ("typed", "number"),
        [("1", 1), (" 2. ", 2), ("opção 3", 3), ("A segunda", 2), ("número 1", 1), ("123456", None), ("1 mg", None)],
    )
    def test_how_numbers_are_typed(self, typed: str, number: int | None) -> None:
        assert chosen_number(typed) == number


class TestProtocol:
    async def test_a_contact_gets_one_that_is_told_once(self, line: Line) -> None:
        (first,) = await line.says("oi")
        found = PROTOCOL.search(first)
        assert found is not None
        assert await line.query("select protocol from chat.contact") == [found[1]]
        assert not any("atendimento:" in said for said in await line.taps("Aceito"))

    async def test_after_a_days_silence_it_is_another(self, line: Line) -> None:
        await line.agrees()
        line.clock.advance(timedelta(hours=25))
        (again,) = await line.says("quais hospitais eu posso ir?")
        assert PROTOCOL.search(again) is not None
        assert len(set(await line.query("select protocol from chat.contact"))) == 2

    async def test_two_messages_at_once_are_one_contact(self, line: Line) -> None:
        await line.post(line.message("text", {"body": "oi"}))
        await line.post(line.message("text", {"body": "bom dia"}))
        await line.work()
        assert len(await line.query("select protocol from chat.contact")) == 1

    async def test_an_emergency_reply_stays_short_and_the_next_one_tells_it(self, line: Line) -> None:
        (urgent,) = await line.says("tô com um aperto no peito e suando frio")
        assert "Protocolo" not in urgent
        (told,) = await line.says("já liguei para eles, obrigada")
        assert PROTOCOL.search(told) is not None

    async def test_where_somebody_dangerous_may_read_it_is_not_told(self, line: Line) -> None:
        await line.says("meu marido me bateu")
        assert not any("Protocolo" in said for said in await line.says("obrigada"))

    def test_no_request_of_the_day_has_the_number_of_a_contact(self) -> None:
        day = TODAY.date()
        assert protocol_of("345678", day, 1) == "34567820261121500000"
        assert len(protocol_of("345678", day, 500_000)) == 20


class TestStatesOfOtherVersions:
    def read(self, **raw: object) -> DialogueState:
        return DialogueState.resumed(json.dumps({"consent": "given", **raw}))

    def test_a_state_from_before_flows_had_versions_goes_on(self) -> None:
        state = self.read(awaiting="order", wish="authorization")
        assert (state.flow, state.flow_version, state.awaiting) == ("authorization", 1, "order")

    @pytest.mark.parametrize(
        "raw",
        [
            {"awaiting": "order", "flow": "authorization", "flow_version": 99},
            {"awaiting": "a step of tomorrow", "flow": "authorization", "flow_version": 1},
            {"awaiting": "x", "flow": "a flow of tomorrow", "flow_version": 1},
        ],
    )
    def test_a_question_that_is_not_known_is_asked_anew_with_what_was_learned(self, raw: dict[str, object]) -> None:
        draft = {"asked_at": "2026-11-21T15:00:00Z", "wished_tuss": ["41101316"]}
        state = self.read(wish="authorization", draft=draft, **raw)
        assert (state.awaiting, state.flow, state.wish) == (None, None, "authorization")
        assert state.draft is not None
        assert state.draft.wished_tuss == ("41101316",)

    def test_a_wish_that_is_not_known_is_dropped(self) -> None:
        state = self.read(wish="tomorrow", later=["status", "tomorrow"])
        assert (state.wish, state.later) == (None, ("status",))


class TestSymptoms:
    async def notes(self, line: Line) -> list[str]:
        found = await line.chat.hand_overs.open(line.nurse, await line.conversation_id())
        return [entry.text.reveal() for entry in found.entries if entry.text is not None]

    async def test_an_interview_ends_with_a_nurse_who_reads_all_of_it(self, line: Line) -> None:
        await line.agrees()
        (question,) = await line.says("uma coceira no braço")
        while list(line.graph.buttons()) == ["Sim", "Não", "Não sei"]:
            assert question.endswith(texts.IF_WORSE)
            (question,) = await line.taps("Não")
        assert question == texts.ASK_WHO.text
        assert await line.taps("Eu") == [texts.ASK_SINCE.text]
        assert await line.says("faz uma semana") == [texts.ASK_STRENGTH.text]
        assert await line.taps("Fraco") == [texts.NURSE_READS.text]
        (note,) = await self.notes(line)
        assert "Contou: uma coceira no braço" in note
        assert "Desde quando: faz uma semana" in note
        assert "Quão forte: Fraco" in note
        assert "Nível proposto: verde" in note
        assert (await line.events("chat.hand_over_requested.v1"))[-1]["reason"] == "symptoms"

    async def test_a_sign_of_danger_is_answered_at_once_and_a_nurse_is_called(self, line: Line) -> None:
        await line.agrees()
        await line.says("dor no joelho")
        (said,) = await line.taps("Sim")
        assert "192" in said
        (task,) = await line.tasks()
        assert task.category == "several_signs"

    async def test_danger_in_an_answer_is_answered_at_once(self, line: Line) -> None:
        await line.agrees()
        await line.says("dor no joelho")
        (said,) = await line.says("e agora tô com um aperto no peito e suando frio")
        assert "192 (SAMU)" in said
        assert len(await line.tasks()) == 1

    async def test_what_was_said_before_consent_is_not_asked_for_again(self, line: Line) -> None:
        await line.says("dor no joelho")
        (question,) = await line.taps("Aceito")
        assert question.endswith(texts.IF_WORSE)
        assert question != texts.ASK_COMPLAINT.text

    async def test_without_words_they_are_asked_for(self, line: Line) -> None:
        await line.agrees()
        assert await line.chooses("Não estou bem") == [texts.ASK_COMPLAINT.text]
        assert (await line.says("dor no joelho"))[0].endswith(texts.IF_WORSE)


class TestAppointment:
    async def test_a_person_gets_what_where_and_when(self, line: Line) -> None:
        await line.is_linked()
        assert await line.says("quero marcar cardiologista") == [texts.ASK_PLACE.text]
        assert await line.says("perto da minha casa") == [texts.ASK_TIME.text]
        assert await line.says("1") == [texts.APPOINTMENT.text]
        found = await line.chat.hand_overs.open(line.nurse, await line.conversation_id())
        (note,) = [entry.text.reveal() for entry in found.entries if entry.text is not None]
        expected = ["Especialidade: Cardiologia", "Onde: perto da minha casa", "Quando: De manhã"]
        assert note.splitlines()[1:] == expected

    async def test_a_specialty_that_is_not_on_the_list_may_be_written(self, line: Line) -> None:
        await line.is_linked()
        assert await line.says("marcar consulta") == [texts.ASK_SPECIALTY.text]
        assert await line.says("Campinas") == [texts.ASK_PLACE.text]


class TestAfterMonths:
    async def test_an_unfinished_request_is_asked_about_and_goes_on(self, line: Line) -> None:
        await line.is_linked()
        line.clock.advance(timedelta(days=90))
        (again,) = await line.says("oi")
        assert again.startswith(texts.STILL_OPEN.text)
        assert (await line.taps("Sim, continuar")) == [texts.ASK_ORDER.text]

    async def test_or_is_left(self, line: Line) -> None:
        await line.is_linked()
        line.clock.advance(timedelta(days=90))
        await line.says("oi")
        assert await line.taps("Não, deixar") == [texts.LEFT_OPEN.text]
        assert await line.says("oi") == [texts.WELCOME.text]
