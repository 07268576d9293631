"""What you may ask of `language`: text in, findings out. It keeps no conversations and has no database.

The calls are plain functions that use the CPU: call them from worker processes, never on the event loop
of the api.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal, Protocol

from pydantic import Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.personal import Personal
from austa.modules.language.api.entities import Entities, KnownProvider, Procedure, ProcedureMatch, Words

Level = Literal["RED", "ORANGE", "YELLOW", "GREEN", "BLUE"]
"""AUSTA urgency levels, the most urgent first. Inspired by Manchester, a face-to-face protocol: a nurse classifies."""

Category = Literal[
    "cardiac",
    "breathing",
    "stroke",
    "consciousness",
    "bleeding",
    "obstetric",
    "postpartum",
    "newborn_child",
    "sepsis",
    "abdominal",
    "urological",
    "allergy",
    "poisoning",
    "self_harm",
    "violence",
    "trauma",
    "burn",
    "eye",
    "diabetes",
    "environment",
    "oncology",
    "post_operative",
    "asked_for_help",
    "several_signs",
]

Reading = Literal["stated", "doubtful"]
"""`doubtful`: the words are there, but denied, past, hypothetical or figurative: show the number, ask once."""

ReplyKind = Literal["emergency", "self_harm", "violence", "poisoning", "urgent", "ask_once"]

AdviceKind = Literal["same_day", "within_days", "at_home", "nurse"]
"""What is said at the end of an interview without an emergency: YELLOW, GREEN, BLUE, and a person takes over."""

TriageAnswer = Literal["yes", "no", "unknown"]

Intent = Literal[
    "symptom_report",
    "authorization_request",
    "authorization_status",
    "appointment_booking",
    "general_inquiry",
    "emergency_situation",
    "medication_question",
    "greeting",
    "thanks",
    "ask_person",
    "opt_out",
    "consent_yes",
    "consent_no",
    "yes",
    "no",
    "out_of_scope",
]

Distress = Literal["none", "some", "high"]
"""How upset a message sounds. Only ever a reason to offer a person sooner."""


class RedFlag(Contract):
    """One reason to raise urgency: which rule, which words, how surely it was said."""

    rule: str
    category: Category
    level: Level
    reading: Reading
    reply: ReplyKind
    words: tuple[Words, ...]
    why: str
    """The rule in plain words, in English, for the log and the nurse's screen; nothing of the message."""


class RedFlags(Contract):
    """Everything the red-flag layer found, the most urgent first. It can only raise urgency: finding nothing
    is no reassurance.

    `level` counts what was stated; a doubtful finding alone leaves it None and sets `reply` to `ask_once`.
    """

    findings: tuple[RedFlag, ...]
    level: Level | None
    reply: ReplyKind | None
    lexicon_version: str


class Button(Contract):
    """A quick reply. WhatsApp shows at most three, with titles of at most 20 characters."""

    id: str
    title: str = Field(max_length=20)


class SafeReply(Contract):
    """What a member is shown at once. Neutral: no disease names, no doses, no reassurance; linted."""

    kind: ReplyKind | AdviceKind
    text: str
    buttons: tuple[Button, ...] = Field(max_length=3)
    discreet: bool = False
    """True: someone dangerous may read the screen. Send nothing more that the member did not ask for."""
    version: str


class TriageQuestion(Contract):
    """One question of the interview. Its buttons answer it: their ids are those of `TriageAnswer`."""

    id: str
    text: str
    buttons: tuple[Button, ...] = Field(max_length=3)


class AnsweredQuestion(Contract):
    """What was answered to a question of the interview."""

    question: str
    answer: TriageAnswer


class TriageState(Contract):
    """Everything an interview knows; the caller stores it between two messages, encrypted.

    `told`: what was written, oldest first. `asked`: the open question, None when the interview has ended.
    """

    told: tuple[Personal, ...]
    answers: tuple[AnsweredQuestion, ...] = ()
    asked: str | None = None


class TriageFinding(Contract):
    """One reason for the level: a complaint, a sign of danger or a red flag.

    `words` are those of the message, where `message` counts back from 0 in `TriageState.told`; a finding that comes
    from an answer or from other findings has none.
    """

    sign: str
    level: Level
    evidence: Literal["words", "answer", "red_flag"]
    words: tuple[Words, ...] = ()
    why: str
    """In plain English, for the log and the nurse's screen; nothing of the message."""


