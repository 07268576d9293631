"""What a case must hold before a medical board may be opened, and which acts a board's state has room for."""

from collections.abc import Sequence
from datetime import datetime

from austa.modules.medical_audit.api.boards import CaseAgainstBoard
from austa.modules.medical_audit.api.cases import Contact
from austa.modules.medical_audit.domain.release import DIVERGING, OpinionGiven
from austa.modules.prior_auth.api.boards import BoardActKind, BoardStage, BoardTerm, BoardView
from austa.modules.prior_auth.api.requests import State

WARNINGS: dict[tuple[BoardTerm, BoardStage], str] = {
    ("requester", "last_day"): "Junta médica: hoje termina o prazo do médico solicitante",
    ("requester", "over"): "Junta médica: o médico solicitante não respondeu; uma pessoa escolhe o desempatador",
    ("tiebreaker", "last_day"): "Junta médica: hoje termina o prazo do desempatador",
    ("tiebreaker", "over"): "Junta médica: o desempatador não respondeu no prazo",
    ("attendance", "three_quarters"): "Junta médica: três quartos do prazo de atendimento (RN 566) passaram",
    ("attendance", "last_day"): "Junta médica: hoje termina o prazo de atendimento (RN 566)",
    ("attendance", "over"): "Junta médica: o prazo de atendimento (RN 566) terminou",
}


def case_against_board(opinions: Sequence[OpinionGiven], contacts: Sequence[Contact]) -> tuple[CaseAgainstBoard, ...]:
    """What the case lacks; opinions and contacts are oldest first. Who agreed with the requester diverges no more."""
    talks = [contact for contact in contacts if contact.with_whom == "requester"]
    newest = opinions[-1] if opinions else None
    against: dict[CaseAgainstBoard, bool] = {
        "opinion": newest is None or newest.kind not in DIVERGING or not newest.by_physician,
        "requester_contact": not talks,
        "agreed": bool(talks) and talks[-1].agreed,
    }
    return tuple(name for name, holds in against.items() if holds)


def acts_now(state: State, board: BoardView | None, now: datetime) -> tuple[BoardActKind, ...]:
    """The acts that the state of a request and of its board have room for, whoever may do them."""
    if state == "IN_MEDICAL_AUDIT":
        return ("diverged", "opened")
    if state == "REQUESTER_CONTACT":
        return ("opened",)
    if board is None or board.state is None:
        return ()
    acts: list[BoardActKind] = []
    if any(notice.received_at is None for notice in board.notices):
        acts.append("received")
    if board.state == "BOARD_OPENED":
        acts.append("answered")
        if board.requester_until is not None and now > board.requester_until:
            acts.append("picked")
    if board.state == "BOARD_TIEBREAKER":
        acts += ["concluded"] if board.needs else ["needed", "concluded"]
    return tuple(acts)
