"""A second, naive reading of the laws: one day at a time, with no table, by another Easter.

It shares nothing with `austa.kernel`: written from the laws' texts so that a slip in the one shows against the other.
"""

from datetime import date, timedelta

SATURDAY, SUNDAY = 6, 7  # ISO


def is_business_day(day: date, state: str | None) -> bool:
    return day.isoweekday() not in (SATURDAY, SUNDAY) and not is_holiday(day, state)


def last_day_of_term(asked: date, days: int, state: str | None) -> date:
    day = asked
    while days:
        day = day + timedelta(days=1)
        if is_business_day(day, state):
            days = days - 1
    return day


def is_holiday(day: date, state: str | None) -> bool:
    return is_national(day) or (state is not None and is_of_state(day, state))


def is_national(day: date) -> bool:
    if day.month == 11 and day.day in (2, 15, 20):
        return day.day != 20 or day.year > 2023
    if days_after_easter(day) == -2:
        return True
    return (day.day, day.month) in ((1, 1), (21, 4), (1, 5), (7, 9), (12, 10), (25, 12))


def is_of_state(day: date, state: str) -> bool:
    d, m, after = day.day, day.month, days_after_easter(day)
    midweek = day.isoweekday() in (2, 3, 4)
    if state == "AC":
        always = d == 15 and m == 6
        put_off = (m == 1 and d in (20, 23)) or (d, m) == (8, 3) or (d, m) == (5, 9) or (d, m) == (17, 11)
        return always or (put_off and not midweek)
    if state == "AL":
        saints = m == 6 and d in (24, 29)
        # 30 November, but the Monday before a Tuesday and the Friday after a Thursday.
        monday_before = (d, m) == (29, 11) and day.isoweekday() == 1
        friday_after = (d, m) == (1, 12) and day.isoweekday() == 5
        on_the_day = (d, m) == (30, 11) and day.isoweekday() not in (2, 4)
        return saints or (d, m) == (16, 9) or monday_before or friday_after or on_the_day
    if state == "AP":
        return (d, m) == (19, 3) or (d, m) == (15, 5) or (d, m) == (13, 9)
    if state == "DF":
        return (d, m) == (30, 11) or (d, m) == (21, 4)
    if state == "MA":
        return (d, m) == (28, 7) or after == 60
    if state == "RJ":
        return after == -47 or (d, m) == (23, 4) or (after == 60 and day.year >= 2026)
    if state == "TO":
        return (d, m) == (8, 9) or (d, m) == (5, 10)
    if state == "ES":
        return after == 8
    if state == "SC":
        # Both of its holidays are kept on a Sunday: the day itself, or the one that follows.
        return day.isoweekday() == 7 and (
            (m == 8 and 11 <= d <= 17) or (date(day.year, 11, 25) <= day <= date(day.year, 12, 1))
        )
    if state in ("GO", "MT", "PR"):
        return False
    if state == "MG":
        return (d, m) == (21, 4)
    return is_the_one_day(d, m, state)


def is_the_one_day(d: int, m: int, state: str) -> bool:
    if state == "AM":
        return m == 9 and d == 5
    if state == "BA":
        return m == 7 and d == 2
    if state == "CE":
        return m == 3 and d == 25
    if state == "MS":
        return m == 10 and d == 11
    if state == "PA":
        return m == 8 and d == 15
    if state == "PB":
        return m == 8 and d == 5
    if state == "PE":
        return m == 3 and d == 6
    if state == "PI":
        return m == 10 and d == 19
    if state == "RN":
        return m == 10 and d == 3
    if state == "RO":
        return m == 1 and d == 4
    if state == "RR":
        return m == 10 and d == 5
    if state == "RS":
        return m == 9 and d == 20
    if state == "SE":
        return m == 7 and d == 8
    if state == "SP":
        return m == 7 and d == 9
    raise AssertionError(state)


def days_after_easter(day: date) -> int:
    return (day - easter_by_gauss(day.year)).days


def easter_by_gauss(year: int) -> date:
    """Gauss's rule for 1900 to 2099, with his two exceptions."""
    moon = (19 * (year % 19) + 24) % 30
    sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7
    after_march_22 = moon + sunday
    if moon == 29 and sunday == 6:
        after_march_22 -= 7
    if moon == 28 and sunday == 6 and year % 19 > 10:
        after_march_22 -= 7
    return date(year, 3, 22) + timedelta(days=after_march_22)