class TriageOutcome(Contract):
    """What the interview proposes; a nurse classifies.

    `level` None: nothing was recognised. `minutes`: by when the member should be seen. `unknown`: signs of danger or
    of urgency that were asked and not known; they never lower the level. `handed_to_person`: a person must read this.
    """

    level: Level | None
    minutes: int | None
    findings: tuple[TriageFinding, ...]
    unknown: tuple[str, ...]
    handed_to_person: bool
    reply: ReplyKind | AdviceKind
    red_flags: RedFlags
    version: str


class TriageStep(Contract):
    """The next question, or the outcome: one of the two."""

    state: TriageState
    question: TriageQuestion | None = None
    outcome: TriageOutcome | None = None


class TextFault(Contract):
    """Words that no text to a member may hold, and of what kind they are."""

    kind: Literal[
        "disease",
        "medicine",
        "dose",
        "procedure",
        "health_code",
        "symptom",
        "reassurance",
        "promise",
        "blame",
        "sentence",
    ]
    words: str


class UtteranceContext(Contract):
    """What is known around a message.

    `recent`: what the same person wrote in the last five minutes, oldest first. `awaiting`: what we last
    asked, so that a bare "sim" can be read. `today`: local date, for "amanhã" and "12/3". `providers`: names to link
    mentions of hospitals and doctors to; without them mentions stay words.
    """

    recent: tuple[Personal, ...] = ()
    awaiting: Literal["consent", "confirmation", "code", "card_or_cpf", "birth_date"] | None = None
    today: date | None = None
    providers: tuple[KnownProvider, ...] = ()


class IntentGuess(Contract):
    """An intent and how probable it is, 0..1.

    A probability measured on messages of authors whom the model had not read (docs/reference/language-card.md), and
    so only as true as those resemble yours. What rules read in so many words ("sim", "sair", a red flag) shows 0.99;
    without the model it is how much the rules support the guess. Neither of these two was measured.
    """

    intent: Intent
    confidence: float


class Condition(Contract):
    """A row of CID-10 in Portuguese. `code` without the dot, as TISS writes it (`M232`)."""

    code: str
    description: str

    @property
    def dotted(self) -> str:
        """As people write it: `M23.2`."""
        return f"{self.code[:3]}.{self.code[3:]}" if len(self.code) > 3 else self.code


class Understanding(Contract):
    """What a message says. `red_flags` comes first and stands on its own; nothing below lowers it.

    `intents`: the supported ones, best first; empty and `abstained` when nothing carries a guess. `red_flags` holds
    what `screen` finds and, where that states nothing, what the second reader raised. `model_version` is None where
    rules alone answered, because the model could not be loaded.
    """

    red_flags: RedFlags
    intents: tuple[IntentGuess, ...]
    abstained: bool
    entities: Entities
    lexicon_version: str
    model_version: str | None = None
    distress: Distress = "none"

    @property
    def intent(self) -> Intent | None:
        """The best supported intent, or None when nothing carries a guess."""
        return self.intents[0].intent if self.intents else None


class MessageToRead(Contract):
    """What the API is asked about: a message, and what the same person wrote just before it, oldest first."""

    text: Personal
    recent: tuple[Personal, ...] = Field(default=(), max_length=20)


class Draft(Contract):
    """A plain answer to a question about the plan, drafted by a language model from approved passages only and checked.

    `sources`: the passages it rests on, as they are shown ("Reembolso. Lei 9.656/1998, art. 12").
    """

    text: str
    sources: tuple[str, ...]
    knowledge_version: str


class Transcript(Contract):
    """What was heard in a voice note. `confidence` 0..1 is that of its worst part; `seconds` is its length."""

    text: Personal
    confidence: float
    seconds: float


class Analysed(Contract):
    """Which data an answer rests on. `model_version` is None where rules alone gave it."""

    lexicon_version: str
    model_version: str | None = None


class SymptomAnalysis(Analysed):
    """How urgent a message is. `level` counts what was stated; `reply` is what a member would be shown at once; None is
    no reassurance. `triage`: the first step of the interview, its next question or its outcome."""

    level: Level | None
    red_flags: RedFlags
    reply: SafeReply | None
    triage: TriageStep


class EntityAnalysis(Analysed):
    """The facts that a message names."""

    entities: Entities


class IntentAnalysis(Analysed):
    """What a message wants, best first; `abstained` when nothing carries a guess."""

    intents: tuple[IntentGuess, ...]
    abstained: bool


class ImportProblem(Contract):
    """A line of an operator's file that was not taken, and why."""

    line: int
    reason: Literal["missing_column", "bad_code", "empty_description", "repeated_code"]


class ConditionsReport(Contract):
    """What an import of CID-10 found, or did when `applied`."""

    rows: int
    accepted: int
    new: int
    changed: int
    problems: tuple[ImportProblem, ...]
    applied: bool


