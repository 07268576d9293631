"""Every text a member sees in an emergency passes the lint, and the lint catches what it should."""

from typing import get_args

import pytest

from austa.modules.language.adapters.conditions import ConditionsTable
from austa.modules.language.api.language import AdviceKind, Button, ReplyKind, SafeReply, TriageQuestion
from austa.modules.language.domain.normalise import fold_text
from austa.modules.language.domain.replies import lint, lint_question, load_replies
from austa.modules.language.domain.triage.protocol import load_protocol
from austa.modules.language.service import LanguageService

KINDS: tuple[ReplyKind | AdviceKind, ...] = (*get_args(ReplyKind), *get_args(AdviceKind))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_reply_that_passes_the_lint(language: LanguageService, kind: ReplyKind | AdviceKind) -> None:
    reply = language.get_reply(kind)
    assert reply.kind == kind
    assert lint(reply) == []
    assert 1 <= len(reply.buttons) <= 3
    assert all(len(button.title) <= 20 for button in reply.buttons)


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        ("emergency", ["192"]),
        ("urgent", ["192"]),
        ("self_harm", ["188", "192"]),
        ("poisoning", ["192", "0800-722-6001"]),
        ("violence", ["190", "192", "180", "100"]),
        ("ask_once", ["192"]),
        ("same_day", ["192"]),
        ("within_days", ["192"]),
        ("at_home", ["192"]),
        ("nurse", ["192"]),
    ],
)
def test_replies_name_the_numbers_to_call(
    language: LanguageService, kind: ReplyKind | AdviceKind, numbers: list[str]
) -> None:
    assert all(number in language.get_reply(kind).text for number in numbers)


def test_no_reply_makes_authorization_an_obstacle(language: LanguageService) -> None:
    assert "Não precisa de autorização" in language.get_reply("emergency").text
    assert "Não precisa de autorização" in language.get_reply("urgent").text


def test_only_the_reply_to_violence_is_discreet(language: LanguageService) -> None:
    assert [kind for kind in KINDS if language.get_reply(kind).discreet] == ["violence"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Pode ser infarto. Ligue 192.", "names a disease: infarto"),
        ("Ligue 192. Pode ficar tranquilo.", "reassures: ficar tranquilo"),
        ("Tome 500 mg e ligue 192.", "names a dose"),
        ("Tome de 8 em 8 horas. Ligue 192.", "names a dose"),
        ("Tome dipirona. Ligue 192.", "names a medicine: dipirona"),
        ("Vai melhorar logo. Ligue 192.", "promises: vai melhorar"),
        ("Vá ao hospital.", "does not name 192"),
        ("Você deveria ter ligado 192.", "blames: você deveria"),
        ("Ligue 192 " + "agora " * 20, "sentence too long"),
        ("Ligue 192\n" * 6, "more than four lines"),
    ],
)
def test_the_lint_catches(text: str, fault: str) -> None:
    reply = SafeReply(kind="emergency", text=text, buttons=(Button(id="a", title="Ok"),), version="1")
    assert any(found.startswith(fault) for found in lint(reply))


def test_a_bad_text_does_not_start() -> None:
    bad = b'{"version": "1", "replies": [{"kind": "urgent", "text": "Fique tranquilo.", "buttons": []}]}'
    with pytest.raises(ValueError, match="reassures"):
        load_replies(bad)


def test_no_text_names_a_condition_of_cid_10(language: LanguageService) -> None:
    # Chapters R and Z name symptoms and contacts with a service, in the words of everyone.
    names = {
        fold_text(description.split(",")[0])
        for code, description in ConditionsTable(None).load().items()
        if code[0] not in "RZ"
    }
    protocol = load_protocol()
    texts = [language.get_reply(kind).text for kind in KINDS]
    texts += [sign.question for sign in protocol.signs if sign.question]
    texts += protocol.questions_on_red_flags.values()
    found = {name for name in names for text in texts if f" {name} " in f" {fold_text(text)} "}
    assert found == set()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Está com dor. Onde?", ""),
        ("Está com gripe?", "names a disease: gripe"),
        ("Conte o que sente.", "is not one question"),
        ("Está com dor? E febre?", "is not one question"),
    ],
)
def test_the_lint_of_questions_catches(text: str, fault: str) -> None:
    question = TriageQuestion(id="x", text=text, buttons=(Button(id="yes", title="Sim"),))
    assert lint_question(question) == ([fault] if fault else [])
