"""Rules about the files of a request and the registration of who asked."""

from collections.abc import Iterator

from austa.modules.fraud.api import Registration
from austa.modules.fraud.domain.finding import Finding, Settings
from austa.modules.fraud.domain.picture import Picture


def used_before(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R14. One family sends one order twice, or asks again what is on it: only another family's file counts. Parents
    who live apart are two families, and a carer of two may send the wrong photo: so a person looks, and asks."""
    for seen in picture.known.seen_files:
        what = "A mesma foto, ou outra quase igual do mesmo papel," if seen.saved_anew else "O mesmo arquivo"
        evidence = (f"arquivo {seen.place} deste pedido", f"o outro pedido é de {seen.asked_on:%d/%m/%Y}")
        yield Finding(f"{what} já veio no pedido de outra pessoa.", evidence, (seen.request_id,))


def edited(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R15. Scanners, printers and medical-record systems also write PDF: only editors are named."""
    for look in picture.known.files:
        if look.changed_after_signature:
            yield Finding("O PDF foi alterado depois de assinado.")
        editor = next((word for word in settings.tables.editors.words if word in look.made_by.lower()), None)
        if editor:
            yield Finding("O PDF saiu de um programa de edição.", (editor,))


def registration_doubtful(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R16. Who is unknown to the operator may be new or from elsewhere, and a covered exam is not refused for who asked
    (CONSU 8/1998): so it counts only where an operator's table is whole."""
    requester = picture.asked.requester
    if requester is None:
        return
    if requester.known and not requester.good_standing:
        yield Finding("O registro de quem solicitou consta suspenso ou inativo.", (_written(requester.registration),))
    if not requester.known and settings.limit("unknown_counts"):
        yield Finding("O registro de quem solicitou não foi encontrado.", (_written(requester.registration),))
    written = [paper.written_by for paper in picture.asked.papers if paper.written_by]
    # Two physicians' orders may be sent as one request: it is enough that one of them is the requester's, and one that
    # could not be read may be.
    unread = any(paper.is_order and paper.written_by is None for paper in picture.asked.papers)
    if unread or any(_same(one, requester.registration) for one in written):
        return
    for other in sorted({_written(one) for one in written}):
        yield Finding("O registro no pedido médico que foi lido é outro.", (_written(requester.registration), other))


def _same(one: Registration, other: Registration) -> bool:
    return (one.council.upper(), one.uf.upper(), one.number.lstrip("0")) == (
        other.council.upper(),
        other.uf.upper(),
        other.number.lstrip("0"),
    )


def _written(registration: Registration) -> str:
    return f"{registration.council} {registration.uf} {registration.number}"
