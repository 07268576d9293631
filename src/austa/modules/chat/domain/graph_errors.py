"""What each error code of the Graph API means for a message (Meta's error reference, November 2026; domain-br 7.6)."""

from typing import Literal

Course = Literal[
    "again",
    "number_pauses",
    "pair_pauses",
    "account_stops",
    "as_template",
    "other_template",
    "elsewhere",
    "never",
]
"""`again`: after a while; `number_pauses`: nothing goes from this number for a moment; `pair_pauses`: nothing to this
member; `account_stops`: nothing goes until a person mends the account, and nothing is lost; `as_template`: the window
is closed; `other_template`: Meta does not take this template now; `elsewhere`: this channel does not reach the member;
`never`: as it is, it will always be refused."""

UNREACHED = -1
"""No code of Meta's: the Graph API was never reached, so the message was surely not taken."""
WINDOW_CLOSED = 131047
UNDELIVERABLE = 131026
PORTFOLIO_LIMIT = 131048
CAPPED = 131049
NO_TEMPLATE = 132001
OF_ONE_NUMBER = frozenset({3, 10, *range(200, 300), 133010})
"""The number may not send, and another may. What stops the whole account (the token, a policy, a lock) is no reason to
use another number: Meta would take that for an evasion."""
TOKEN_REFUSED, THROUGHPUT = 190, 130429

_COURSES: dict[int, Course] = {
    UNREACHED: "again",
    1: "again",
    2: "again",
    131000: "again",
    131016: "again",
    133004: "again",
    4: "number_pauses",
    80007: "number_pauses",
    THROUGHPUT: "number_pauses",
    131056: "pair_pauses",
    **dict.fromkeys((0, 3, 10, TOKEN_REFUSED, *range(200, 300), 368, 131031, 133010), "account_stops"),
    WINDOW_CLOSED: "as_template",
    **dict.fromkeys(range(132000, 132017), "other_template"),
    UNDELIVERABLE: "elsewhere",
    130472: "elsewhere",
    CAPPED: "elsewhere",
    PORTFOLIO_LIMIT: "elsewhere",
}
"""131049 is not tried again for 24 hours, 131048 not before the portfolio may write to more people; other channels do
not wait so long."""


def course_of(code: int) -> Course:
    """What comes of a refusal with that code; an unknown one is final."""
    return _COURSES.get(code, "never")


FIRST_WAIT_S = 0.5
LONGEST_WAIT_S, LONGEST_URGENT_WAIT_S = 300.0, 15.0
MOST_ATTEMPTS, MOST_URGENT_ATTEMPTS = 12, 60
"""Both take some fourteen minutes; then another way to the member is sought."""
PAIR_WAIT_S = 6.0
FIRST_STOP_S, LONGEST_STOP_S = 2.0, 60.0


OF_THE_NUMBER: frozenset[Course] = frozenset({"number_pauses", "account_stops"})
"""Not the message is at fault: the number waits, then tries one, and none is given up."""


def wait_s(course: Course, attempts: int, *, urgent: bool) -> float:
    """Seconds until the message is tried again, after so many attempts."""
    if course in OF_THE_NUMBER:
        return FIRST_WAIT_S
    longest = LONGEST_URGENT_WAIT_S if urgent else LONGEST_WAIT_S
    wait = float(min(longest, FIRST_WAIT_S * 2 ** min(attempts - 1, 10)))
    return max(wait, PAIR_WAIT_S) if course == "pair_pauses" else wait


def is_given_up(attempts: int, *, urgent: bool) -> bool:
    """Whether so many attempts are enough."""
    return attempts >= (MOST_URGENT_ATTEMPTS if urgent else MOST_ATTEMPTS)


def stop_s(times: int) -> float:
    """Seconds a number pauses after so many refusals in a row that concern it."""
    return float(min(LONGEST_STOP_S, FIRST_STOP_S * 2 ** min(times - 1, 10)))
