"""What members say: a mix as an operator's numbers see it, and which of it asks for an answer.

Shares are assumptions (no operator publishes its own); emergencies are more frequent than in life, so that a minute
has enough of them. Every text is invented.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from austa.bench.graph.webhooks import JsonObject

GREETINGS = ("oi", "Oi, bom dia", "boa tarde", "olá", "Bom dia, tudo bem?", "oi, alguém aí?", "boa noite")
THANKS = ("obrigada", "ok", "muito obrigado!", "valeu", "👍", "tá bom, obrigada", "perfeito")
STATUSES = (
    "como está meu pedido?",
    "já autorizaram meu exame?",
    "queria saber da minha autorização",
    "alguma novidade da ressonância que pedi semana passada?",
    "meu pedido ainda está em análise?",
)
AUTHORIZATIONS = (
    "quero pedir uma autorização",
    "o médico pediu uma ressonância do joelho, como faço?",
    "preciso autorizar um ultrassom do abdome",
    "bom dia, preciso de autorização para hemograma e glicemia",
    "minha mãe precisa de uma tomografia, mando a foto do pedido?",
)
SYMPTOMS = (
    "estou com dor de cabeça desde ontem",
    "meu filho está com febre de 38",
    "tô com tosse e nariz entupido faz 3 dias",
    "minhas costas doem quando sento",
    "estou com enjoo depois do almoço",
)
QUESTIONS = (
    "meu plano cobre fisioterapia?",
    "posso tomar dipirona com losartana?",
    "quero marcar consulta com cardiologista",
    "qual o telefone de vocês?",
    "como faço para incluir meu bebê no plano?",
    "quanto tempo demora a resposta?",
    "onde tem laboratório da rede perto de mim?",
    "perdi minha carteirinha, e agora?",
)
STORIES = (
    "Boa tarde. Fui ao ortopedista na semana passada, ele pediu raio x e agora pediu ressonância do joelho direito. "
    "Ainda não mandei o pedido porque estava viajando. Como faço?",
    "Olha, já liguei duas vezes e ninguém resolve. Mandei os documentos na segunda e queria só saber se chegaram.",
    "Oi, sou a filha da Dona Maria. Ela não mexe no celular, então sou eu que escrevo. É sobre o exame de sangue dela.",
)
EMERGENCIES = (
    "minha mãe está com falta de ar e os lábios roxos",
    "estou com uma dor muito forte no peito que vai pro braço",
    "meu marido ficou com a boca torta e não consegue falar",
    "ela desmaiou e não acorda",
    "tomei uma cartela inteira de remédio, quero morrer",
)

TEXTS: tuple[tuple[float, Sequence[str]], ...] = (
    (0.16, GREETINGS),
    (0.12, THANKS),
    (0.15, STATUSES),
    (0.14, AUTHORIZATIONS),
    (0.12, SYMPTOMS),
    (0.19, QUESTIONS),
    (0.08, STORIES),
    (0.01, ("quero falar com uma pessoa",)),
    (0.01, ("12345678909", "minha carteirinha é 000123456")),
    (0.005, ("SAIR",)),
)
TAP_SHARE, EMERGENCY_SHARE = 0.20, 0.01
OTHERS: tuple[tuple[float, str], ...] = (
    (0.03, "reaction"),
    (0.02, "sticker"),
    (0.005, "audio"),
    (0.003, "location"),
    (0.002, "image"),
    (0.002, "unsupported"),
    (0.001, "system"),
)
ANSWERED = frozenset({"text", "interactive", "image", "audio"})
"""Kinds of messages that ask for an answer."""


@dataclass(frozen=True)
class Utterance:
    """One message to be: Meta's type and its body."""

    kind: str
    content: JsonObject
    is_emergency: bool = False

    @property
    def asks(self) -> bool:
        return self.kind in ANSWERED

    @property
    def words(self) -> str:
        """What a person would read, for who looks into one that was not answered."""
        return str(self.content.get("body") or self.content.get("button_reply", {}).get("title") or self.kind)


class Talk:
    """Draws what is said next."""

    def __init__(self, seed: int, *, image_id: str) -> None:
        self._draw = np.random.default_rng(seed)
        self._image_id = image_id
        weights = np.array([share for share, _ in TEXTS])
        self._weights = weights / weights.sum()

    def next(self, shown: Sequence[JsonObject], quoted: str | None) -> Utterance:
        """`shown`: the buttons on the member's screen; `quoted`: the newest message of ours, if there is one."""
        at = self._draw.random()
        if at < EMERGENCY_SHARE:
            return Utterance("text", {"body": self._one(EMERGENCIES)}, is_emergency=True)
        at -= EMERGENCY_SHARE
        for share, kind in OTHERS:
            if at < share:
                return self._other(kind, quoted)
            at -= share
        if at < TAP_SHARE and shown:
            chosen = shown[0] if self._draw.random() < 0.7 else shown[int(self._draw.integers(len(shown)))]
            return Utterance("interactive", {"type": "button_reply", "button_reply": dict(chosen)})
        texts = TEXTS[int(self._draw.choice(len(TEXTS), p=self._weights))][1]
        return Utterance("text", {"body": self._one(texts)})

    def _other(self, kind: str, quoted: str | None) -> Utterance:
        match kind:
            case "reaction" if quoted is None:
                return Utterance("text", {"body": self._one(THANKS)})
            case "reaction":
                return Utterance(kind, {"message_id": quoted, "emoji": "👍"})
            case "image":
                return Utterance(kind, {"id": self._image_id, "mime_type": "image/jpeg", "sha256": "x"})
            case "audio":
                return Utterance(kind, {"id": "1", "mime_type": "audio/ogg; codecs=opus", "sha256": "x", "voice": True})
            case "sticker":
                return Utterance(kind, {"id": "2", "mime_type": "image/webp", "sha256": "x", "animated": False})
            case "location":
                return Utterance(kind, {"latitude": -23.55, "longitude": -46.63})
            case "system":
                return Utterance(kind, {"body": "User changed", "type": "customer_identity_changed"})
            case _:
                return Utterance("unsupported", {"type": "unknown"})

    def _one(self, texts: Sequence[str]) -> str:
        return texts[int(self._draw.integers(len(texts)))]
