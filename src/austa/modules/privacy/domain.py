"""What people are asked to agree to, word for word, and what a list of consents means."""

import hashlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from austa.kernel.actors import Caller
from austa.kernel.errors import NotFound
from austa.kernel.ids import SubjectId
from austa.modules.privacy.api import ChatChannel, Consent, ConsentPurpose, ConsentStatus, ConsentText, FirstContact

_TEXTS: dict[ConsentPurpose, tuple[str, ...]] = {
    # Position 0 is version 1. A text that was shown never changes: a new wording is added at the end.
    "whatsapp_channel": (
        "1) Vamos falar com você pelo WhatsApp sobre o seu plano de saúde. "
        "O que você escreve e envia fica guardado com segurança. "
        "Para parar, escreva SAIR a qualquer hora.",
    ),
    "web_channel": (
        "1) Vamos falar com você por esta página sobre o seu plano de saúde. "
        "O que você escreve e envia fica guardado com segurança. "
        "Para parar, escreva SAIR a qualquer hora.",
    ),
    "symptom_chat_ai": (
        "2) Um programa de computador lê suas mensagens e ajuda a responder. "
        "Ele não é médico e pode errar. "
        "Se preferir, uma pessoa atende você.",
    ),
}

NOTICE = (
    "Olá! Aqui é a assistente automática do seu plano de saúde. "
    "Quem responde é um programa, não uma pessoa. "
    "Para falar com uma pessoa, escreva ATENDENTE. "
    "Em caso de emergência, ligue agora para o SAMU: 192."
)
"""CFM 2.454/2026 and LGPD art. 9: who answers, and that a person can be asked for, before anything else."""

QUESTION = "Você concorda com esses dois pontos? Se não concordar, seu plano continua valendo do mesmo jeito."
"""Asked together, stored apart. LGPD art. 8 §4: refusing costs nothing, and the question says so."""

FIRST_CONTACT: Mapping[ChatChannel, tuple[ConsentPurpose, ...]] = MappingProxyType(
    {"whatsapp": ("whatsapp_channel", "symptom_chat_ai"), "web": ("web_channel", "symptom_chat_ai")}
)


def consent_text(purpose: ConsentPurpose, version: int | None = None) -> ConsentText:
    """That version of a text, the current one by default. Raises `NotFound` `privacy.no_such_text`."""
    texts = _TEXTS.get(purpose, ())
    wanted = len(texts) if version is None else version
    if not 1 <= wanted <= len(texts):
        raise NotFound("privacy.no_such_text", "nobody is asked for this yet", purpose=purpose, version=wanted)
    text = texts[wanted - 1]
    return ConsentText(purpose=purpose, version=wanted, text=text, sha256=hashlib.sha256(text.encode()).hexdigest())


def first_contact(channel: ChatChannel) -> FirstContact:
    """Notice, the two texts and the question of a first contact."""
    return FirstContact(
        notice=NOTICE, texts=tuple(consent_text(purpose) for purpose in FIRST_CONTACT[channel]), question=QUESTION
    )


def standing(purpose: ConsentPurpose, consents: Sequence[Consent]) -> ConsentStatus:
    """Where a person stands, given their consents for that purpose in the order they were given."""
    living = [consent for consent in consents if consent.revoked_at is None]
    newest = max((consent.text_version for consent in living), default=0)
    return ConsentStatus(
        purpose=purpose,
        given=bool(living),
        asked_again=bool(living) and newest < len(_TEXTS.get(purpose, ())),
        consent=living[-1] if living else (consents[-1] if consents else None),
    )


def same_giving(consents: Sequence[Consent], evidence: UUID) -> Consent | None:
    """The consent that was already recorded from this very message."""
    return next((consent for consent in consents if consent.evidence == evidence), None)


def acts_for(caller: Caller, subject: SubjectId, guardian: SubjectId | None = None) -> bool:
    """Whether a caller may give, revoke or read that person's consents: members their own or as guardian."""
    return caller.kind in {"staff", "system"} or (
        caller.kind == "member" and caller.id in {str(subject), str(guardian)}
    )


def may_read_access_record(caller: Caller, subject: SubjectId) -> bool:
    """The person, the data protection officer (LGPD art. 41) and AUSTA itself."""
    if caller.kind == "staff":
        return "data_protection_officer" in caller.roles
    return caller.kind == "system" or (caller.kind == "member" and caller.id == str(subject))
