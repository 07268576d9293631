"""One phone of several people: each is verified, each is asked for by name, and nothing of one goes with another."""

import re
from datetime import date, timedelta

from austa.infra import telemetry
from austa.kernel.ids import MemberId
from austa.modules.chat.domain import texts
from austa.modules.chat.domain.choices import is_switch, told_apart
from austa.modules.chat.domain.dialogue.identification import CODES_A_DAY
from austa.modules.members.api import Member
from tests.fakes.documents import Paper, read_field, read_line
from tests.fakes.members import CODE, a_member
from tests.modules.chat.conftest import Line

KNEE = Paper(lines=(read_line("41101316"),))
BLOOD = Paper(lines=(read_line("40304361"),))


def mother(line: Line) -> Member:
    return line.members.add(a_member("Odete Amaral", "11144477735", "900100000000022"))


async def both(line: Line) -> Member:
    """Beatriz is verified, then her mother Odete, who is chosen now."""
    her = mother(line)
    await line.is_linked()
    await line.says("agora é para minha mãe")
    await line.taps("Outra pessoa")
    await line.says("11144477735")
    await line.says(CODE)
    return her


async def asked_for(line: Line) -> list[MemberId]:
    return [asked.member_id for asked in line.prior_auth.asked]


async def test_words_for_somebody_else_ask_for_whom_before_anything_is_shown(line: Line) -> None:
    await line.is_linked()
    (question,) = await line.says("quero ver o pedido do meu filho")
    assert question == "Para quem é?"
    assert list(line.graph.buttons()) == ["Beatriz", "Outra pessoa"]
    assert (await line.taps("Beatriz"))[0] == texts.NO_REQUESTS.text


async def test_somebody_else_is_verified_on_their_own_contact(line: Line) -> None:
    her = mother(line)
    await line.is_linked()
    await line.says("agora é para minha mãe")
    assert await line.taps("Outra pessoa") == [texts.ASK_IDENTITY_OTHER.text]
    assert await line.says("11144477735") == [texts.CODE_SENT.text]
    linked = await line.says(CODE)
    assert linked[0].startswith(texts.LINKED)
    links = await line.query("select member_id from chat.identity_link order by linked_at")
    assert links == [line.member.id, her.id]


async def test_a_request_goes_for_the_person_who_was_chosen(line: Line) -> None:
    her = await both(line)
    await line.sends_photo(b"for her", KNEE)
    assert await asked_for(line) == [her.id]
    await line.says("não é para mim")
    await line.taps("Beatriz")
    await line.sends_photo(b"for me", BLOOD)
    assert await asked_for(line) == [her.id, line.member.id]
    assert {d.subject for d in line.documents.kept.values()} == {her.id, line.member.id}


async def test_what_is_told_says_of_whom_and_is_of_nobody_else(line: Line) -> None:
    await both(line)
    await line.sends_photo(b"for her", KNEE)
    (told,) = await line.says("e meu pedido, já saiu?")
    assert told.startswith("Sobre Odete:\nPedido 00000020261121000001")
    await line.says("trocar de pessoa")
    (mine,) = await line.taps("Beatriz")
    assert mine == texts.speaking_of("Beatriz").text
    assert (await line.says("e meu pedido, já saiu?"))[0] == texts.NO_REQUESTS.text


async def test_papers_of_one_person_wait_while_another_is_chosen(line: Line) -> None:
    her = await both(line)
    await line.sends_photo(b"hers, one line unread", Paper(lines=(read_line("41101316"), read_line(None))))
    await line.says("trocar de pessoa")
    await line.taps("Beatriz")
    await line.sends_photo(b"mine", BLOOD)
    assert await asked_for(line) == [line.member.id]
    assert len(line.prior_auth.asked[0].documents) == 1
    await line.says("trocar de pessoa")
    assert "Escreva o nome" in (await line.taps("Odete"))[-1]
    await line.says("hemograma")
    assert await asked_for(line) == [line.member.id, her.id]


async def test_in_another_contact_it_is_asked_again(line: Line) -> None:
    await both(line)
    line.clock.advance(timedelta(days=3))
    (question,) = await line.says("meu pedido já saiu?")
    assert question.startswith("Para quem é?")
    assert (await line.says("odete"))[0] == texts.NO_REQUESTS.text


async def test_a_photo_is_read_but_not_looked_at_before_it_is_clear_for_whom(line: Line) -> None:
    her = await both(line)
    line.clock.advance(timedelta(days=3))
    said = await line.sends_photo(b"order", KNEE)
    assert said[-1].startswith("Para quem é?")
    assert line.prior_auth.asked == []
    await line.says("1")
    assert await asked_for(line) == [her.id]


