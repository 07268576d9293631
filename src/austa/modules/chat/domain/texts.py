"""What the assistant says. Simple Portuguese: short sentences, no disease names, no promises, no blame.

A test reads every text: sentences under 15 words where that is possible, forbidden words, button lengths.
"""

from dataclasses import dataclass

from austa.modules.chat.api import Button

PERSON = Button(id="person", title="Falar com pessoa")
ASK = Button(id="ask", title="Pedir autorização")
STATUS = Button(id="status", title="Ver meu pedido")
YES = Button(id="yes", title="Sim")
NO = Button(id="no", title="Não")
CONSENT_YES = Button(id="consent:accept", title="Aceito")
CONSENT_NO = Button(id="consent:refuse", title="Não aceito")


@dataclass(frozen=True)
class Say:
    """One message of ours: WhatsApp allows three buttons."""

    text: str
    buttons: tuple[Button, ...] = ()


MENU = (ASK, STATUS, PERSON)

CONSENT_REMINDER = Say(
    "Para continuar, preciso saber se você aceita. Toque em um dos botões.", (CONSENT_YES, CONSENT_NO, PERSON)
)
CONSENT_REFUSED = Say(
    "Tudo bem. Uma pessoa da equipe vai falar com você por aqui. "
    "Seu direito ao atendimento continua o mesmo. Em emergência, ligue 192 (SAMU)."
)
OPTED_OUT = Say(
    "Pronto. Não vamos mais enviar mensagens por aqui. Se precisar, é só escrever de novo. "
    "Em emergência, ligue 192 (SAMU)."
)
WELCOME = Say("Olá! Como posso ajudar? Toque em uma opção ou escreva com suas palavras.", MENU)
THANKS = Say("Por nada! Se precisar de mais alguma coisa, é só escrever.", ())
NOT_UNDERSTOOD = Say("Não entendi bem. Pode escrever de outro jeito ou tocar em uma opção?", MENU)
HANDED_OVER = Say("Certo. Uma pessoa da equipe vai falar com você por aqui. Em emergência, ligue 192 (SAMU).")
STILL_HANDED_OVER = Say("Sua mensagem chegou. Uma pessoa da equipe vai responder. Em emergência, ligue 192 (SAMU).")

ASK_IDENTITY = Say("Para sua segurança, preciso saber quem você é. Escreva seu CPF ou o número da carteirinha.")
BAD_IDENTITY = Say("Esse número não parece completo. Escreva só os números do CPF ou da carteirinha.")
CODE_SENT = Say(
    "Se o número estiver certo, enviamos um código de 6 números para o contato do seu cadastro. Escreva o código aqui."
)
CODE_WRONG = Say(
    "Esse código não confere. Confira e escreva de novo.", (Button(id="code:again", title="Novo código"), PERSON)
)
IDENTITY_FAILED = Say("Não consegui confirmar quem você é. Uma pessoa da equipe vai ajudar por aqui.")
LINKED = "Obrigado! Confirmei quem você é."

ASK_ORDER = Say("Envie uma foto do pedido médico. A folha inteira, com boa luz. Também pode ser um PDF.")
ORDER_ARRIVED = Say("Recebi o arquivo. Estou lendo. Isso leva poucos segundos.")
READING = Say("Obrigado. Estou lendo o papel que você enviou. Isso leva poucos segundos.")
READ_AGAIN = Say("Não consegui ler bem. Pode tirar outra foto? Deixe a folha reta, inteira e com boa luz.", (PERSON,))
FILE_REFUSED_MORE = "Se preferir, uma pessoa da equipe pode ajudar."
ASK_PROCEDURE = Say("Não consegui ler o nome do exame. Escreva o nome como está no papel.")
PROCEDURE_UNKNOWN = Say("Não encontrei esse nome. Uma pessoa da equipe vai ler seu pedido.")
ASK_OTHER_PERSON = Say(
    "O nome no papel parece ser de outra pessoa. Esse pedido é para você?",
    (Button(id="mine", title="É para mim"), Button(id="other", title="É para outra")),
)
OTHER_PERSON = Say("Certo. Para cuidar disso com segurança, uma pessoa da equipe vai falar com você.")
SUBMITTED = Say("Obrigado. Seu pedido foi registrado. Vou avisar por aqui quando houver resposta.")
NO_REQUESTS = Say("Não encontrei pedidos seus. Quer pedir uma autorização?", (ASK, PERSON))

SYMPTOM = Say(
    "Sinto muito que você não esteja bem. Por aqui não posso avaliar sua saúde. "
    "Se piorar, ligue 192 (SAMU) ou vá ao pronto-socorro. Quer falar com uma pessoa da equipe?",
    (PERSON,),
)
MEDICATION = Say(
    "Sobre remédios, quem pode orientar é seu médico ou farmacêutico. Quer falar com uma pessoa da equipe?", (PERSON,)
)
APPOINTMENT = Say("Uma pessoa da equipe vai ajudar a marcar. Aguarde a mensagem por aqui.")
AUDIO = Say(
    "Ainda não consigo ouvir áudios. Se for emergência, ligue 192 (SAMU) agora. "
    "Avisei uma pessoa da equipe. Se puder, escreva o que você precisa."
)
CANNOT_OPEN = Say("Não consigo abrir esse tipo de mensagem. Escreva ou envie uma foto, por favor.", MENU)
STICKER = Say("Recebi! Se precisar de ajuda, toque em uma opção.", MENU)
HELP_COMING = Say("Uma enfermeira foi avisada. Ligue 192 (SAMU) agora. Fique em um lugar seguro, se puder.")
CALLED_ALREADY = Say("Você fez bem em ligar. Siga o que o 192 orientar. Uma enfermeira foi avisada.")
LATE_PREFIX = "Sua mensagem chegou com atraso. "


def confirm(question: str, field: str) -> Say:
    """A yes-or-no question about one field that was read."""
    return Say(
        question, (Button(id=f"confirm:{field}:yes", title="Sim"), Button(id=f"confirm:{field}:no", title="Não"))
    )
