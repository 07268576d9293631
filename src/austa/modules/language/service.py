"""Reads messages and looks up terminologies. What ships is compiled on first use, once in a process."""

from collections.abc import Sequence
from datetime import date
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from pathlib import Path

import structlog

from austa.infra import telemetry
from austa.infra.access import Access
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.errors import Conflict
from austa.kernel.personal import Personal
from austa.modules.language.adapters.analysis import AnalysisProcess
from austa.modules.language.adapters.chat_model import ChatModel
from austa.modules.language.adapters.conditions import ConditionsTable, read_table
from austa.modules.language.adapters.intent_model import IntentModel, load_model
from austa.modules.language.adapters.transcriber import Transcriber
from austa.modules.language.adapters.tuss import load_procedures
from austa.modules.language.api.entities import Entities, Procedure, ProcedureMatch
from austa.modules.language.api.language import (
    AdviceKind,
    AnsweredQuestion,
    Condition,
    ConditionsReport,
    Draft,
    EntityAnalysis,
    Intent,
    IntentAnalysis,
    MessageToRead,
    RedFlags,
    ReplyKind,
    SafeReply,
    SymptomAnalysis,
    TextFault,
    Transcript,
    TriageAnswer,
    TriageState,
    TriageStep,
    Understanding,
    UtteranceContext,
)
from austa.modules.language.domain import normalise, procedures
from austa.modules.language.domain.conditions import compare_conditions, parse_conditions, plain_code
from austa.modules.language.domain.distress import DistressRules
from austa.modules.language.domain.entities.finder import EntityFinder
from austa.modules.language.domain.intents import IntentRules, Scores
from austa.modules.language.domain.knowledge.articles import Knowledge, load_knowledge
from austa.modules.language.domain.knowledge.drafts import instructions, read_draft
from austa.modules.language.domain.masking import mask
from austa.modules.language.domain.pertinent_negatives import tells_of_wellbeing
from austa.modules.language.domain.procedures import ProcedureIndex, ProcedureNames
from austa.modules.language.domain.redflags import Lexicon, load_lexicon
from austa.modules.language.domain.replies import forbidden, load_replies, named_procedures
from austa.modules.language.domain.second_reader import read_again, says_only_for_whom
from austa.modules.language.domain.transcripts import is_trusted
from austa.modules.language.domain.triage.interview import Interview
from austa.modules.language.domain.triage.protocol import load_protocol
from austa.modules.language.domain.triage.spoken_answers import read_answer

log = structlog.get_logger()

_ON_HEALTH: frozenset[Intent] = frozenset({"symptom_report", "medication_question", "emergency_situation"})


