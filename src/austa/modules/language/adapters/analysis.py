"""The api's side of the analysis process: language work never runs on the event loop, and its models are
loaded nowhere but in that child."""

from pathlib import Path
from typing import Literal, TypeVar

from austa.infra.child import Child, ChildFailed, Frame
from austa.kernel.contracts import Contract
from austa.kernel.errors import Unavailable
from austa.modules.language.api.language import MessageToRead

CHILD = "austa.modules.language.jobs"
IDLE_S = 300.0
ANSWER_TIMEOUT_S = 30.0
"""A first answer waits for the data to load."""

Question = Literal["analyze_symptom", "extract_entities", "guess_intents"]
Answer = TypeVar("Answer", bound=Contract)


class AnalysisProcess:
    """Asks one question at a time; starts with the first, and leaves after five idle minutes."""

    def __init__(
        self, conditions_file: Path | None = None, *, idle_s: float = IDLE_S, timeout_s: float = ANSWER_TIMEOUT_S
    ) -> None:
        arguments = [str(conditions_file)] if conditions_file else []
        self._child = Child(CHILD, arguments, idle_s=idle_s, frame_s=timeout_s)

    @property
    def pid(self) -> int | None:
        """The child's process id while it lives."""
        return self._child.pid

    async def ask(self, question: Question, message: MessageToRead, answer: type[Answer]) -> Answer:
        """The answer to a question about a message.

        Errors: `language.analysis_busy`, `language.analysis_died`, `language.analysis_too_slow` (Unavailable).
        """
        try:
            (frame,) = await self._child.ask(Frame({"ask": question}, message.reveal_bytes()))
        except ChildFailed as failed:
            raise _unavailable(failed) from None
        return answer.model_validate_json(frame.body)

    async def close(self) -> None:
        """Let the child go."""
        await self._child.close()


def _unavailable(failed: ChildFailed) -> Unavailable:
    if failed.why == "busy":
        return Unavailable("language.analysis_busy", "too many messages wait to be analysed", retry_after_s=2)
    if failed.why == "too_slow":
        return Unavailable("language.analysis_too_slow", "the analysis did not answer in time")
    return Unavailable("language.analysis_died", "the analysis process died while it worked")
