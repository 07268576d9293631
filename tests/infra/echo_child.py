"""A child for tests: `python -m tests.infra.echo_child` answers with what it was asked, or misbehaves when told to."""

import os
import time
from collections.abc import Iterator

from austa.infra.child import Frame, serve


def answer(question: Frame) -> Iterator[Frame]:
    match question.head.get("do"):
        case "die":
            os._exit(1)
        case "sleep":
            time.sleep(60)
        case "fail":
            raise ValueError("quotes: " + question.body.decode())
        case "print":
            print("a library prints something")
        case "garble":
            os.write(1, b"x")
    yield Frame({"pid": os.getpid()}, question.body)
    if question.head.get("do") == "twice":
        yield Frame({}, question.body)


if __name__ == "__main__":
    serve(answer)