class LanguageService:
    """`Language` and `Terminology` in one process. Build it once; it is safe to share between threads."""

    def __init__(
        self,
        clock: Clock,
        conditions_file: Path | None = None,
        *,
        transcriber: Transcriber | None = None,
        chat_model: ChatModel | None = None,
    ) -> None:
        self._clock = clock
        self._table = ConditionsTable(conditions_file)
        self._transcriber = transcriber
        self._chat_model = chat_model

    def screen(self, text: Personal, recent: tuple[Personal, ...] = ()) -> RedFlags:
        return _lexicon().screen([*(earlier.reveal() for earlier in recent), text.reveal()])

    def understand(self, text: Personal, context: UtteranceContext) -> Understanding:
        return self.understand_many([(text, context)])[0]

    def understand_many(
        self,
        messages: Sequence[tuple[Personal, UtteranceContext]],
        *,
        screened: Sequence[RedFlags] = (),
        facts: bool = True,
    ) -> tuple[Understanding, ...]:
        model = self._model
        scores = model.read([text.reveal() for text, _ in messages]) if model else [None] * len(messages)
        flags = screened or [self.screen(text, context.recent) for text, context in messages]
        return tuple(
            self._understand(text.reveal(), context, found, read, facts=facts)
            for (text, context), found, read in zip(messages, flags, scores, strict=True)
        )

    def _understand(
        self, plain: str, context: UtteranceContext, red_flags: RedFlags, scores: Scores | None, *, facts: bool
    ) -> Understanding:
        reading = normalise.read([plain])
        found = self._find_entities(plain, reading, context) if facts or scores is None else Entities()
        if scores is None or self._model is None or says_only_for_whom(reading.words):
            intents = _intents().guess(
                reading, red_flags, names_procedure=bool(found.procedures), awaiting=context.awaiting
            )
        else:
            bars = self._model.bars
            # Sought only where it can matter: most messages end below the lowest bar.
            calmly = scores.emergency >= bars.emergency and tells_of_wellbeing(reading)
            red_flags = read_again(red_flags, scores, bars, words=len(reading.words), calmly=calmly)
            intents = _intents().weigh(reading, red_flags, scores, self._model.bars, awaiting=context.awaiting)
        return Understanding(
            red_flags=red_flags,
            intents=intents,
            abstained=not intents,
            entities=found,
            lexicon_version=red_flags.lexicon_version,
            model_version=self._model.version if self._model else None,
            distress=_distress().weigh(plain, reading) if facts else "none",
        )

    def get_reply(self, kind: ReplyKind | AdviceKind) -> SafeReply:
        return _replies()[kind]

    def lint(self, text: Personal) -> tuple[TextFault, ...]:
        plain = text.reveal()
        found = self._find_entities(plain, normalise.read([plain]), UtteranceContext())
        named = [
            *(("procedure", each.words) for each in found.procedures),
            *(("health_code", each.words) for each in found.conditions),
            *(("medicine", each.words) for each in found.medicines),
            *(("symptom", each.words) for each in found.symptoms),
        ]
        mentions = [TextFault.model_validate({"kind": kind, "words": words.text.reveal()}) for kind, words in named]
        faults = [*forbidden(plain), *named_procedures(plain), *mentions]
        return tuple(dict.fromkeys(faults))

    async def draft_answer(self, question: Personal) -> Draft | None:
        if self._chat_model is None or not self._is_general(question):
            return None
        passages = _knowledge().find(question.reveal())
        if not passages:
            return None
        masked = mask(question.reveal(), _knowledge().words)
        told = await self._chat_model.complete(instructions(passages), masked.text)
        draft = read_draft(told, passages, masked, _knowledge()) if told is not None else None
        telemetry.DRAFTS.labels("none" if told is None else "sent" if draft else "discarded").inc()
        return draft

    @property
    def hears(self) -> bool:
        return self._transcriber is not None

    async def transcribe(self, audio: bytes) -> Transcript | None:
        heard = await self._transcriber.transcribe(audio) if self._transcriber else None
        return heard if heard is not None and is_trusted(heard) else None

    def start_triage(self, text: Personal, recent: tuple[Personal, ...] = ()) -> TriageStep:
        return self._step(TriageState(told=(*recent, text)))

    def continue_triage(self, state: TriageState, answer: TriageAnswer | Personal) -> TriageStep:
        if state.asked is None:
            raise Conflict("language.interview_has_ended", "no question of this interview is open")
        told = state.told
        if isinstance(answer, Personal):
            told, answer = (*told, answer), read_answer(answer.reveal())
        answers = (*state.answers, AnsweredQuestion(question=state.asked, answer=answer))
        return self._step(TriageState(told=told, answers=answers))

    def analyze_symptom(self, message: MessageToRead) -> SymptomAnalysis:
        """Red flags and urgency of one message, for `Analyses`."""
        red_flags = self.screen(message.text, message.recent)
        return SymptomAnalysis(
            level=red_flags.level,
            red_flags=red_flags,
            reply=self.get_reply(red_flags.reply) if red_flags.reply else None,
            triage=self.start_triage(message.text, message.recent),
            lexicon_version=red_flags.lexicon_version,
        )

    def extract_entities(self, message: MessageToRead) -> EntityAnalysis:
        """The facts that one message names, for `Analyses`."""
        understood = self._understand_now(message)
        return EntityAnalysis(entities=understood.entities, lexicon_version=understood.lexicon_version)

    def guess_intents(self, message: MessageToRead) -> IntentAnalysis:
        """What one message wants, for `Analyses`."""
        understood = self._understand_now(message)
        return IntentAnalysis(
            intents=understood.intents,
            abstained=understood.abstained,
            lexicon_version=understood.lexicon_version,
            model_version=understood.model_version,
        )

    def _is_general(self, question: Personal) -> bool:
        """Whether it is a question about the plan and nothing else: a model stays away from health."""
        understood = self.understand(question, UtteranceContext())
        wants = {guess.intent for guess in understood.intents}
        return not understood.red_flags.findings and understood.intent == "general_inquiry" and not wants & _ON_HEALTH

    def _step(self, state: TriageState) -> TriageStep:
        told = state.told
        return _interview().step(state, [self.screen(text, told[:at]) for at, text in enumerate(told)])

    def _understand_now(self, message: MessageToRead) -> Understanding:
        return self.understand(message.text, UtteranceContext(recent=message.recent, today=self._today()))

    def get_procedure(self, tuss: str) -> Procedure | None:
        return _procedures(self._today()).get(tuss)

    def find_procedures(self, words: str, limit: int = 5) -> tuple[ProcedureMatch, ...]:
        return _procedures(self._today()).find(words, limit)

    def has_doubtful_check_digit(self, tuss: str) -> bool:
        return procedures.has_doubtful_check_digit(tuss)

    def get_condition(self, cid: str) -> Condition | None:
        code = plain_code(cid)
        description = self._conditions.get(code)
        return Condition(code=code, description=description) if description else None

    def import_conditions(self, path: Path, *, apply: bool = False) -> ConditionsReport:
        good, rows, problems = parse_conditions(read_table(path))
        report = compare_conditions(self._conditions, good, rows, problems, applied=apply and bool(good))
        if report.applied:
            self._table.replace(good)
            del self._conditions
        return report

    def _find_entities(self, plain: str, reading: normalise.Reading, context: UtteranceContext) -> Entities:
        return _entities(self._today()).find(
            plain, reading, today=context.today, conditions=self._conditions, providers=context.providers
        )

    def _today(self) -> date:
        return local_date(self._clock.now())

    @cached_property
    def _model(self) -> IntentModel | None:
        """None, told once, where the encoder or the head cannot be loaded: rules carry on and abstain more."""
        try:
            return load_model()
        except (ImportError, OSError, ValueError) as error:
            log.error("language.model_missing", reason=type(error).__name__)
            return None

    @cached_property
    def _conditions(self) -> dict[str, str]:
        return self._table.load()


