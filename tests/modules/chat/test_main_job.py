"""From the first word to the request: the whole way on the real database, Meta and the doors below faked."""

import re
from datetime import timedelta

from tests.fakes.documents import Paper, read_field, read_line
from tests.fakes.members import CODE, a_member
from tests.modules.chat.conftest import ME, Line

KNEE = "41101316"
ASKS = "oi, preciso de autorização pra essa ressonância do joelho"
ORDER = Paper(
    lines=(read_line(KNEE, side="direito"),),
    fields=(
        read_field("card_number", "900100000000011"),
        read_field("requester_name", "Dr. Paulo"),
        read_field("council", "CRM"),
        read_field("council_uf", "SP"),
        read_field("council_number", "123456"),
        read_field("cid", "M232"),
    ),
)


async def test_from_the_first_words_to_the_request(line: Line) -> None:
    asked_at = line.clock.now() + timedelta(seconds=7)
    (notice,) = await line.says(ASKS)
    assert "assistente automática" in notice
    assert "ATENDENTE" in notice
    assert "CPF" in (await line.taps("Aceito"))[0]
    assert "código" in (await line.says("52998224725"))[0]
    assert line.notifications.asked.popitem()[1][0] == "one_time_code"
    (linked,) = await line.says(CODE)
    assert "Confirmei quem você é" in linked
    assert "foto" in linked
    arrived, registered = await line.sends_photo(b"order", ORDER)
    assert arrived.startswith("Recebi o arquivo")
    assert "Protocolo: 00000020261121000001" in registered
    (asked,) = line.prior_auth.asked
    assert asked.asked_at == asked_at
    assert asked.member_id == line.member.id
    assert [(item.tuss, item.laterality) for item in asked.items] == [(KNEE, "right")]
    assert [paper.document_id for paper in asked.documents] == list(line.documents.kept)
    assert asked.requester is not None
    assert asked.requester.number == "123456"
    assert [cid.reveal() for cid in asked.cids] == ["M232"]


async def test_a_photo_before_everything_is_acknowledged_at_once_and_used_later(line: Line) -> None:
    first = await line.sends_photo(b"order", ORDER)
    assert first[0].startswith("Recebi o arquivo")
    assert "assistente automática" in first[1]
    await line.taps("Aceito")
    await line.says("minha carteirinha é 900100000000011")
    linked, registered = await line.says(CODE)
    assert linked == "Obrigado! Confirmei quem você é."
    assert "Protocolo" in registered
    assert len(line.prior_auth.asked) == 1


async def test_an_answer_that_is_quicker_than_the_receipt_stands_for_it(line: Line) -> None:
    await line.is_linked()
    line.announce(b"order", ORDER)
    before = len(line.graph.sent)
    await line.post(line.message("image", {"id": f"media-{b'order'.hex()}", "mime_type": "image/jpeg"}))
    await line.work()
    approved = "Seu pedido foi autorizado.\nProtocolo: 00000020261121000001"
    await line.notify(text=approved)
    await line.work()
    await line.wait_for_receipts()
    arrived, answer = line.graph.texts()[before:]
    assert arrived.startswith("Recebi o arquivo")
    assert answer == approved


async def test_another_message_does_not_stand_for_the_receipt(line: Line) -> None:
    await line.is_linked()
    line.announce(b"order", ORDER)
    await line.post(line.message("image", {"id": f"media-{b'order'.hex()}", "mime_type": "image/jpeg"}))
    await line.work()
    await line.notify()
    await line.work()
    assert "Protocolo" not in line.graph.texts()[-1]
    await line.wait_for_receipts()
    assert "Protocolo: 00000020261121000001" in line.graph.texts()[-1]


async def test_files_sent_before_the_link_move_under_the_members_keys(line: Line) -> None:
    await line.sends_photo(b"order", ORDER)
    await line.taps("Aceito")
    await line.says("900100000000011")
    assert {d.subject for d in line.documents.kept.values()} != {line.member.id}
    await line.says(CODE)
    assert {d.subject for d in line.documents.kept.values()} == {line.member.id}


async def test_delivering_everything_twice_doubles_nothing(line: Line) -> None:
    await line.is_linked()
    line.announce(b"order", ORDER)
    webhook = line.message("image", {"id": f"media-{b'order'.hex()}", "mime_type": "image/jpeg"})
    assert (await line.post(webhook)).messages == 1
    await line.work()
    sent = len(line.graph.sent)
    again = await line.post(webhook)
    await line.work()
    assert (again.messages, again.repeated) == (0, 1)
    assert (len(line.graph.sent), len(line.prior_auth.asked), line.prior_auth.calls) == (sent, 1, 1)


async def test_a_killed_worker_repeats_its_work_without_doubling_it(line: Line) -> None:
    await line.is_linked()
    await line.sends_photo(b"order", ORDER)
    conversation_id, (intention,) = await line.conversation_id(), await line.query("select id from chat.intention")
    (attachment,) = await line.query("select id from chat.attachment")
    await line.chat.requests.ask(line.system, conversation_id, intention)
    await line.chat.fetch_media(line.system, attachment)
    assert len(line.prior_auth.asked) == 1
    assert len(line.documents.kept) == 1


