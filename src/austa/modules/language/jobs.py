"""The analysis process: answers for the API, one message at a time. Run by `adapters.analysis` as
`python -P -m austa.modules.language.jobs [CONDITIONS_FILE]`."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from austa.infra.child import Frame, serve
from austa.kernel.clock import SystemClock
from austa.kernel.contracts import Contract
from austa.modules.language.api.language import MessageToRead
from austa.modules.language.service import LanguageService


def main(conditions_file: Path | None) -> None:
    """Serve questions until the input ends."""
    language = LanguageService(SystemClock(), conditions_file)
    answers: dict[str, Callable[[MessageToRead], Contract]] = {
        "analyze_symptom": language.analyze_symptom,
        "extract_entities": language.extract_entities,
        "guess_intents": language.guess_intents,
    }

    def answer(question: Frame) -> Iterator[Frame]:
        found = answers[question.head["ask"]](MessageToRead.model_validate_json(question.body))
        yield Frame({}, found.reveal_bytes())

    serve(answer)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
