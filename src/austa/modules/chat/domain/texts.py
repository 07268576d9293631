"""What the assistant says. Simple Portuguese: short sentences, no disease names, no promises, no blame.

A test reads every text: sentences of at most 15 words, forbidden words, button lengths.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from austa.kernel.ids import MemberId
from austa.modules.chat.api.conversations import Button, Row

MOST_BUTTONS = 3
"""WhatsApp shows no more; where there are more, a list opens."""
MOST_ROWS = 10
FOR = "for:"
"""Begins the ids of buttons that choose a person."""
OPENS_LIST = "Ver opções"
LONGEST_ABOVE_BUTTONS = 1024
"""WhatsApp's limit for the text above buttons or a list; without either it is 4,096."""

PERSON = Button(id="person", title="Falar com pessoa")
ASK = Button(id="ask", title="Pedir autorização")
STATUS = Button(id="status", title="Ver meu pedido")
CONSENT_YES = Button(id="consent:accept", title="Aceito")
CONSENT_NO = Button(id="consent:refuse", title="Não aceito")
NEW_CODE = Button(id="code:again", title="Novo código")
SOMEBODY_ELSE = Button(id="for:other", title="Outra pessoa")
MINE = Button(id="mine", title="É para mim")
OTHERS = Button(id="other", title="É para outra")