async def test_a_doubted_procedure_is_settled_by_the_members_first_words(line: Line) -> None:
    await line.is_linked()
    await line.says("é uma ressonância do joelho")
    said = await line.sends_photo(b"order", Paper(lines=(read_line(KNEE, "confirm"),)))
    assert "Protocolo" in said[-1]
    assert [item.tuss for item in line.prior_auth.asked[0].items] == [KNEE]


async def test_a_doubted_procedure_without_such_words_is_asked_for(line: Line) -> None:
    await line.is_linked()
    said = await line.sends_photo(b"order", Paper(lines=(read_line("40304361"), read_line(None))))
    assert "Escreva o nome" in said[-1]
    await line.says("ressonância do joelho")
    assert {item.tuss for item in line.prior_auth.asked[0].items} == {"40304361", KNEE}


async def test_a_doubted_requester_is_read_back(line: Line) -> None:
    await line.is_linked()
    fields = (
        read_field("council", "CRO"),
        read_field("council_uf", "SP"),
        read_field("council_number", "77", "confirm"),
    )
    said = await line.sends_photo(b"order", Paper(lines=(read_line(KNEE),), fields=fields))
    assert said[-1] == "No papel eu li CRO 77 de SP. Está certo?"
    await line.taps("Sim")
    (asked,) = line.prior_auth.asked
    assert asked.requester is not None
    assert (asked.requester.council, asked.requester.number) == ("CRO", "77")


async def test_a_requester_that_was_read_wrong_is_not_asked_with(line: Line) -> None:
    await line.is_linked()
    fields = (read_field("council_uf", "SP"), read_field("council_number", "77", "confirm"))
    await line.sends_photo(b"order", Paper(lines=(read_line(KNEE),), fields=fields))
    await line.says("não")
    assert line.prior_auth.asked[0].requester is None


async def test_another_persons_order_goes_to_a_person_and_is_not_asked(line: Line) -> None:
    await line.is_linked()
    fields = (read_field("member_name", "Carlos Pereira Lima"),)
    said = await line.sends_photo(b"order", Paper(lines=(read_line(KNEE),), fields=fields))
    assert "outra pessoa" in said[-1]
    assert "uma pessoa da equipe vai falar" in (await line.taps("É para outra"))[0]
    assert line.prior_auth.asked == []


async def test_an_illegible_photo_is_asked_for_once_more_then_its_name(line: Line) -> None:
    await line.is_linked()
    assert "outra foto" in (await line.sends_photo(b"blur", Paper()))[-1]
    assert "outra foto" in (await line.says("tá bom, já mando"))[-1]
    assert "Escreva o nome" in (await line.sends_photo(b"blur again", Paper(handwritten=True)))[-1]
    assert "Protocolo" in (await line.says("ressonância do joelho"))[-1]
    assert len(line.prior_auth.asked[0].documents) == 2


async def test_a_file_that_cannot_be_opened_is_said_in_plain_words(line: Line) -> None:
    await line.is_linked()
    assert "tem senha" in (await line.sends_photo(b"locked", Paper(refusal="documents.pdf_encrypted")))[-1]
    line.documents.refuse_at_once[b"exe"] = "documents.type_not_accepted"
    assert "Não abrimos esse tipo" in (await line.sends_photo(b"exe"))[-1]
    line.announce(b"gone", None)
    line.graph.media.clear()
    assert "Não consegui abrir o arquivo" in (await line.sends("image", {"id": "media-none"}))[-1]


async def test_two_files_where_one_is_refused_still_become_a_request(line: Line) -> None:
    await line.is_linked()
    line.announce(b"order", ORDER)
    line.announce(b"locked", Paper(refusal="documents.pdf_encrypted"))
    await line.post(line.message("image", {"id": f"media-{b'order'.hex()}"}))
    said = await line.sends("document", {"id": f"media-{b'locked'.hex()}", "filename": "x.pdf"})
    assert "Protocolo" in said[-1]
    assert len(line.prior_auth.asked) == 1


async def test_papers_for_a_request_that_waits_for_them_join_it(line: Line) -> None:
    await line.is_linked()
    await line.sends_photo(b"order", ORDER)
    (request_id,) = line.prior_auth.states
    line.prior_auth.states[request_id] = "PENDING_DOCUMENTS"
    said = await line.sends_photo(b"report", Paper())
    assert "00000020261121000001" in said[-1]
    assert "Juntei o papel" in (await line.taps("Sim"))[-1]
    assert [(r, len(papers)) for r, papers in line.prior_auth.added] == [(request_id, 1)]
    assert len(line.prior_auth.asked) == 1


async def test_a_new_order_beside_a_pending_request_is_a_new_request(line: Line) -> None:
    await line.is_linked()
    await line.sends_photo(b"order", ORDER)
    line.prior_auth.states = dict.fromkeys(line.prior_auth.states, "PENDING_DOCUMENTS")
    await line.sends_photo(b"other order", Paper(lines=(read_line("40304361"),)))
    await line.taps("Não")
    assert [asked.items[0].tuss for asked in line.prior_auth.asked] == [KNEE, "40304361"]


