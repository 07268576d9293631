"""The words of every message, by version. Neutral: no procedure, no disease, no verdict but good news, no promise.

On WhatsApp the same words are registered with Meta as a template (name and version), because outside the 24-hour
window only templates arrive; each `{value}` is a parameter there, in the order in which it appears.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from string import Formatter
from types import MappingProxyType
from typing import Literal

from austa.kernel.errors import Invalid, Unexpected
from austa.modules.notifications.api import VALUES, Channel, TemplateCode, Wording

LANGUAGE = "pt_BR"
LONGEST_VALUE = 1000
NEWS = timedelta(days=3)
"""How long news is worth delivering; after that somebody should call."""


@dataclass(frozen=True)
class Template:
    """One wording. `at_once` may ring at night; `channels` are those that may carry it, best first.

    `kept_as` is the retention class of its values; `useful_for` is how long sending it still makes sense.
    """

    code: TemplateCode
    subject: str
    text: str
    channels: tuple[Channel, ...]
    at_once: bool = False
    category: Literal["utility", "authentication"] = "utility"
    kept_as: Literal["chat", "account", "transient"] = "chat"
    useful_for: timedelta = NEWS

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the values, in the order in which they appear."""
        return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(self.text) if name))


_TO_MEMBERS: tuple[Channel, ...] = ("whatsapp", "email", "sms")


def _registrable(versions: tuple[Template, ...]) -> tuple[Template, ...]:
    """Meta takes no template that ends with a value: the next version ends with a full stop."""
    newest = versions[-1]
    ends = "whatsapp" in newest.channels and newest.text.endswith("}")
    return (*versions, replace(newest, text=f"{newest.text}.")) if ends else versions


_WORDED: Mapping[TemplateCode, tuple[Template, ...]] = MappingProxyType(
    {
        # Position 0 is version 1. A wording that was sent never changes: a new one is added at the end.
        "authorization_approved": (
            Template(
                code="authorization_approved",
                subject="Seu pedido foi autorizado",
                text=(
                    "Seu pedido foi autorizado.\n"
                    "Guia: {guide_number}\n"
                    "Senha: {senha}\n"
                    "Vale até: {valid_until}\n\n"
                    "O que fazer agora: marque o seu atendimento.\n"
                    "No dia, leve a senha e um documento com foto.\n"
                    "Veja os detalhes: {link}\n"
                    "Protocolo: {protocol}"
                ),
                channels=_TO_MEMBERS,
            ),
        ),
        "authorization_guide_replaced": (
            Template(
                code="authorization_guide_replaced",
                subject="Sua guia mudou",
                text=(
                    "O seu pedido foi olhado de novo e a sua guia mudou.\n"
                    "Guia nova: {guide_number}\n"
                    "Senha nova: {senha}\n"
                    "Vale até: {valid_until}\n\n"
                    "O que fazer agora: use só a guia nova.\n"
                    "A guia {replaced} não vale mais.\n"
                    "No dia, leve a senha e um documento com foto.\n"
                    "Veja os detalhes: {link}\n"
                    "Protocolo: {protocol}"
                ),
                channels=_TO_MEMBERS,
            ),
        ),
        "authorization_needs_documents": (
            Template(
                code="authorization_needs_documents",
                subject="Falta algo no seu pedido",
                text=(
                    "Para responder ao seu pedido, falta:\n"
                    "{missing}\n\n"
                    "O que fazer agora: envie uma foto pelo WhatsApp ou por aqui: {link}\n"
                    "Envie até {answer_by}.\n"
                    "Protocolo: {protocol}"
                ),
                channels=_TO_MEMBERS,
            ),
        ),
        "authorization_in_review": (
            Template(
                code="authorization_in_review",
                subject="Uma pessoa vai olhar o seu pedido",
                text=(
                    "Recebemos o seu pedido.\n"
                    "Uma pessoa da equipe de saúde vai olhar com atenção.\n"
                    "O prazo para a resposta é {answer_by}.\n"
                    "Você não precisa fazer nada agora.\n"
                    "Se passar mal, não espere: ligue para o SAMU, 192.\n"
                    "Protocolo: {protocol}"
                ),
                channels=_TO_MEMBERS,
            ),
        ),
        "authorization_board": (
            Template(
                code="authorization_board",
                subject="Outro médico vai olhar o seu pedido",
                text=(
                    "Outro médico vai olhar o seu pedido.\n"
                    "O seu médico e o médico do plano ainda não concordam.\n"
                    "O plano indicou quatro médicos. O seu médico pode escolher um deles.\n"
                    "Você não paga nada por isso.\n"
                    "Veja o motivo e os nomes aqui: {link}\n"
                    "O prazo para a resposta é {answer_by}.\n"
                    "Se passar mal, não espere: ligue para o SAMU, 192.\n"
                    "Protocolo: {protocol}"
                ),
                channels=_TO_MEMBERS,
            ),
        ),
        "authorization_decided": (
            Template(
                code="authorization_decided",
                subject="Há uma resposta para o seu pedido",
                text=(
                    "Há uma resposta para o seu pedido.\n"
                    "Veja aqui: {link}\n"
                    "Para falar com uma pessoa, escreva ATENDENTE no nosso WhatsApp.\n"
                    "Protocolo: {protocol}"
                ),
                channels=_TO_MEMBERS,
            ),
        ),
        "one_time_code": (
            Template(
                code="one_time_code",
                subject="Seu código",
                text=(
                    "{code} é o seu código.\n"
                    "Ele vale por 10 minutos.\n"
                    "Não passe este código para ninguém.\n"
                    "Se não foi você que pediu, apague esta mensagem."
                ),
                # A code must reach the registered person, not whoever writes to us just now: WhatsApp comes last.
                channels=("sms", "email", "whatsapp"),
                at_once=True,
                category="authentication",
                kept_as="transient",
                useful_for=timedelta(minutes=10),
            ),
        ),
        "staff_invitation": (
            Template(
                code="staff_invitation",
                subject="Convite para a AUSTA",
                text=(
                    "Olá, {name}.\n"
                    "Você foi convidado para a AUSTA.\n"
                    "O que fazer agora: crie a sua senha em até 7 dias.\n"
                    "{link}\n"
                    "Se você não esperava este convite, apague esta mensagem."
                ),
                channels=("email",),
                at_once=True,
                kept_as="account",
                useful_for=timedelta(days=7),
            ),
        ),
        "emergency_followup": (
            Template(
                code="emergency_followup",
                subject="Como você está?",
                text=(
                    "Olá, {name}.\n"
                    "Há pouco você contou que não estava bem.\n"
                    "Como você está agora?\n"
                    "Se ainda estiver mal, ligue para o SAMU: 192.\n"
                    "Para falar com uma pessoa, escreva ATENDENTE no nosso WhatsApp."
                ),
                channels=("whatsapp", "sms"),
                at_once=True,
                useful_for=timedelta(hours=12),
            ),
        ),
        "duty_alert": (
            Template(
                code="duty_alert",
                subject="Alerta no seu plantão",
                text=(
                    "{name}, um alerta espera por você.\n"
                    "Nível: {level}.\n"
                    "O que fazer agora: abra a AUSTA, página Alertas, e assuma.\n"
                    "Quem escreveu espera uma ligação."
                ),
                channels=("sms", "email"),
                at_once=True,
                kept_as="account",
                useful_for=timedelta(minutes=30),
            ),
        ),
    }
)