class Language(Protocol):
    """Reads Portuguese as members write it."""

    def screen(self, text: Personal, recent: tuple[Personal, ...] = ()) -> RedFlags:
        """Look for emergencies in a message and in the last five minutes joined. Deterministic, never raises,
        MUST run on every message before and apart from everything else (domain-br 8.2)."""
        ...

    def understand(self, text: Personal, context: UtteranceContext) -> Understanding:
        """Red flags, intents and entities of a message. Never raises on any text."""
        ...

    def understand_many(
        self,
        messages: Sequence[tuple[Personal, UtteranceContext]],
        *,
        screened: Sequence[RedFlags] = (),
        facts: bool = True,
    ) -> tuple[Understanding, ...]:
        """The same for many messages, in their order; each answer is the one it would have alone.

        `screened`: what `screen` found in each of these texts with the same `recent`, where that was asked before.
        Without `facts` only danger and intents are sought: entities stay empty, and distress is not weighed.
        """
        ...

    def get_reply(self, kind: ReplyKind | AdviceKind) -> SafeReply:
        """The safe text for a finding or for the end of an interview."""
        ...

    def lint(self, text: Personal) -> tuple[TextFault, ...]:
        """What a text of ours must not say to a member: anything of their health, promises, blame, sentences too long.
        Never raises."""
        ...

    def start_triage(self, text: Personal, recent: tuple[Personal, ...] = ()) -> TriageStep:
        """Begin the interview about a complaint: at most five questions. `recent`: what the same person wrote before,
        oldest first. A stated red flag ends it at once. Never raises on any text."""
        ...

    def continue_triage(self, state: TriageState, answer: TriageAnswer | Personal) -> TriageStep:
        """The step after an answer: a tapped button, or what was typed instead. Typed words are screened for red flags
        and read for other answers; where they answer nothing the question counts as not known.

        Errors: `language.interview_has_ended` (Conflict) when no question is open.
        """
        ...

    async def draft_answer(self, question: Personal) -> Draft | None:
        """Draft an answer to a general question about the plan. None where no model is set up, the question is not
        such a one (a red flag, a symptom, a medicine: never), no approved passage fits, or the model's answer is late
        or does not stand the checks. Never raises; nothing personal leaves. Ask on the event loop."""
        ...

    @property
    def hears(self) -> bool:
        """Whether voice notes are transcribed here. Where not, a person listens to each."""
        ...

    async def transcribe(self, audio: bytes) -> Transcript | None:
        """The words of a voice note of at most three minutes, when every part was heard surely; else None, and a
        person MUST listen. Takes at most 45 seconds and never raises. Ask on the event loop: a child computes."""
        ...


class Analyses(Protocol):
    """The same for programs of the operator: one message, read in a process of its own.

    Errors of all: `access.denied` (Forbidden; signed-in staff may), and `language.analysis_busy`,
    `language.analysis_died`, `language.analysis_too_slow` (Unavailable: the same call may work later).
    """

    async def analyze_symptom(self, caller: Caller, message: MessageToRead) -> SymptomAnalysis:
        """Red flags and urgency."""
        ...

    async def extract_entities(self, caller: Caller, message: MessageToRead) -> EntityAnalysis:
        """The facts named."""
        ...

    async def guess_intents(self, caller: Caller, message: MessageToRead) -> IntentAnalysis:
        """What is wanted."""
        ...


class Terminology(Protocol):
    """TUSS table 22 and CID-10. Loaded on first use."""

    def get_procedure(self, tuss: str) -> Procedure | None:
        """The procedure with that code; dots, dashes and spaces are ignored."""
        ...

    def find_procedures(self, words: str, limit: int = 5) -> tuple[ProcedureMatch, ...]:
        """Procedures in force that fit the words, lay ones too, best first. Empty when nothing fits."""
        ...

    def has_doubtful_check_digit(self, tuss: str) -> bool:
        """True when the last digit does not agree (mod 11): a warning "possível erro de digitação", never a
        refusal, because a few official codes do not agree either."""
        ...

    def get_condition(self, cid: str) -> Condition | None:
        """The condition with that code, written with or without the dot."""
        ...

    def import_conditions(self, path: Path, *, apply: bool = False) -> ConditionsReport:
        """Read an operator's full CID-10 table: CSV, columns `codigo` and `descricao`, comma or semicolon,
        UTF-8 or Latin-1.

        Without `apply` nothing is written: the report says what would happen. With it the good rows become
        the table.
        Errors: `language.conditions_file_unreadable`, `language.no_place_for_conditions` (both Invalid).
        """
        ...