class AnalysisService:
    """`Analyses`: who may ask, and the process that answers."""

    def __init__(self, access: Access, process: AnalysisProcess) -> None:
        self._access = access
        self._process = process

    async def analyze_symptom(self, caller: Caller, message: MessageToRead) -> SymptomAnalysis:
        self._access.check(caller, "language:analyze")
        return await self._process.ask("analyze_symptom", message, SymptomAnalysis)

    async def extract_entities(self, caller: Caller, message: MessageToRead) -> EntityAnalysis:
        self._access.check(caller, "language:analyze")
        return await self._process.ask("extract_entities", message, EntityAnalysis)

    async def guess_intents(self, caller: Caller, message: MessageToRead) -> IntentAnalysis:
        self._access.check(caller, "language:analyze")
        return await self._process.ask("guess_intents", message, IntentAnalysis)


@cache
def _lexicon() -> Lexicon:
    return Lexicon(load_lexicon())


@cache
def _interview() -> Interview:
    return Interview(load_protocol(), load_lexicon().everyday_words)


@cache
def _intents() -> IntentRules:
    return IntentRules(_data("intents.json"))


@cache
def _distress() -> DistressRules:
    return DistressRules(_data("distress.json"))


@cache
def _replies() -> dict[ReplyKind | AdviceKind, SafeReply]:
    return load_replies(_data("replies.json"))


@cache
def _knowledge() -> Knowledge:
    return load_knowledge(_data("knowledge/articles.json"), _data("knowledge/plain_words.json"))


@cache
def _names() -> ProcedureNames:
    return ProcedureNames(_data("procedure_names.json"))


@lru_cache(maxsize=1)
def _procedures(day: date) -> ProcedureIndex:
    """What is in force on the day."""
    return ProcedureIndex(load_procedures(), _names(), day)


@lru_cache(maxsize=1)
def _entities(day: date) -> EntityFinder:
    everyday = load_lexicon().everyday_words
    return EntityFinder(lambda name: _data(f"entities/{name}"), _names(), _procedures(day), everyday)


def _data(name: str) -> bytes:
    return files("austa.modules.language.domain").joinpath(name).read_bytes()