@dataclass(frozen=True)
class Say:
    """One message of ours, with at most three buttons, or a list of at most ten rows that opens on a tap."""

    text: str
    buttons: tuple[Button, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def options(self) -> tuple[Button | Row, ...]:
        """What can be chosen, in the order shown."""
        return self.buttons or self.rows


SPECIALTIES = {
    "clinico": "Clínico geral",
    "cardiolog": "Cardiologia",
    "dermatolog": "Dermatologia",
    "ginecolog": "Ginecologia",
    "oftalmolog": "Oftalmologia",
    "ortoped": "Ortopedia",
    "pediatr": "Pediatria",
    "psicolog": "Psicologia",
    "dentista": "Dentista",
}
"""What is asked for most, by the beginning of the word; anything else may be written."""
MENU = (ASK, STATUS, PERSON)
BOOK = Row(id="appointment", title="Marcar consulta", description="Médico, dentista ou terapia")
UNWELL = Row(id="symptoms", title="Não estou bem", description="Em emergência, ligue 192")
ABOUT_PLAN = Row(id="plan", title="Dúvida sobre o plano", description="Rede, reembolso, carteirinha")
EVERYTHING = (
    Row(id=ASK.id, title=ASK.title, description="Exame, cirurgia ou tratamento"),
    Row(id=STATUS.id, title=STATUS.title, description="Em que ponto está"),
    BOOK,
    UNWELL,
    ABOUT_PLAN,
    Row(id=PERSON.id, title=PERSON.title, description="Alguém da equipe responde"),
)

CONSENT_REMINDER = Say(
    "Para continuar, preciso saber se você aceita. Toque em um dos botões. Em emergência, ligue 192 (SAMU).",
    (CONSENT_YES, CONSENT_NO, PERSON),
)
CONSENT_REFUSED = Say(
    "Tudo bem. Uma pessoa da equipe vai falar com você por aqui. "
    "Seu direito ao atendimento continua o mesmo. Em emergência, ligue 192 (SAMU)."
)
OPTED_OUT = Say(
    "Pronto. Não vamos mais enviar mensagens por aqui. Se precisar, é só escrever de novo. "
    "Em emergência, ligue 192 (SAMU)."
)
TO_STOP = Say("Tudo bem. Para parar de receber mensagens, escreva SAIR. Para continuar, toque em uma opção.", MENU)
WELCOME = Say("Olá! Como posso ajudar? Escreva com suas palavras. Se preferir, toque em Ver opções.", rows=EVERYTHING)
THANKS = Say("Por nada! Se precisar de mais alguma coisa, é só escrever.")
ALL_RIGHT = Say("Tudo bem. Se precisar, é só escrever.")
NOT_UNDERSTOOD = Say("Não entendi bem. Pode escrever de outro jeito ou tocar em uma opção?", MENU)
HANDED_OVER = Say("Certo. Uma pessoa da equipe vai falar com você por aqui. Em emergência, ligue 192 (SAMU).")
OFFER_PERSON = Say("Sinto muito por isso. Se preferir, uma pessoa da equipe pode ajudar.", (PERSON,))
STILL_HANDED_OVER = Say("Sua mensagem chegou. Uma pessoa da equipe vai responder. Em emergência, ligue 192 (SAMU).")

ASK_IDENTITY = Say("Para sua segurança, preciso saber quem você é. Escreva seu CPF ou o número da carteirinha.")
ASK_IDENTITY_OTHER = Say(
    "Certo. Escreva o CPF ou o número da carteirinha dessa pessoa. O código vai para o contato do cadastro dela."
)
TOO_MANY_CODES = Say("Já foram muitas tentativas hoje. Uma pessoa da equipe vai ajudar por aqui.")
BAD_IDENTITY = Say("Esse número não parece completo. Escreva só os números do CPF ou da carteirinha.")
CODE_SENT = Say(
    "Se o número estiver certo, enviamos um código de 6 números. "
    "Ele vai para o contato do seu cadastro. Escreva o código aqui."
)
CODE_WRONG = Say("Esse código não confere. Confira e escreva de novo.", (NEW_CODE, PERSON))
CODE_HELP = Say("Escreva aqui os 6 números do código. Se ele não chegou, toque em uma opção.", (NEW_CODE, PERSON))
IDENTITY_FAILED = Say("Não consegui confirmar quem você é. Uma pessoa da equipe vai ajudar por aqui.")
LINKED = "Obrigado! Confirmei quem você é."

ASK_ORDER = Say("Envie uma foto do pedido médico. A folha inteira, com boa luz. Também pode ser um PDF.")
NO_ORDER = Say("Para registrar, preciso do pedido médico. Quando tiver, envie por aqui.", (PERSON,))
ORDER_ARRIVED = Say("Recebi o arquivo. Estou lendo. Isso leva poucos segundos.")
READING = Say("Obrigado. Estou lendo o papel que você enviou. Isso leva poucos segundos.")
READ_AGAIN = Say("Não consegui ler bem. Pode tirar outra foto? Deixe a folha reta, inteira e com boa luz.", (PERSON,))
FILE_REFUSED_MORE = "Se preferir, uma pessoa da equipe pode ajudar."
FILE_GONE = "Não consegui abrir o arquivo. Envie de novo, por favor."
ASK_PROCEDURE = Say("Não consegui ler o nome do exame. Escreva o nome como está no papel.", (PERSON,))
ASK_PROCEDURE_AGAIN = Say("Não encontrei esse nome. Confira no papel e escreva de novo.", (PERSON,))
PROCEDURE_UNKNOWN = Say("Não encontrei esse nome. Uma pessoa da equipe vai ler seu pedido.")
ASK_OTHER_PERSON = Say("O nome no papel parece ser de outra pessoa. Esse pedido é para você?", (MINE, OTHERS))
OTHER_PERSON = Say("Certo. Para cuidar disso com segurança, uma pessoa da equipe vai falar com você.")
ADDED = Say("Pronto. Juntei o papel ao seu pedido. Vou avisar por aqui quando houver resposta.")
CANNOT_REGISTER = Say("Uma pessoa da equipe vai terminar seu pedido e falar com você por aqui.")
NO_REQUESTS = Say("Não encontrei pedidos seus. Quer pedir uma autorização?", (ASK, PERSON))

LONGEST_SUMMARY = 4000
"""Characters of what staff read of a hand-over."""
IF_WORSE = "Em emergência, ligue 192 (SAMU)."
ASK_COMPLAINT = Say(f"Sinto muito. Conte com suas palavras o que você sente. {IF_WORSE}", (PERSON,))
INTERVIEW_ANSWERS = {
    "who:me": "Eu",
    "who:child": "Criança",
    "who:other": "Outra pessoa",
    "since:today": "Hoje",
    "since:days": "Há alguns dias",
    "since:long": "Há mais tempo",
    "strength:weak": "Fraco",
    "strength:middle": "Médio",
    "strength:strong": "Forte",
}


def _choices(beginning: str, answers: dict[str, str]) -> tuple[Button, ...]:
    return tuple(Button(id=name, title=title) for name, title in answers.items() if name.startswith(beginning))


ASK_WHO = Say(f"Quem está sentindo isso? {IF_WORSE}", _choices("who:", INTERVIEW_ANSWERS))
ASK_SINCE = Say(f"Desde quando está assim? {IF_WORSE}", _choices("since:", INTERVIEW_ANSWERS))
ASK_STRENGTH = Say(f"Está fraco, médio ou forte? {IF_WORSE}", _choices("strength:", INTERVIEW_ANSWERS))
NURSE_READS = Say(
    "Obrigado por contar. Uma enfermeira vai ler tudo e falar com você por aqui. "
    "Se piorar, ligue 192 (SAMU). Também se vier falta de ar, desmaio ou dor muito forte."
)
SIGN_BUTTONS = (
    Button(id="sign:yes", title="Sim"),
    Button(id="sign:no", title="Não"),
    Button(id="sign:unknown", title="Não sei"),
)
LEVELS = {"YELLOW": "amarelo", "GREEN": "verde", "BLUE": "azul", "ORANGE": "laranja", "RED": "vermelho"}


def about_danger(question: str) -> Say:
    """One question of the interview; the emergency number always stands below."""
    return Say(f"{question}\n{IF_WORSE}", SIGN_BUTTONS)


MEDICATION = Say(
    "Sobre remédios, quem pode orientar é seu médico ou farmacêutico. Quer falar com uma pessoa da equipe?", (PERSON,)
)
PLAN_QUESTION = Say("Sobre isso, uma pessoa da equipe pode ajudar. Quer falar com ela?", (PERSON, ASK, STATUS))
ASK_PLAN = Say("Certo. Qual é a sua dúvida? Escreva com suas palavras.", (PERSON,))
OUT_OF_SCOPE = Say("Por aqui eu ajudo com o seu plano de saúde. Toque em uma opção.", MENU)
APPOINTMENT = Say("Anotei. Uma pessoa da equipe vai ajudar a marcar. Aguarde a mensagem por aqui.")
APPOINTMENT_ANSWERS = {
    **{f"specialty:{number}": title for number, title in enumerate(SPECIALTIES.values())},
    "time:morning": "De manhã",
    "time:afternoon": "À tarde",
    "time:any": "Tanto faz",
}
ASK_SPECIALTY = Say(
    "Qual médico ou serviço você procura? Escreva ou toque em Ver opções.",
    rows=tuple(
        Row(id=name, title=title) for name, title in APPOINTMENT_ANSWERS.items() if name.startswith("specialty:")
    ),
)
ASK_PLACE = Say("Em qual cidade e bairro fica melhor para você? Escreva com suas palavras.")
ASK_TIME = Say("Qual horário é melhor? Se quiser, escreva o dia também.", _choices("time:", APPOINTMENT_ANSWERS))
STILL_OPEN = Say(
    "Olá de novo! Faz tempo que não nos falamos. Um pedido seu ficou pela metade. Quer continuar esse pedido?",
    (Button(id="resume:yes", title="Sim, continuar"), Button(id="resume:no", title="Não, deixar")),
)
LEFT_OPEN = Say("Tudo bem. Deixei esse pedido de lado. Como posso ajudar?", MENU)
AUDIO = Say(
    "Recebi seu áudio. Uma pessoa da equipe vai ouvir. Se for emergência, ligue 192 (SAMU) agora. "
    "Se puder, escreva o que você precisa."
)
CANNOT_OPEN = Say("Não consigo abrir esse tipo de mensagem. Escreva ou envie uma foto, por favor.", MENU)
RATINGS = {f"rating:{rating}": rating for rating in range(1, 6)}
_RATING_WORDS = ("Péssimo", "Ruim", "Mais ou menos", "Bom", "Ótimo")
ASK_RATING = Say(
    "Como foi o atendimento? Toque em Ver opções ou escreva um número de 1 a 5. 5 é ótimo. "
    "Se não quiser, não precisa responder.",
    # In this order a typed number is both the place in the list and the rating.
    rows=tuple(Row(id=name, title=f"{name[-1]} - {word}") for name, word in zip(RATINGS, _RATING_WORDS, strict=True)),
)
RATED = Say("Obrigado por responder! Se quiser, escreva em uma frase o que achou.")
RATED_BADLY = Say(
    "Obrigado por dizer. Sinto muito. Se quiser, escreva o que aconteceu. Uma pessoa da equipe vai ler.", (PERSON,)
)
RATED_BESIDE = Say("Obrigado por responder!")
COMMENT_KEPT = Say("Obrigado. Anotei o que você escreveu.")
COMPLAINT = Say("Sinto muito. Registrei sua reclamação. Uma pessoa da equipe vai ler e responder por aqui.")
LOCATION = Say(
    "Recebi sua localização. Por aqui não enviamos ajuda até você. Em emergência, ligue 192 (SAMU) e diga onde está.",
    (PERSON,),
)
CONTACT = Say("Recebi o contato. Nossa equipe não liga para ele por aqui. Escreva o que você precisa.", (PERSON,))
VIDEO = Say(
    "Recebi o vídeo, mas não consigo assistir. Escreva o que você precisa ou envie uma foto. "
    "Em emergência, ligue 192 (SAMU).",
    (PERSON,),
)
BASKET = Say("Recebi sua lista, mas por aqui não há compras. Como posso ajudar?", MENU)
CALL = Say(
    "Não atendemos ligações neste número. Escreva o que você precisa. Em emergência, ligue 192 (SAMU) agora.",
    (PERSON,),
)
UNREAD_EDIT = Say("Você corrigiu uma mensagem, mas não consigo ver a correção. Escreva de novo, por favor.")
STICKER = Say("Recebi! Se precisar de ajuda, toque em uma opção.", MENU)

HELP_COMING = Say("Uma enfermeira foi avisada. Ligue 192 (SAMU) agora. Não espere resposta por aqui.")
STILL_NOBODY_CAME = Say(
    "Nossa equipe ainda não conseguiu falar com você. Se você não está bem, ligue 192 (SAMU) agora. "
    "A ligação é grátis. Não espere resposta por aqui."
)
STILL_NOBODY: dict[str, Say | None] = {
    "self_harm": Say(
        "Nossa equipe ainda não conseguiu falar com você. Ligue 188 (CVV), é grátis e atende toda hora. "
        "Se há perigo agora, ligue 192 (SAMU). Fique perto de alguém, se puder."
    ),
    "call_back": None,
}
"""What is said when nobody of the staff came in time. Whom our messages do not reach is called."""
NOT_SAFE = Say("Ligue agora para o 192 (SAMU) ou 188 (CVV). Fique perto de alguém, se puder. Nossa equipe foi avisada.")
NURSE_WARNED = Say("Sua mensagem chegou. Uma enfermeira foi avisada. Se for emergência, ligue 192 (SAMU) agora.")
CALLED_ALREADY = Say("Você fez bem em ligar. Siga o que o 192 orientar. Uma enfermeira foi avisada.")
ON_THE_WAY = Say("Certo. Leve o documento e a carteirinha, se puder. Se piorar, ligue 192 (SAMU).")
SAFE = Say("Que bom. Uma pessoa da equipe vai falar com você. O 188 (CVV) atende dia e noite. Em risco, ligue 192.")
TALK = Say("Certo. Uma pessoa da equipe vai falar com você por aqui. Se for urgente, ligue 192 ou 188.")
DISCREET_YES = Say("Certo. Pode escrever. Uma pessoa da equipe vai ler.")
DISCREET_NO = Say("Certo.")
DISCREET_CALL = Say("Certo. Vamos tentar ligar.")
NOT_NOW = Say("Entendi. Se mudar, ligue 192 (SAMU).")
LATE_PREFIX = "Sua mensagem chegou com atraso. "
CAME_LATE = Say(
    "Recebi agora uma mensagem que você mandou antes. Se ainda precisar disso, escreva de novo. "
    "Em emergência, ligue 192 (SAMU)."
)


LONGEST_ECHO = 500


def understood(transcript: str) -> Say:
    """What was heard in a voice note, so that a mistake is seen."""
    shown = transcript if len(transcript) <= LONGEST_ECHO else transcript[: LONGEST_ECHO - 1] + "…"
    return Say(f"Entendi: {shown}")


def drafted(answer: str, sources: tuple[str, ...]) -> Say:
    """A checked draft with its sources; a person is one tap away."""
    return Say(f"{answer}\n\nFonte: {'; '.join(sources)}", PLAN_QUESTION.buttons)


def fold_title(text: str) -> str:
    """A button's words as people type them."""
    return " ".join(text.casefold().replace(".", " ").replace("!", " ").split())


def confirm(question: str, field: str) -> Say:
    """A yes-or-no question about one field that was read."""
    return Say(
        question, (Button(id=f"confirm:{field}:yes", title="Sim"), Button(id=f"confirm:{field}:no", title="Não"))
    )


def confirm_requester(requester: str) -> Say:
    """Whether the council registration was read right."""
    return confirm(f"No papel eu li {requester}. Está certo?", "requester")


def confirm_pending(protocol: str) -> Say:
    """Whether a paper belongs to a request that waits for papers."""
    return confirm(f"O pedido {protocol} está esperando papéis. Esse papel é para ele?", "pending")


def for_button(member_id: MemberId) -> str:
    """The id of the button that chooses that person."""
    return f"{FOR}{member_id}"


def for_whom(people: Sequence[tuple[MemberId, str]]) -> Say:
    """The question, with first names; a list where there are more than two."""
    question = "Para quem é?"
    if len(people) < MOST_BUTTONS:
        named = (Button(id=for_button(member_id), title=name) for member_id, name in people)
        return Say(question, (*named, SOMEBODY_ELSE))
    rows = (Row(id=for_button(member_id), title=name) for member_id, name in people)
    return Say(question, rows=(*rows, Row(id=SOMEBODY_ELSE.id, title=SOMEBODY_ELSE.title)))


def speaking_of(name: str) -> Say:
    """Somebody was chosen, and nothing is wanted yet."""
    return Say(f"Certo. Agora é para {name}. Como posso ajudar?", MENU)


def about(name: str, sentences: Sequence[str]) -> Say:
    """What is told of a person; with their name, where the phone serves several."""
    return Say("\n".join([f"Sobre {name}:", *sentences] if name else sentences), (PERSON,))


_OPTIONS: tuple[Button | Row, ...] = (
    *EVERYTHING,
    *(PERSON, ASK, STATUS, CONSENT_YES, CONSENT_NO, NEW_CODE, SOMEBODY_ELSE, MINE, OTHERS),
    *confirm("", "requester").buttons,
    *confirm("", "pending").buttons,
    *(*ASK_WHO.options, *ASK_SINCE.options, *ASK_STRENGTH.options, *SIGN_BUTTONS),
    *ASK_RATING.options,
    *(*ASK_SPECIALTY.options, *ASK_TIME.options, *STILL_OPEN.options),
)
OWN_OPTIONS = {option.id: option for option in _OPTIONS}
"""Everything of the dialogue that can be tapped. What is typed as "Sim" or "Não" is understood as words."""


def is_ours(button: str | None) -> bool:
    """Whether a button is one of the dialogue's."""
    return button is not None and (button in OWN_OPTIONS or button.startswith(FOR))


_ANSWERS_ONLY = {"confirm", "sign", "who", "since", "strength", "specialty", "time", "rating"}
"""Buttons whose words mean something only as an answer: typed, they are read as words."""

TYPED = {
    fold_title(option.title): option.id
    for option in OWN_OPTIONS.values()
    if option.id.partition(":")[0] not in _ANSWERS_ONLY
}


RATINGS_TYPED = {
    **{str(rating): rating for rating in RATINGS.values()},
    **{fold_title(word): rating for rating, word in enumerate(_RATING_WORDS, start=1)},
    **{fold_title(row.title): RATINGS[row.id] for row in ASK_RATING.rows},
}


def contact_protocol(protocol: str) -> str:
    """The line that is added to the first reply of a contact (RN ANS 623/2024)."""
    return f"\n\nProtocolo deste atendimento: {protocol}"


def registered(protocol: str) -> Say:
    """The request was taken; the protocol is told at once (RN ANS 623/2024), here or in the answer itself."""
    return Say(
        f"Pronto, li o papel e registrei seu pedido. Protocolo: {protocol}. Vou avisar por aqui quando houver resposta."
    )
