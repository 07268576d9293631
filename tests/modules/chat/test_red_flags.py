"""An emergency is answered at once and put before a nurse, in every state of the conversation."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from austa.kernel.errors import NotFound, Unavailable
from austa.kernel.ids import new_id
from austa.kernel.personal import Personal
from austa.modules.chat.api.conversations import TriageTask
from austa.modules.language.domain.intents import Bars, Scores
from austa.modules.language.service import LanguageService
from tests.fakes.documents import Paper, read_line
from tests.modules.chat.conftest import ME, Line

CHEST = "tô com um aperto no peito e suando frio"
Prepare = Callable[[Line], Awaitable[object]]


async def new(line: Line) -> None:
    """Nobody has written yet."""


async def consent_asked(line: Line) -> None:
    await line.says("oi")


async def consent_refused(line: Line) -> None:
    await line.says("oi")
    await line.taps("Não aceito")


async def unlinked(line: Line) -> None:
    await line.agrees()


async def awaiting_code(line: Line) -> None:
    await line.agrees()
    await line.says("quero pedir autorização")
    await line.says("52998224725")


async def reading(line: Line) -> None:
    await line.is_linked()
    line.announce(b"order", Paper())
    await line.post(line.message("image", {"id": f"media-{b'order'.hex()}"}))
    await line.drain()


async def handed_over(line: Line) -> None:
    await line.agrees()
    await line.says("quero falar com atendente")
    await line.chat.send(line.nurse, "hello-0001", await line.conversation_id(), Personal("Olá, sou a Marta."))
    await line.work()


async def opted_out(line: Line) -> None:
    await line.agrees()
    await line.says("sair")


async def interviewing(line: Line) -> None:
    await line.agrees()
    await line.says("dor no joelho")


async def booking(line: Line) -> None:
    await line.is_linked()
    await line.says("marcar consulta")


async def asked_for_whom(line: Line) -> None:
    await line.is_linked()
    await line.says("agora é para minha mãe")


async def back_after_months(line: Line) -> None:
    await line.is_linked()
    line.clock.advance(timedelta(days=90))


async def the_same_again(line: Line) -> None:
    await line.says(CHEST)


STATES: list[Prepare] = [
    new,
    consent_asked,
    consent_refused,
    unlinked,
    awaiting_code,
    reading,
    handed_over,
    opted_out,
    interviewing,
    booking,
    asked_for_whom,
    back_after_months,
    the_same_again,
]


@pytest.mark.parametrize("prepare", STATES, ids=lambda prepare: prepare.__name__)
async def test_it_is_answered_at_once_and_nothing_else_is_said(line: Line, prepare: Prepare) -> None:
    await prepare(line)
    before, tasks = len(line.graph.sent), len(await line.tasks())
    await line.post(line.message("text", {"body": CHEST}))
    await line.drain()
    (said,) = line.graph.texts()[before:]
    assert "192 (SAMU)" in said
    assert len(await line.tasks()) == tasks + 1
    task = (await line.tasks())[-1]
    assert (task.level, task.category, task.state) == ("RED", "cardiac", "open")
    assert (task.excerpt.reveal(), task.due_at - task.opened_at) == (CHEST, timedelta(minutes=1))
    assert task.phone is not None
    assert (task.phone.reveal(), task.reply_status) == ("+" + ME, "sent")


KINDS = {
    "quero me matar": "188",
    "meu marido me bateu": "190",
    "tomei a cartela toda de remédio": "0800-722-6001",
    "minha boca e a língua incharam e a garganta tá fechando": "192",
    "bebê de 2 meses molinho e com febre": "192",
    "grávida e sangrando muito": "192",
}


@pytest.mark.parametrize("prepare", [new, handed_over, opted_out, booking], ids=lambda prepare: prepare.__name__)
async def test_every_kind_names_its_number_and_an_earlier_reply_excuses_none(line: Line, prepare: Prepare) -> None:
    await prepare(line)
    before = len(await line.tasks())
    for words, number in KINDS.items():
        line.clock.advance(timedelta(minutes=6))
        assert number in (await line.says(words))[0], words
    assert len(await line.tasks()) == before + len(KINDS)


FORMS: dict[str, tuple[str, Callable[[str], dict[str, Any]]]] = {
    "a correction": ("edit", lambda words: {"original_message_id": "wamid.1", "message": text(words)}),
    "a corrected caption": ("edit", lambda words: {"original_message_id": "wamid.1", "message": photo(words)}),
    "a caption": ("image", lambda words: photo(words)["image"]),
    "the caption of a video": ("video", lambda words: {"id": "9", "mime_type": "video/mp4", "caption": words}),
    "the caption of a file": ("document", lambda words: {"id": "9", "mime_type": "x/y", "caption": words}),
    "a template's button": ("button", lambda words: {"payload": "unknown", "text": words}),
    "an unknown button": ("interactive", lambda words: tapped("button_reply", words)),
    "an unknown row": ("interactive", lambda words: tapped("list_reply", words)),
}
DISCREET = ("não posso falar alto, ele tá aqui do lado", "pode mandar alguém fingindo que é entrega de pizza", *KINDS)


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": words}}


def photo(words: str) -> dict[str, Any]:
    return {"type": "image", "image": {"id": "9", "mime_type": "image/jpeg", "caption": words}}


def tapped(kind: str, words: str) -> dict[str, Any]:
    return {"type": kind, kind: {"id": "unknown", "title": words}}


@pytest.mark.parametrize("prepare", [new, handed_over, opted_out], ids=lambda prepare: prepare.__name__)
async def test_in_whatever_form_it_comes(line: Line, prepare: Prepare) -> None:
    await prepare(line)
    tasks = len(await line.tasks())
    for number, (form, (kind, body)) in enumerate(FORMS.items(), start=1):
        words = DISCREET[number % len(DISCREET)]
        line.clock.advance(timedelta(minutes=6))
        before = len(line.graph.sent)
        await line.post(line.message(kind, body(words)))
        await line.drain()
        said = line.graph.texts()[before]
        assert KINDS.get(words, "190") in said, form
        assert len(await line.tasks()) == tasks + number, form


async def test_it_is_answered_while_an_earlier_turn_fails_and_after_it_was_parked(line: Line) -> None:
    with line.no_turns(Unavailable("fake.away", "not now")):
        await line.post(line.message("text", {"body": "oi"}))
        await line.drain()
        for _ in range(14):
            await line.post(line.message("text", {"body": CHEST}))
            await line.drain()
            assert "192" in line.graph.texts()[-1]
            line.clock.advance(timedelta(minutes=6))
    # Nobody acknowledged, so each was told of 192 again.
    assert len([text for text in line.graph.texts() if "ainda não conseguiu" not in text]) == 14


async def test_a_parked_turn_does_not_silence_the_conversation(line: Line) -> None:
    with line.no_turns(ValueError("poison")):
        await line.post(line.message("text", {"body": "oi"}))
        for _ in range(5):
            await line.drain()
            line.clock.advance(timedelta(minutes=6))
    assert "assistente automática" in (await line.says("oi de novo"))[0]


@pytest.mark.parametrize("late_first", [False, True])
async def test_two_halves_within_five_minutes_are_read_together(line: Line, late_first: bool) -> None:
    halves = [line.message("text", {"body": "tô com dor"}), line.message("text", {"body": "no peito"})]
    for half in reversed(halves) if late_first else halves:
        await line.post(half)
        await line.work()
    assert sum("192 (SAMU)" in said and "Ligue agora" in said for said in line.graph.texts()) == 1
    assert len(await line.tasks()) == 1


async def test_halves_that_lie_further_apart_are_not(line: Line) -> None:
    await line.says("tô com dor")
    line.clock.advance(timedelta(minutes=6))
    await line.says("no peito")
    assert await line.tasks() == []


async def test_a_late_message_says_so(line: Line) -> None:
    webhook = line.message("text", {"body": CHEST})
    line.clock.advance(timedelta(hours=2))
    await line.post(webhook)
    await line.work()
    assert line.graph.texts()[-1].startswith("Sua mensagem chegou com atraso.")


async def test_a_message_days_late_opens_its_task_though_no_reply_can_be_sent(line: Line) -> None:
    webhook = line.message("text", {"body": CHEST})
    line.clock.advance(timedelta(days=6))
    await line.post(webhook)
    await line.work()
    assert line.graph.sent == []
    assert (await line.tasks())[0].reply_status == "failed"


async def test_an_orange_flag_gives_the_nurse_five_minutes(line: Line) -> None:
    (said,) = await line.says("olho vermelho com muita dor e vista embaçada")
    assert "pronto-socorro" in said
    (task,) = await line.tasks()
    assert (task.level, task.due_at - task.opened_at) == ("ORANGE", timedelta(minutes=5))


class TestDoubtfulFlags:
    async def test_one_that_may_be_past_is_asked_and_opens_no_task(self, line: Line) -> None:
        (said,) = await line.says("tive dor no peito semana passada")
        assert "192" in said
        assert await line.tasks() == []

    @pytest.mark.parametrize("typed", [False, True])
    async def test_yes_now_is_an_emergency(self, line: Line, typed: bool) -> None:
        await line.says("tive dor no peito semana passada")
        (said,) = await line.says("sim, agora") if typed else await line.taps("Sim, agora")
        assert "192 (SAMU)" in said
        (task,) = await line.tasks()
        assert (task.level, task.category, task.rules) == ("RED", "cardiac", ("cardiac.chest_pain",))

    async def test_not_now_goes_on_where_we_were(self, line: Line) -> None:
        await line.agrees()
        await line.says("quero pedir uma autorização")
        await line.says("não estou com dor no peito")
        said = await line.taps("Não é agora")
        assert "192" in said[0]
        assert "CPF" in said[1]
        assert await line.tasks() == []


class TestButtonsOfTheReplies:
    async def test_called_already(self, line: Line) -> None:
        await line.says(CHEST)
        assert "Você fez bem em ligar" in (await line.taps("Já liguei"))[0]
        assert len(await line.tasks()) == 1

    @pytest.mark.parametrize("typed", [False, True])
    async def test_needing_help_calls_the_nurse_again(self, line: Line, typed: bool) -> None:
        await line.says(CHEST)
        (said,) = await line.says("preciso de ajuda") if typed else await line.taps("Preciso de ajuda")
        assert "192" in said
        assert [task.level for task in await line.tasks()] == ["RED", "RED"]

    async def test_on_the_way(self, line: Line) -> None:
        await line.says("olho vermelho com muita dor e vista embaçada")
        assert "192" in (await line.taps("Estou indo"))[0]

    async def test_not_being_safe_is_an_alarm(self, line: Line) -> None:
        await line.says("quero me matar")
        (said,) = await line.taps("Não estou")
        assert "192" in said
        assert "188" in said
        assert [task.category for task in await line.tasks()] == ["self_harm", "self_harm"]

    @pytest.mark.parametrize("title", ["Estou em segurança", "Quero falar já"])
    async def test_others_are_answered_while_a_person_comes(self, line: Line, title: str) -> None:
        await line.says("quero me matar")
        (said,) = await line.taps(title)
        assert "pessoa da equipe" in said

    @pytest.mark.parametrize("title", ["Posso escrever", "Agora não", "Prefiro ligação"])
    async def test_discreet_ones_get_neutral_answers(self, line: Line, title: str) -> None:
        await line.says("meu marido me bateu")
        (said,) = await line.taps(title)
        assert said.startswith("Certo.")


class TestAfterAnAlarm:
    async def test_words_that_ask_nothing_else_are_taken_to_be_about_it(self, line: Line) -> None:
        await line.says(CHEST)
        assert "enfermeira foi avisada" in (await line.says("estou sozinha"))[0]
        line.clock.advance(timedelta(minutes=31))
        await line.work()
        assert "assistente automática" in (await line.says("oi"))[0]

    async def test_a_wish_beside_it_is_remembered_from_that_moment(self, line: Line) -> None:
        asked_at = line.clock.now() + timedelta(seconds=7)
        await line.says("preciso autorizar uma ressonância do joelho, estou com muita dor no peito")
        line.clock.advance(timedelta(hours=1))
        await line.work()
        await line.agrees()
        await line.says("52998224725")
        await line.says("482913")
        await line.sends_photo(b"order", Paper(lines=(read_line("41101316"),)))
        assert line.prior_auth.asked[0].asked_at == asked_at

    @pytest.mark.parametrize("words", ["meu marido me bateu", "quero me matar"])
    async def test_nothing_follows_that_was_not_asked_for(self, line: Line, words: str) -> None:
        await line.is_linked()
        await line.says(words)
        line.clock.advance(timedelta(days=1))
        before = len(line.graph.sent)
        await line.notify()
        await line.work()
        assert len(line.graph.sent) == before
        assert (await line.events("chat.notification_failed.v1"))[-1]["reason"] == "quiet"
        assert (await line.events("chat.hand_over_requested.v1"))[-1]["reason"] == "distress"

    async def test_a_paper_that_is_read_after_words_of_violence_is_not_spoken_about(self, line: Line) -> None:
        await line.is_linked()
        line.announce(b"order", Paper(lines=(read_line("41101316"),)))
        await line.post(line.message("image", {"id": f"media-{b'order'.hex()}"}))
        await line.drain()
        await line.says("meu marido me bateu")
        assert "registr" not in line.graph.texts()[-1]
        assert line.prior_auth.asked == []


class TestTasks:
    async def open_task(self, line: Line) -> TriageTask:
        await line.says(CHEST)
        return (await line.tasks())[0]

    async def test_an_unacknowledged_one_escalates_when_its_time_is_up(self, line: Line) -> None:
        await self.open_task(line)
        line.clock.advance(timedelta(seconds=59))
        await line.work()
        assert (await line.tasks())[0].state == "open"
        line.clock.advance(timedelta(seconds=2))
        await line.work()
        assert (await line.tasks())[0].state == "escalated"
        (changed,) = await line.events("chat.triage_task_changed.v1")
        assert changed["state"] == "escalated"

    async def test_a_nurse_acknowledges_once_and_it_stays_so(self, line: Line) -> None:
        task, nurse = await self.open_task(line), line.nurse
        taken = await line.chat.acknowledge(nurse, task.id)
        again = await line.chat.acknowledge(line.nurse, task.id)
        assert taken == again
        assert (taken.state, taken.acknowledged_by) == ("acknowledged", nurse.id)
        line.clock.advance(timedelta(minutes=2))
        await line.work()
        assert await line.tasks() == []
        page = await line.chat.triage_tasks(nurse, "all", None, 10)
        assert [task.state for task in page.items] == ["acknowledged"]

    async def test_red_comes_before_orange_and_pages_go_on(self, line: Line) -> None:
        await line.says("olho vermelho com muita dor e vista embaçada")
        await line.says(CHEST, sender="5511900000002")
        assert [task.level for task in await line.tasks()] == ["RED", "ORANGE"]
        first = await line.chat.triage_tasks(line.nurse, "all", None, 1)
        rest = await line.chat.triage_tasks(line.nurse, "all", first.next_cursor, 1)
        assert [task.level for task in (*first.items, *rest.items)] == ["RED", "ORANGE"]
        assert rest.next_cursor is None

    async def test_the_nurse_sees_that_the_reply_did_not_arrive(self, line: Line) -> None:
        await self.open_task(line)
        await line.echo(0, "failed", errors=[{"code": 131026}])
        assert (await line.tasks())[0].reply_status == "failed"

    async def test_another_operators_task_is_not_found(self, line: Line) -> None:
        task = await self.open_task(line)
        with pytest.raises(NotFound):
            await line.chat.acknowledge(line.nurse.model_copy(update={"operator_id": new_id()}), task.id)


class Worried:
    """A model that reads an emergency in everything."""

    bars = Bars(enough=0.4, also=0.4, emergency=0.5, doubted=0.9)
    version = "test"

    def read(self, texts: Sequence[str]) -> tuple[Scores, ...]:
        return tuple(Scores(intents=(("general_inquiry", 0.9), ("none", 0.1)), emergency=0.9) for _ in texts)


async def test_what_only_the_second_reader_finds_is_answered_and_put_before_a_nurse(
    line: Line, language: LanguageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await line.is_linked()
    monkeypatch.setitem(language.__dict__, "_model", Worried())
    (said,) = await line.says("mudou de novo agora à tarde")
    assert "192" in said
    (task,) = await line.tasks()
    assert (task.level, task.category, task.rules) == ("ORANGE", "several_signs", ("second_reader",))
    assert task.due_at - task.opened_at == timedelta(minutes=5)


async def test_an_emergency_that_rules_find_never_waits_for_the_model(
    line: Line, language: LanguageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(language.__dict__, "_model", None)
    with line.no_turns(Unavailable("fake.away", "no model")):
        await line.post(line.message("text", {"body": CHEST}))
        await line.drain()
    assert "192 (SAMU)" in line.graph.texts()[-1]
