"""A story told to the interview by somebody who knows nothing more."""

from austa.kernel.personal import Personal
from austa.modules.language.api.language import Language, Level


def triage_without_answers(language: Language, text: str) -> tuple[Level | None, bool]:
    """The level and whether a person takes over, when every question is answered "não sei"."""
    step = language.start_triage(Personal(text))
    while step.outcome is None:
        step = language.continue_triage(step.state, "unknown")
    return step.outcome.level, step.outcome.handed_to_person
