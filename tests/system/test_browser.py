"""The main job in a browser, as people do it: the phone page, the queue, the case, the decision, its proof."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright

from austa.demo.people import demo_world
from austa.demo.staff import SIGN_IN_WORD
from austa.kernel.clock import SystemClock, local_date
from tests.system.installation import Installation, Phone, get, wait_for

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
PET, KNEE = "request-13", "request-05"
"""Requests of the demo that wait for a physician and that no other test decides. What they ask for, others ask too."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh window, Portuguese, in which no script may fail."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="pt-BR")
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    context.close()
    assert faults == []


def sign_in(page: Page, austa: Installation, email: str, place: str = "cockpit/fila") -> None:
    page.goto(f"{austa.url}/entrar")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Senha", exact=True).fill(SIGN_IN_WORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{place}")


def choose_person(page: Page, austa: Installation, name: str) -> None:
    """Choose on the page, and wait until the phone is that person's: their number is in the address."""
    page.goto(f"{austa.url}/demo/telefone")
    page.get_by_label("Pessoa").click()
    page.get_by_role("option", name=re.compile(name)).click()
    page.wait_for_url(re.compile("telefone="))
    expect(page.get_by_role("combobox", name="Pessoa")).to_contain_text(name)


def write(page: Page, text: str) -> None:
    """Write and send; the page may still be getting the person's conversation, so look that it went."""
    box = page.get_by_placeholder("Mensagem")
    box.fill(text)
    expect(box).to_have_value(text)
    page.get_by_role("button", name="Enviar").click()
    expect(box).to_have_value("")


def open_case(page: Page, key: str) -> None:
    """From the queue, as soon as it is there: this demo request's case, by what is asked and whose it is."""
    world = demo_world(local_date(SystemClock().now()))
    request = world.request(key)
    row = page.get_by_role("row").filter(has_text=request.items[0].description)
    row = row.filter(has_text=f"···{world.member(request.member_key).card_number[-4:]}")
    row.wait_for(timeout=240_000)
    row.get_by_text(request.items[0].description).dblclick()
    page.wait_for_url("**/cockpit/casos/**")


