"""`austa eval documents`: every document of a folder read by the product's own reader and compared with its label."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from austa.bench.documents.labels import Label, Pair
from austa.bench.documents.reported import reported_of
from austa.bench.documents.scoring import Judged, Reported, Scored, score
from austa.bench.intervals import Mean, Share, mean, share
from austa.kernel.contracts import Contract
from austa.kernel.errors import AustaError
from austa.modules.documents.adapters.reader import FileRefused, PageReader
from austa.modules.documents.service.reading import FileReading, read_file
from austa.modules.language.api.language import Terminology

ReadFile = Callable[[bytes], Awaitable[FileReading]]


class WrongValue(Contract):
    """A value that a decision would have rested on, and that is not what is printed. `expected` None: nothing is."""

    file: str
    field: str
    expected: str | None
    got: str


class Figures(Contract):
    """Of `n` documents with `pages` pages that could be read.

    `field_precision`: accepted values that are right, of all accepted; `field_recall`: the same, of all that are
    printed; `sent_to_person`: printed values that were not accepted. The last two, and the figures of text, are of
    documents that are not handwritten. `handwritten_to_person`: handwritten documents of which nothing was accepted.
    """

    n: int
    pages: int
    char_accuracy: Mean
    word_recall: Mean
    class_accuracy: Share
    field_precision: Share
    field_recall: Share
    wrong_accepted: tuple[WrongValue, ...]
    sent_to_person: Share
    handwritten_to_person: Share
    seconds_per_page: Mean


class FieldFigures(Contract):
    """Of one kind of value, such as `procedures.tuss`, in documents that are not handwritten."""

    precision: Share
    recall: Share


class Unread(Contract):
    """A file that gave nothing. `reason` is the code of the refusal or of the failure."""

    file: str
    reason: str


class DocumentsReport(Figures):
    """The figures in total, and of each quality, class and field; files that could not be read count as wrong."""

    by_quality: dict[str, Figures]
    by_class: dict[str, Figures]
    by_field: dict[str, FieldFigures]
    confusion: dict[str, dict[str, int]]
    """By true class: what was said how often; `unread` for nothing."""
    unread: tuple[Unread, ...]


@dataclass(frozen=True)
class Outcome:
    """One document, read and compared."""

    file: str
    label: Label
    said: str
    scored: Scored
    pages: int
    seconds: float
    unread: str | None = None


def reading_by(reader: PageReader, terminology: Terminology, today: date, max_bytes: int) -> ReadFile:
    """The product's own reader, as `evaluate_documents` asks it."""
    return lambda content: read_file(reader, terminology, content, today, max_bytes)


async def evaluate_documents(
    pairs: Sequence[Pair], root: Path, read: ReadFile, tell: Callable[[str], None]
) -> DocumentsReport:
    """Read and compare all documents, one after another; `tell` hears of each. No file stops it."""
    outcomes = []
    for number, pair in enumerate(pairs, start=1):
        outcome = await _outcome(pair, str(pair.file.relative_to(root)), read)
        outcomes.append(outcome)
        tell(f"{number}/{len(pairs)} {outcome.file}: {outcome.unread or outcome.said}, {outcome.seconds:.1f} s")
    return report_of(outcomes)


def report_of(outcomes: Sequence[Outcome]) -> DocumentsReport:
    """The figures of all of them, and of each group."""
    qualities = sorted({each.label.quality for each in outcomes})
    classes = sorted({each.label.document_class for each in outcomes})
    values = [value for each in outcomes if not each.scored.handwritten for value in each.scored.values]
    return DocumentsReport(
        **dict(_figures(outcomes)),
        by_quality={name: _figures([each for each in outcomes if each.label.quality == name]) for name in qualities},
        by_class={name: _figures([each for each in outcomes if each.label.document_class == name]) for name in classes},
        by_field={
            name: FieldFigures(precision=_precision(of_name), recall=_recall(of_name))
            for name in sorted({value.name for value in values})
            for of_name in [[value for value in values if value.name == name]]
        },
        confusion={
            name: {said: count for said in sorted(set(told)) for count in [told.count(said)]}
            for name in classes
            for told in [[each.said for each in outcomes if each.label.document_class == name]]
        },
        unread=tuple(Unread(file=each.file, reason=each.unread) for each in outcomes if each.unread),
    )


async def _outcome(pair: Pair, file: str, read: ReadFile) -> Outcome:
    started = time.monotonic()
    unread, pages, reported = None, 0, Reported()
    try:
        reading = await read(pair.file.read_bytes())
        pages, reported = len(reading.pages), reported_of(reading.text, reading.extraction)
    except (FileRefused, AustaError) as failure:
        unread = failure.code
    return Outcome(
        file=file,
        label=pair.label,
        said=reported.document_class or "unread",
        scored=score(pair.label, reported),
        pages=pages,
        seconds=time.monotonic() - started,
        unread=unread,
    )


def _figures(outcomes: Sequence[Outcome]) -> Figures:
    scored = [each.scored for each in outcomes]
    everything = [value for each in scored for value in each.values]
    printed = [value for each in scored if not each.handwritten for value in each.values]
    by_hand = [each for each in scored if each.handwritten]
    recall = _recall(printed)
    accepted = sum(value.accepted for value in printed if value.is_printed)
    return Figures(
        n=len(outcomes),
        pages=sum(each.pages for each in outcomes),
        char_accuracy=mean([each.char_accuracy for each in scored if each.char_accuracy is not None]),
        word_recall=mean([each.word_recall for each in scored if each.word_recall is not None]),
        class_accuracy=share(sum(each.class_right for each in scored), len(scored)),
        field_precision=_precision(everything),
        field_recall=recall,
        wrong_accepted=tuple(
            WrongValue(file=each.file, field=value.name, expected=value.expected, got=value.got)
            for each in outcomes
            for value in each.scored.values
            if value.accepted and not value.right and value.got is not None
        ),
        sent_to_person=share(recall.n - accepted, recall.n),
        handwritten_to_person=share(sum(each.left_to_person for each in by_hand), len(by_hand)),
        seconds_per_page=mean([each.seconds / each.pages for each in outcomes for _ in range(each.pages)]),
    )


def _precision(values: Sequence[Judged]) -> Share:
    accepted = [value for value in values if value.accepted]
    return share(sum(value.right for value in accepted), len(accepted))


def _recall(values: Sequence[Judged]) -> Share:
    printed = [value for value in values if value.is_printed]
    return share(sum(value.accepted and value.right for value in printed), len(printed))