async def test_what_prior_auth_refuses_goes_to_a_person(line: Line) -> None:
    await line.is_linked()
    line.prior_auth.refuses = True
    said = await line.sends_photo(b"order", ORDER)
    assert "Uma pessoa da equipe vai terminar seu pedido" in said[-1]
    assert (await line.events("chat.hand_over_requested.v1"))[-1]["reason"] == "not_understood"


async def test_when_prior_auth_is_away_the_request_is_asked_later_once(line: Line) -> None:
    await line.is_linked()
    line.prior_auth.away = True
    await line.sends_photo(b"order", ORDER)
    assert "Por nada" in (await line.says("obrigada"))[0]
    line.prior_auth.away = False
    line.clock.advance(timedelta(seconds=30))
    await line.work()
    await line.wait_for_receipts()
    assert "Protocolo" in line.graph.texts()[-1]
    assert len(line.prior_auth.asked) == 1


async def test_wrong_codes_lead_to_a_person(line: Line) -> None:
    await line.agrees()
    await line.says("quero pedir autorização")
    await line.says("52998224725")
    assert "não confere" in (await line.says("111111"))[0]
    assert "6 números" in (await line.says("não chegou nada"))[0]
    assert "CPF" in (await line.taps("Novo código"))[0]
    await line.says("52998224725")
    assert "não confere" in (await line.says("222222"))[0]
    assert "Uma pessoa" in (await line.says("333333"))[0]


async def test_an_unknown_person_is_told_the_same_as_a_known_one(line: Line) -> None:
    stranger = "5511900000002"
    told: dict[str, list[str]] = {}
    for sender, cpf in ((ME, "52998224725"), (stranger, "11144477735")):
        told[sender] = []
        for words in ("oi", "aceito", "quero ver o status do meu pedido", cpf, "111111"):
            told[sender] += [re.sub(r"\d{20}", "…", said) for said in await line.says(words, sender=sender)]
    assert told[ME] == told[stranger]


async def test_status_of_several_requests(line: Line) -> None:
    await line.is_linked()
    await line.sends_photo(b"order", ORDER)
    await line.sends_photo(b"other", Paper(lines=(read_line("40304361"),)))
    (told,) = await line.says("e meu pedido, já saiu?")
    assert told.splitlines()[0].startswith("Pedido 00000020261121000002: ")
    assert told.splitlines()[1].startswith("Pedido 00000020261121000001: ")
    assert await line.taps("Falar com pessoa")


async def test_a_yes_is_to_the_texts_that_were_shown(line: Line) -> None:
    await line.says("oi")
    line.privacy.published.add("symptom_chat_ai")
    await line.taps("Aceito")
    assert line.privacy.versions == {"whatsapp_channel": 1, "symptom_chat_ai": 1}
    await line.says("SAIR")
    assert "E mais." in (await line.says("oi"))[0]
    await line.taps("Aceito")
    assert line.privacy.versions == {"whatsapp_channel": 1, "symptom_chat_ai": 2}


async def test_leaving_and_coming_back(line: Line) -> None:
    await line.is_linked()
    assert len(line.privacy.given) == 2
    assert "Não vamos mais enviar" in (await line.says("SAIR"))[0]
    assert len(line.privacy.revoked) == 2
    notification_id = await line.notify()
    await line.work()
    (failed,) = await line.events("chat.notification_failed.v1")
    assert failed == {"notification_id": str(notification_id), "reason": "opted_out"}
    assert "assistente automática" in (await line.says("oi"))[0]


async def test_somebody_else_may_have_the_number_now(line: Line) -> None:
    await line.is_linked()
    await line.sends("system", {"type": "user_changed_number", "wa_id": "5511900000041", "body": "changed"})
    notification_id = await line.notify()
    await line.work()
    assert (await line.events("chat.notification_failed.v1"))[-1]["notification_id"] == str(notification_id)
    assert "assistente automática" in (await line.says("meu pedido já saiu?"))[0]
    assert "CPF" in (await line.taps("Aceito"))[0]


async def test_an_account_set_up_anew_is_verified_again_and_keeps_its_request(line: Line) -> None:
    await line.agrees()
    asked_at = line.clock.now() + timedelta(seconds=7)
    await line.says(ASKS)
    await line.says("52998224725")
    await line.says(CODE)
    await line.sends("system", {"type": "customer_identity_changed", "body": "x"})
    assert "CPF" in (await line.sends_photo(b"order", ORDER))[-1]
    await line.says("52998224725")
    await line.says(CODE)
    assert line.prior_auth.asked[0].asked_at == asked_at


async def test_one_phone_of_two_people_belongs_to_who_was_verified_last_only_after_a_code(line: Line) -> None:
    other = line.members.add(a_member("Otávio Lacerda Brandão", "11144477735", "900100000000022"))
    await line.is_linked()
    assert (await line.query("select member_id from chat.channel_identity")) == [line.member.id]
    await line.chat.link(line.system, line.number_id, "wa_id", ME, other.id)
    assert (await line.query("select member_id from chat.channel_identity")) == [other.id]