_VERSIONS = MappingProxyType({code: _registrable(versions) for code, versions in _WORDED.items()})


def current_version(code: TemplateCode) -> int:
    return len(_VERSIONS[code])


def get_template(code: TemplateCode, version: int) -> Template:
    """That wording. Raises `Unexpected` for a version that was never there."""
    if not 1 <= version <= len(_VERSIONS[code]):
        raise Unexpected("notifications.template_version", "no such version of a template", template=code)
    return _VERSIONS[code][version - 1]


def whatsapp_wordings() -> tuple[Wording, ...]:
    """The newest wording of every message that goes by WhatsApp."""
    newest = ((code, current_version(code)) for code in _VERSIONS)
    return tuple(
        Wording(
            code=code,
            version=version,
            name=template_name(template, version),
            language=LANGUAGE,
            category=template.category,
            text=template.text,
            values=template.parameters,
        )
        for code, version in newest
        if "whatsapp" in (template := get_template(code, version)).channels
    )


def check_values(code: TemplateCode, values: Mapping[str, str]) -> None:
    """Exactly the values of `VALUES`, none empty. Raises `Invalid` `notifications.values_wrong`."""
    needed = VALUES[code]
    wrong = sorted((needed ^ values.keys()) | {n for n, v in values.items() if not v.strip() or len(v) > LONGEST_VALUE})
    if "link" in needed & values.keys() and not re.fullmatch(r"https?://\S+", values["link"]):
        wrong.append("link")
    if wrong:
        raise Invalid("notifications.values_wrong", "values are missing, empty, too long or unknown", fields=wrong)


def render(template: Template, values: Mapping[str, str]) -> str:
    """The message as a person reads it; several lines of a value become a list."""
    return template.text.format_map({name: _as_list(value) for name, value in values.items()})


def template_name(template: Template, version: int) -> str:
    """The name under which the wording is registered with Meta."""
    return f"austa_{template.code}_v{version}"


def template_parameters(template: Template, values: Mapping[str, str]) -> tuple[str, ...]:
    """Values in the order of the template's parameters; Meta refuses line breaks and runs of spaces in them."""
    return tuple("; ".join(" ".join(line.split()) for line in _lines(values[name])) for name in template.parameters)


def _as_list(value: str) -> str:
    lines = _lines(value)
    return "\n".join(f"- {line}" for line in lines) if len(lines) > 1 else value.strip()


def _lines(value: str) -> list[str]:
    return [line.strip() for line in value.splitlines() if line.strip()]
