"""Words for members: simple Portuguese, no disease names, no promises, sentences of at most fifteen words. And one
for staff, where it says so."""

from collections.abc import Mapping
from types import MappingProxyType

from austa.modules.prior_auth.api.requests import DocumentKind

PAPER_ASKS: Mapping[DocumentKind, str] = MappingProxyType(
    {
        "order": "O pedido do médico, assinado. Pode ser uma foto.",
        "report": "O relatório do médico.",
        "finding": "O laudo do exame que já foi feito.",
        "image": "O exame de imagem que já foi feito.",
        "quote": "Os orçamentos dos materiais.",
        "consent": "O termo de consentimento, assinado.",
        "exam": "O resultado do exame que já foi feito.",
        "receipt": "Os recibos do que foi pago.",
    }
)
REQUESTER_ASK = "O nome do médico que fez o pedido, com o número do registro."
SIDE_ASK = "O lado do corpo: direito, esquerdo ou os dois."
WHOSE_ASK = "Confirme, por favor, se o pedido é para a pessoa deste cartão."
QUOTES_ASK = "Faltam {count} orçamentos de materiais, de marcas diferentes."
ONE_QUOTE_ASK = "Falta 1 orçamento de materiais, de outra marca."

SIGNALS_TO_CHECK = "Há dados a conferir neste pedido. Quem pode ver os sinais os encontra no caso."
"""For staff, whoever they are."""

APPROVED = "O seu pedido foi aprovado. Leve a guia e a senha no dia do atendimento."
GUIDE_MEANWHILE = "Enquanto isso, você pode usar a guia {guide} até {until}."
GUIDE_KEPT = "A sua guia continua a mesma."
GUIDE_REPLACED = "Use só a guia {guide}. A guia {before} não vale mais."
APPROVED_WITHOUT_GUIDE = "O seu pedido foi aprovado."

NOT_ANSWERS = ("em análise", "em auditoria")
"""RN ANS 623/2024: such words are not a conclusive answer (I6)."""
