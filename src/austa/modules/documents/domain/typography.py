"""Signs that readers write otherwise than Portuguese print does. Letters and digits are never touched."""

import re

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # A number sign is an ordinal in print: "Nº 12". Readers see a degree.
    (re.compile(r"\b([Nn])[°˚]"), r"\1º"),
    (re.compile(r"\b(\d{1,3})[°˚](?= ?[A-ZÀ-Ý][a-zà-ÿ])"), r"\1º"),
    # The Greek letter and the sign of millionths look alike; keyboards write the sign.
    (re.compile("μ"), "µ"),
    # A label and its value that a reader glued together. Times (14:30) and addresses (http://) have no such letters.
    (re.compile(r"(?<=[^\W\d_]):(?=[^\W_])(?!//)"), ": "),
    # Numbered boxes of the TISS guides: "5 - Senha".
    (re.compile(r"^(\d{1,2}) ?[-–] ?(?=[A-ZÀ-Ý][a-zà-ÿ]|UF\b|CID\b|CNES\b)"), r"\1 - "),
    (re.compile(r"[：]"), ": "),
    (re.compile(r"[，]"), ", "),
    (re.compile(r"（"), " ("),
    (re.compile(r"）"), ") "),
)


def as_printed(text: str) -> str:
    """The line as it is printed, white space folded."""
    for pattern, sign in _RULES:
        text = pattern.sub(sign, text)
    return " ".join(text.split())