async def test_nobody_is_asked_for_whom_an_order_is_that_shows_it(line: Line) -> None:
    her = await both(line)
    line.clock.advance(timedelta(days=3))
    shown = read_field("card_number", "900100000000022")
    await line.sends_photo(b"order", Paper(lines=KNEE.lines, fields=(shown,)))
    assert await asked_for(line) == [her.id]


async def test_a_doubtful_number_on_an_order_chooses_nobody(line: Line) -> None:
    await both(line)
    line.clock.advance(timedelta(days=3))
    doubtful = read_field("card_number", "900100000000022", "confirm")
    said = await line.sends_photo(b"order", Paper(lines=KNEE.lines, fields=(doubtful,)))
    assert said[-1].startswith("Para quem é?")


async def test_a_guardian_chooses_a_child_without_another_code_until_sixteen(line: Line) -> None:
    child = a_member("Theo Amaral", "39053344705", "900100000000033")
    child = child.model_copy(update={"birth_date": date(2020, 1, 1), "guardian_id": line.member.id})
    line.members.add(child)
    await line.is_linked()
    await line.sends_photo(b"order", KNEE)
    assert list(line.graph.buttons()) == ["Beatriz", "Theo", "Outra pessoa"]
    await line.taps("Theo")
    assert await asked_for(line) == [child.id]
    assert await line.query("select member_id from chat.identity_link") == [line.member.id]


async def test_more_than_two_people_come_as_a_list(line: Line) -> None:
    for number, name in enumerate(("Ana", "Bia")):
        child = a_member(f"{name} Amaral", f"{number}", f"90010000000004{number}")
        line.members.add(child.model_copy(update={"birth_date": date(2020, 1, 1), "guardian_id": line.member.id}))
    await line.is_linked()
    await line.says("meu pedido já saiu?")
    assert list(line.graph.buttons()) == ["Beatriz", "Ana", "Bia", "Outra pessoa"]
    assert (await line.chooses("Bia"))[0] == texts.NO_REQUESTS.text


async def test_after_a_year_everybody_is_verified_anew(line: Line) -> None:
    await both(line)
    line.clock.advance(timedelta(days=380))
    said = await line.says("meu pedido já saiu?")
    assert "CPF" in said[-1]


async def test_a_changed_number_speaks_for_nobody(line: Line) -> None:
    await both(line)
    await line.sends("system", {"type": "user_changed_number", "wa_id": "5511900000041", "body": "changed"})
    assert await line.query("select member_id from chat.identity_link") == []
    assert "assistente automática" in (await line.says("meu pedido já saiu?"))[0]


async def test_a_notice_reaches_the_phone_whoever_is_chosen_and_says_about_whom(line: Line) -> None:
    await both(line)
    await line.notify()
    await line.work()
    assert line.graph.texts()[-1] == "Sobre Beatriz:\nHá uma atualização no seu pedido."


async def test_one_phone_may_not_try_number_after_number(line: Line) -> None:
    tries = telemetry.IDENTIFICATIONS.labels("no_code")
    before = tries._value.get()
    await line.agrees()
    await line.says("quero ver meu pedido")
    for number in range(CODES_A_DAY):
        assert await line.says(f"9001000000010{number:02d}") == [texts.CODE_SENT.text]
        if number == 2:
            # Leaving and coming back does not give new tries.
            await line.says("SAIR")
            await line.agrees()
            await line.says("quero ver meu pedido")
    assert await line.says("900100000001099") == [texts.TOO_MANY_CODES.text]
    assert len(line.notifications.asked) == 0
    # Told to who watches the whole installation, never to who guesses.
    assert tries._value.get() == before + CODES_A_DAY


def test_words_that_only_say_for_whom() -> None:
    for text in (
        "Agora é para minha mãe",
        "é pro meu filho.",
        "não é para mim",
        "trocar de pessoa",
        "pra outra pessoa",
    ):
        assert is_switch(text), text
    for text in ("minha mãe caiu", "é para minha mãe que caiu", "não é para mim, estou sem ar", ""):
        assert not is_switch(text), text


def test_people_of_one_name_are_told_apart_within_a_button() -> None:
    names = told_apart(["Maria", "Maria", "A" * 30, "A" * 30])
    assert len(set(names)) == 4
    assert max(map(len, names)) <= 20


async def test_a_process_of_the_version_before_links_and_unlinks_too(line: Line) -> None:
    await line.is_linked()
    async with line.platform.database.for_module("chat").transaction(line.system) as tx:
        await tx.connection.exec_driver_sql("update chat.channel_identity set member_id = null, linked_at = null")
    assert await line.query("select member_id from chat.identity_link") == []
    assert re.search("CPF", (await line.says("meu pedido já saiu?"))[-1])