def serious_faults(page: Page) -> list[str]:
    """What axe calls serious or critical on this page."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['help']}" for one in found if one["impact"] in {"serious", "critical"}]


def test_a_photo_on_the_phone_page_is_approved(page: Page, austa: Installation) -> None:
    choose_person(page, austa, "Tadeu")
    write(page, "bom dia, o médico pediu um ultrassom da barriga, mando a foto?")
    page.get_by_role("button", name="Aceito", exact=True).click()
    expect(page.get_by_text("Envie uma foto do pedido").first).to_be_visible()
    page.get_by_role("button", name="Anexar").click()
    page.get_by_role("menuitem").first.click()
    expect(page.get_by_text("Recebi o arquivo").first).to_be_visible()
    expect(page.get_by_text("Seu pedido foi autorizado").first).to_be_visible(timeout=120_000)
    assert serious_faults(page) == []


def test_an_emergency_reaches_the_nurse(page: Page, austa: Installation) -> None:
    choose_person(page, austa, "Jonas")
    write(page, "vó deu um ramo, a boca entortou")
    expect(page.get_by_text("192").first).to_be_visible()
    sign_in(page, austa, "enfermeira@demo.example")
    page.goto(f"{austa.url}/atendimento/alertas")
    expect(page.get_by_text("vó deu um ramo").first).to_be_visible()
    assert serious_faults(page) == []


def test_a_case_is_decided_and_its_decision_is_proven(page: Page, austa: Installation) -> None:
    sign_in(page, austa, "auditor@demo.example")
    page.get_by_role("row").nth(1).wait_for()
    assert serious_faults(page) == []
    open_case(page, PET)
    expect(page.get_by_role("img", name=re.compile("ágina")).first).to_be_visible()
    page.get_by_role("radio", name=re.compile("^Favorável(?! em)")).check()
    page.get_by_role("button", name="Continuar").click()
    page.get_by_label("Fundamentação").fill("Indicação compatível com o estadiamento. Biópsia e tomografia anexadas.")
    page.get_by_role("button", name="Revisar").click()
    page.get_by_role("button", name="Assinar parecer").click()
    expect(page.get_by_text("Biópsia e tomografia anexadas").first).to_be_visible()
    assert serious_faults(page) == []
    page.get_by_role("radio", name=re.compile("^Autorizar(?! em)")).check()
    page.get_by_role("button", name="Liberar autorização").click()
    expect(page.get_by_text("Selado").first).to_be_visible()
    page.get_by_role("button", name="Ver prova").click()
    expect(page.get_by_text("A assinatura do selo é válida")).to_be_visible()


def test_a_denial_goes_its_whole_way_and_the_member_is_told_nothing_of_it_in_the_open(
    page: Page, austa: Installation
) -> None:
    choose_person(page, austa, "Severino")
    write(page, "bom dia")
    expect(page.get_by_text("assistente automática").first).to_be_visible()
    sign_in(page, austa, "auditor@demo.example")
    open_case(page, KNEE)
    case = page.url
    write_opinion_against(page)
    expect(page.get_by_text("Esta decisão cabe ao diretor técnico. O caso está pronto para ele.")).to_be_visible()
    expect(page.get_by_role("radio", name=re.compile("^Negar"))).to_have_count(0)
    assert serious_faults(page) == []

    page.context.clear_cookies()
    sign_in(page, austa, "diretor@demo.example")
    page.goto(case)
    release_denial(page)
    expect(page.get_by_text("Selado").first).to_be_visible()
    page.get_by_role("button", name="Ver prova").click()
    expect(page.get_by_text("A assinatura do selo é válida")).to_be_visible()
    kept = austa.sign_in("diretor@demo.example").get(f"/api/v1/cases/{case.rsplit('/', 1)[1]}").json()
    assert kept["request"]["state"] == "DENIED"

    # The words of this notice are neutral (tests/modules/notifications); by night it waits for the morning.
    told = newest_notice(austa, kept["member"]["id"])
    assert told["template"] == "authorization_decided"
    if told["state"] != "scheduled":
        choose_person(page, austa, "Severino")
        notice = page.get_by_text(re.compile(f"Há uma resposta para o seu pedido[\\s\\S]*{kept['case']['protocol']}"))
        expect(notice.first).to_be_visible(timeout=PATIENCE_MS)
    heard = " ".join(said_on_the_phone(austa, "Severino"))
    assert not re.search("não foi autorizado|negad|joelho|RM articular", heard, re.IGNORECASE)


def newest_notice(austa: Installation, member_id: str) -> dict[str, Any]:
    """The newest notification for that member, past every door: no door shows it. In a thread, for the browser's
    loop runs in this one."""
    sql = "select template, state from notifications.message where subject_id = $1 order by created_at desc limit 1"
    with ThreadPoolExecutor(1) as thread:
        return wait_for(lambda: thread.submit(austa.query, sql, member_id).result(), 30, "nobody was told")[0]


def said_on_the_phone(austa: Installation, name: str) -> list[str]:
    """What AUSTA said to the demo person whose name begins so."""
    people = get(f"{austa.url}/demo/api/members").json()["items"]
    phone = next(one["phone"] for one in people if one["name"].startswith(name))
    return Phone(austa, phone).texts()


def write_opinion_against(page: Page) -> None:
    """Contact, grounds and the page they were read from: what an opinion against a request consists of."""
    page.get_by_role("radio", name=re.compile("^Desfavorável")).check()
    page.get_by_role("button", name="Continuar").click()
    page.get_by_role("button", name="Registrar", exact=True).click()
    page.get_by_label("O que foi conversado").fill("O médico não viu o exame anterior e não relata mudança clínica.")
    page.get_by_label("Sem acordo").check()
    page.get_by_role("button", name="Registrar contato").last.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_label("Fundamentação").fill("Mesmo exame há 20 dias, sem nova indicação clínica no pedido.")
    expect(page.get_by_role("button", name="Revisar")).to_be_disabled()
    page.get_by_role("combobox", name="Evidência").click()
    page.get_by_role("option", name="Pedido").first.click()
    page.get_by_label("O que a página mostra").fill("Pedido sem mudança do quadro")
    page.get_by_role("button", name="Revisar").click()
    page.get_by_role("button", name="Assinar parecer").click()


def release_denial(page: Page) -> None:
    """Fill in what the form says to lack until it lacks nothing, read it once more, and release."""
    page.get_by_role("radio", name=re.compile("^Negar")).check()
    release = page.get_by_role("button", name="Liberar negativa")
    expect(page.get_by_text("Antes de liberar, falta:")).to_be_visible()
    expect(release).to_be_disabled()
    page.get_by_label("Código do motivo").fill("3145")
    page.get_by_role("option", name=re.compile("^3145")).click()
    page.get_by_label("Base legal ou cláusula").fill("RN ANS 465/2021, art. 6º: cobertura com indicação do médico.")
    page.get_by_label("Texto para o beneficiário").fill(
        "Seu pedido não foi autorizado. Este exame foi feito há 20 dias. O médico não relatou mudança desde então.\n"
        "Isto está escrito na norma da ANS sobre os exames que o plano cobre.\n"
        "Você pode pedir uma nova análise à ouvidoria. A resposta sai em até 7 dias úteis."
    )
    expect(page.get_by_text("Antes de liberar, falta:")).to_have_count(0)
    assert serious_faults(page) == []
    release.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name="Liberar negativa").click()


def test_a_hospital_asks_with_a_photo_of_the_order_and_sees_the_answer(page: Page, austa: Installation) -> None:
    person = next(one for one in demo_world(local_date(SystemClock().now())).members if one.key == "rosangela")
    (photo,) = photos_of(austa, person.name)
    sign_in(page, austa, "prestador@demo.example", "prestador/pedidos")
    expect(page.get_by_role("heading", name="Hospital Santa Emília Demonstração")).to_be_visible()
    expect(page.get_by_role("link", name="Fila")).to_have_count(0)
    page.get_by_role("link", name="Novo pedido").last.click()
    page.get_by_label("Número da carteirinha ou CPF").fill(person.card_number)
    page.get_by_label("Data de nascimento").press_sequentially(f"{person.birth_date:%d%m%Y}")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rosângela P. A.").first).to_be_visible()
    page.get_by_label("Procedimento: palavras ou código TUSS").fill("ressonancia do joelho")
    page.get_by_role("option", name="RM - Articular (por articulação) 41101316").click()
    choose(page, "Lado", "Direito")
    page.get_by_label("Nome do profissional").fill("Renato Demonstração")
    page.get_by_label("UF").fill("SP")
    page.get_by_label("Número do registro").fill("900003")
    page.get_by_label("CID-10").fill("M23.2")
    choose(page, "Houve trauma", "Sim")
    choose(page, "Exame físico alterado", "Sim")
    page.get_by_label("Semanas de tratamento conservador").fill("8")
    page.locator("input[type=file]").set_input_files(
        FilePayload(name="pedido.jpg", mimeType="image/jpeg", buffer=photo)
    )
    expect(page.get_by_role("button", name="Tirar pedido.jpg")).to_be_visible()
    assert serious_faults(page) == []
    page.get_by_role("button", name="Enviar pedido").click()
    page.wait_for_url(re.compile("/prestador/pedidos/[0-9a-f-]{36}"))
    # Said twice at first: on the page, and in passing that it was sent.
    expect(page.get_by_text(re.compile(r"Protocolo \d{20}")).first).to_be_visible()
    expect(page.get_by_text("Senha", exact=True)).to_be_visible(timeout=120_000)
    expect(page.get_by_text("Autorizado", exact=True)).to_be_visible()
    assert serious_faults(page) == []


def choose(page: Page, field: str, value: str) -> None:
    page.get_by_role("combobox", name=field).click()
    page.get_by_role("option", name=value, exact=True).click()


def photos_of(austa: Installation, name: str) -> list[bytes]:
    """The photos that this demo person has to send."""
    people = get(f"{austa.url}/demo/api/members").json()["items"]
    photos = next(one["photos"] for one in people if one["name"] == name)
    return [get(f"{austa.url}{photo['url']}").content for photo in photos]
