"""Red flags: what is answered at once, what opens a nurse's task, and by when it is due (domain-br 8.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from austa.modules.chat.domain import texts
from austa.modules.chat.domain.texts import Say
from austa.modules.language.api.language import Category, Level, RedFlag, RedFlags, ReplyKind

ACKNOWLEDGE_WITHIN: dict[Level, timedelta] = {"RED": timedelta(minutes=1), "ORANGE": timedelta(minutes=5)}

TOGETHER = timedelta(minutes=5)
"""Messages less than five minutes apart are read together: "tô com dor" / "no peito", in whichever order they came."""

LATE_AFTER = timedelta(minutes=15)
"""Meta may deliver days late; an older message says so in the reply."""

ALARM_LASTS = timedelta(minutes=30)
"""So long after a red flag, words that ask for nothing else are taken to be about it."""

QUIET_FOR = timedelta(days=7)
"""So long after words of violence or self-harm nothing is sent that the member did not ask for (domain-br 8.3, 8.4)."""

QUIET_CATEGORIES: tuple[Category, ...] = ("violence", "self_harm")
"""A person takes these conversations over; the assistant neither asks on nor closes them."""

ASKED = "ASK"
"""The urgency of a message whose red flag was doubtful: the member is asked whether it is happening now."""

HAPPENING_NOW = "now_yes"
CRIES: dict[str, Say] = {
    "red_help": texts.HELP_COMING,
    "orange_help": texts.HELP_COMING,
    "safe_no": texts.NOT_SAFE,
}
"""Buttons of the emergency replies that are alarms themselves, and what is answered."""

ALARMING = frozenset({HAPPENING_NOW, *CRIES})
"""Buttons that this layer answers; the dialogue is silent."""


VOICE = "audio"
"""WhatsApp's type of voice notes and other sound."""

HEARD_WITHIN = timedelta(seconds=60)
"""A voice note that is not transcribed by then is given to a person, whatever holds it up."""

TaskCategory = Category | Literal["voice_note", "call_back"]
"""Why a nurse is called; `voice_note`: for one that only a person can hear; `call_back`: our words did not arrive."""


@dataclass(frozen=True)
class Alarm:
    """What a nurse must see."""

    level: Level
    category: TaskCategory
    rules: tuple[str, ...]
    lexicon_version: str


UNHEARD = Alarm("ORANGE", "voice_note", ("voice.unheard",), "")
"""A voice note may be an emergency: a person listens within five minutes."""

UNDELIVERED = Alarm("ORANGE", "call_back", ("send.undelivered",), "")
"""A reply about somebody's health did not reach them: a person calls within five minutes (domain-br 7.6, 131026)."""


def stated_alarm(flags: RedFlags) -> Alarm | None:
    """The alarm that these findings raise. Doubtful ones raise none: they are asked."""
    return _alarm([flag for flag in flags.findings if flag.reading == "stated"], flags.lexicon_version)


def confirmed_alarm(flags: RedFlags) -> tuple[Alarm, ReplyKind]:
    """What findings mean once the member has said that it is happening now; more urgent than anything unknown."""
    version = flags.lexicon_version
    alarm = _alarm(list(flags.findings), version)
    alarm = alarm or Alarm("RED", "asked_for_help", (f"button.{HAPPENING_NOW}",), version)
    return alarm, "emergency" if alarm.level == "RED" else "urgent"


def cry_alarm(button: str, earlier: Alarm | None) -> Alarm:
    """Somebody tapped that they need help; `earlier` is the newest red flag, if there was one."""
    category: Category = "self_harm" if button == "safe_no" else "asked_for_help"
    level: Level = "ORANGE" if button.startswith("orange") else "RED"
    rules = (f"button.{button}", *(f"after.{rule}" for rule in (earlier.rules if earlier else ())))
    return Alarm(level, category, rules, earlier.lexicon_version if earlier else "")


def is_answered_here(flags: RedFlags, button: str | None) -> bool:
    """Whether the red-flag layer answers a message, so that the dialogue keeps silent about it."""
    return button in ALARMING or (button is None and flags.reply is not None)


def is_discreet(category: str, rules: Sequence[str]) -> bool:
    """Whether words of violence were among what was found, whatever else was: the one who hurts may read along."""
    return category == "violence" or any("violence." in rule for rule in rules)


def due_at(level: Level, opened_at: datetime) -> datetime:
    """By when a nurse must have acknowledged."""
    return opened_at + ACKNOWLEDGE_WITHIN[level]


def is_late(sent_at: datetime, now: datetime) -> bool:
    """Whether the message lay so long that the reply must say so."""
    return now - sent_at > LATE_AFTER


def _alarm(findings: list[RedFlag], version: str) -> Alarm | None:
    serious = [flag for flag in findings if flag.level in ACKNOWLEDGE_WITHIN]
    if not serious:
        return None
    return Alarm(serious[0].level, serious[0].category, tuple(flag.rule for flag in serious), version)
