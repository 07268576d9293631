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
        assert said == [texts.NO_REQUESTS.text, texts.APPOINTMENT.text]

    async def test_what_was_wanted_before_identification_is_all_remembered(self, line: Line) -> None:
        await line.says("quero saber do meu pedido e marcar consulta")
        await line.taps("Aceito")
        await line.says("52998224725")
        assert await line.says("482913") == [texts.LINKED, texts.NO_REQUESTS.text, texts.APPOINTMENT.text]

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
