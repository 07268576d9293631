"""Why `prior_auth` refuses, each with its stable code."""

from datetime import date

from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound


def no_such_request() -> NotFound:
    return NotFound("prior_auth.no_such_request", "no request with this id for this caller")


def no_such_decision() -> NotFound:
    return NotFound("prior_auth.no_such_decision", "no decision with this id for this caller")


def no_such_rules(digest: str) -> NotFound:
    return NotFound("prior_auth.no_such_rules", f"no rules with the digest {digest} were ever used here")


def key_reused() -> Conflict:
    return Conflict("prior_auth.key_reused", "the same key came with another content before")


def stale_version(seen: int, current: int) -> Conflict:
    return Conflict("prior_auth.stale_version", "the request changed since it was read", seen=seen, current=current)


def guide_would_end(number: str, valid_until: date) -> Conflict:
    return Conflict(
        "prior_auth.guide_would_end",
        "the answer is being looked at again and a guide holds meanwhile: say `and_guide` to give up both",
        guide=number,
        valid_until=valid_until.isoformat(),
    )


def transition_refused(state: str, transition: str, why: str) -> Conflict:
    return Conflict("prior_auth.transition_refused", why, state=state, transition=transition)


def file_missing() -> Invalid:
    return Invalid("prior_auth.file_missing", "a paper that a member sends comes with its file")


def board_not_admitted(against: tuple[str, ...]) -> Invalid:
    return Invalid("prior_auth.board_not_admitted", "a medical board is not admitted", against=against)


def board_step_refused(why: str) -> Conflict:
    return Conflict("prior_auth.board_step_refused", "the board does not take this step now", against=(why,))


def no_board() -> Conflict:
    return Conflict("prior_auth.no_board", "no medical board about this request is open")


def nothing_to_extend(state: str) -> Conflict:
    return Conflict("prior_auth.nothing_to_extend", "only what a guide allowed can be extended", state=state)


def guide_still_valid(number: str) -> Invalid:
    return Invalid(
        "prior_auth.guide_still_valid",
        "a guide that still holds allows more than this: what was authorized is not taken away",
        guide=number,
    )


def no_such_task() -> NotFound:
    return NotFound("prior_auth.no_such_task", "no task with this id for this caller")


def task_closed() -> Conflict:
    return Conflict("prior_auth.task_closed", "this task was closed already")


def step_back(current: str, step: str) -> Invalid:
    return Invalid("prior_auth.step_back", "the ladder only goes down", current=current, step=step)


def work_incomplete(field: str) -> Invalid:
    return Invalid("prior_auth.work_incomplete", "something is missing for this, or does not go with it", field=field)


def appointment_wrong() -> Invalid:
    return Invalid("prior_auth.appointment_wrong", "care cannot have been arranged for that day", field="at")


def not_authorized(state: str) -> Conflict:
    return Conflict("prior_auth.not_authorized", "no guide of this request may be used now", state=state)


def no_such_guide() -> Invalid:
    return Invalid("prior_auth.no_such_guide", "no guide of this member has that number", field="extends")


def already_answered(state: str) -> Conflict:
    return Conflict("prior_auth.already_answered", "the request has its final answer", state=state)


def decision_incomplete(missing: tuple[str, ...]) -> Invalid:
    return Invalid("prior_auth.decision_incomplete", "the decision lacks what the law asks for", missing=missing)


def release_refused(why: str) -> Forbidden:
    return Forbidden("prior_auth.release_refused", why)


def no_such_paper() -> Invalid:
    return Invalid("prior_auth.no_such_paper", "a document is unknown, or is not of the person the request is for")


def not_for_providers(field: str) -> Invalid:
    return Invalid("prior_auth.not_for_providers", "this is not for a provider to say", field=field)


def member_not_confirmed() -> Invalid:
    return Invalid("prior_auth.member_not_confirmed", "confirm the person by card and date of birth first")


def calendar_changed() -> Conflict:
    return Conflict("prior_auth.calendar_changed", "the calendar is no longer as it was seen; load it again")


def holiday_wrong(day: str) -> Invalid:
    return Invalid("prior_auth.holiday_wrong", "this is no day, or not one of the own list", day=day)


def holiday_repeated(day: str) -> Invalid:
    return Invalid("prior_auth.holiday_repeated", "this day is on the own list already", day=day)


def no_such_version() -> NotFound:
    return NotFound("prior_auth.no_such_version", "no version of decision tables with this id")


def version_not_ready(status: str, why: str) -> Conflict:
    return Conflict("prior_auth.version_not_ready", why, status=status)


def own_rules() -> Forbidden:
    return Forbidden("prior_auth.own_rules", "a second person puts in force what one wrote or proposed")


def nothing_beneath() -> Conflict:
    return Conflict("prior_auth.nothing_beneath", "nothing would be in force then: put another version in force first")


def moment_wrong(why: str) -> Invalid:
    return Invalid("prior_auth.moment_wrong", why)


def rules_unsound(faults: int, misfits: int, failed_examples: int) -> Invalid:
    return Invalid(
        "prior_auth.rules_unsound",
        "these tables cannot be relied upon: read their report",
        faults=faults,
        misfits=misfits,
        failed_examples=failed_examples,
    )
