"""The main job in a browser, as people do it: the phone page, the queue, the case, the decision, its proof."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from austa.demo.staff import SIGN_IN_WORD
from tests.system.installation import Installation

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


def sign_in(page: Page, austa: Installation, email: str) -> None:
    page.goto(f"{austa.url}/entrar")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Senha", exact=True).fill(SIGN_IN_WORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/cockpit/fila")


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
    page.get_by_text("PET dedicado oncológico").first.wait_for(timeout=240_000)
    assert serious_faults(page) == []
    page.get_by_text("PET dedicado oncológico").first.dblclick()
    page.wait_for_url("**/cockpit/casos/**")
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
