"""Numbers and addresses that identify: CPF, cards, CNS, phones, CEP, e-mail, protocols, councils, codes.

What a number is follows from its check digits, its shape and the word before it. A number without such a word stays a
card number too, because operators number cards as they like.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from austa.kernel.personal import Personal
from austa.modules.language.api.entities import CouncilMention, NumberMention, Words
from austa.modules.language.domain.entities.moments import looks_like_a_date
from austa.modules.language.domain.entities.plain import Plain, Taken

_CPF = re.compile(r"(?<!\d)\d{3}[. ]?\d{3}[. ]?\d{3}[-./ ]{0,2}\d{2}(?!\d)", re.ASCII)
# Any other spacing counts only when no further digits stand beside it: part of a longer number is no CPF.
_SPACED_CPF = re.compile(r"(?<![\d])(?<!\d[ .-])(?:\d[ .\-/]{0,2}){10}\d(?![ .\-/]{0,2}\d)", re.ASCII)
_CODE = re.compile(r"(?<![\d./-])(?:\d{6}|\d{3}[ -]\d{3})(?![\d/-]|[.]\d)", re.ASCII)
_CARD = re.compile(r"(?<![\d.])\d(?:[ .-]?\d){7,19}(?!\d)", re.ASCII)
_TUSS = re.compile(r"(?<!\d)\d{8}(?!\d)|(?<!\d)\d\.\d{2}\.\d{2}\.\d{2}-\d(?!\d)", re.ASCII)
_CNS = re.compile(r"(?<!\d)[12789]\d{2}[ .]?\d{4}[ .]?\d{4}[ .]?\d{4}(?!\d)", re.ASCII)
_CEP = re.compile(r"(?<![\d.-])(?:\d{5}|\d{2}\.\d{3})-\d{3}(?![\d-])|\bcep\W{0,3}(?P<bare>\d{8})(?!\d)", re.ASCII)
_AREA = r"(?:1[1-9]|2[12478]|3[1-578]|4[1-9]|5[1345]|6[1-9]|7[134579]|8[1-9]|9[1-9])"
_PHONE = re.compile(
    rf"(?<![\d.])(?:(?P<free>0[38]00[ .-]?\d{{3}}[ .-]?\d{{3,4}})"
    rf"|(?P<country>\+? ?55[ .-]?)?(?P<open>\(? ?)0?(?P<area>{_AREA})(?P<close> ?\)?)[ .-]?"
    rf"(?P<number>9[ .]?\d{{4}}|[2-5]\d{{3}})(?P<dash>[ .-]?)\d{{4}}"
    rf"|(?P<local>9[ .]?\d{{4}}|[2-5]\d{{3}})(?P<gap>[ -]?)\d{{4}})(?![\d/]|[.,-]\d)",
    re.ASCII,
)
_PHONE_WORD = re.compile(
    r"\b(?:tel\w{0,6}|fones?|cel|celular\w{0,2}|zap\w{0,3}|whats\w{0,4}|wpp|wats\w{0,4}|contatos?|"
    r"lig(?:a|ar|ue|uem|em)|numero novo|meu numero|ddd)\b"
)
_CARD_WORD = re.compile(r"\b(?:carteirinha|carteira|cart(?:ao)?|matricula|beneficiari[oa]|plano|cod(?:igo)?)\b")
_CNS_WORD = re.compile(r"\b(?:cns|sus|cartao nacional)\b")
_EMAIL = re.compile(
    r"(?<![\w.+-])[a-z0-9][\w.+-]{0,63}(?: ?@ ?| arroba )[a-z0-9-]{1,63}(?:(?:\.| ponto )[a-z]{2,24}){1,3}(?!\w)",
    re.ASCII,
)
_PROTOCOL = re.compile(
    r"\b(?P<cue>protocolo|prot|chamado|senha|guia|pedido|solicitacao|processo|numero|ocorrencia|atendimento)s?\b"
    r"\.?(?: (?:de|do|da|q|que|final|termina em|com final))?[ :#.]{0,3}(?:n[ºo.]{0,2}|numero|num|nro?)?[ :.#]{0,3}"
    r"(?P<number>[a-z]{0,4}-?\d[\d./-]{2,28}(?:-?[a-z0-9](?![a-z0-9]))?)",
    re.ASCII,
)
_COUNCIL = re.compile(
    r"\b(?P<council>crm|cro|crefito|crefono|crfa|crp|coren|crf|crn|cref|crbm|cress)\b"
    r"(?:[ /-]{0,3}(?P<before>[a-z]{2})(?![a-z]))?[ /:.-]{0,3}(?:n[ºo.]{0,2}|num(?:ero)?)?[ :.-]{0,3}"
    r"(?P<number>\d{1,2}/\d{3,7}|\d[\d.]{2,8})(?P<mark>-[a-z](?![a-z]))?(?: ?[/-] ?(?P<after>[a-z]{2})(?![a-z]))?",
    re.ASCII,
)
_STATES = frozenset(
    [
        "ac",
        "al",
        "am",
        "ap",
        "ba",
        "ce",
        "df",
        "es",
        "go",
        "ma",
        "mg",
        "ms",
        "mt",
        "pa",
        "pb",
        "pe",
        "pi",
        "pr",
        "rj",
        "rn",
        "ro",
        "rr",
        "rs",
        "sc",
        "se",
        "sp",
        "to",
    ]
)
_DIGIT_WORDS = {
    "zero": "0", "um": "1", "uma": "1", "dois": "2", "duas": "2", "tres": "3", "quatro": "4", "cinco": "5",
    "seis": "6", "meia": "6", "sete": "7", "oito": "8", "nove": "9",
}  # fmt: skip
_SPOKEN = re.compile(rf"\b(?:(?:{'|'.join(_DIGIT_WORDS)})\b(?:[ ,.;-]{{1,3}}|$)){{7,24}}")
_CUE_REACH = 32


@dataclass(slots=True)
class Identifiers:
    """Everything found; a number may be in two lists where its shape leaves it open."""

    cpfs: list[NumberMention] = field(default_factory=list)
    card_numbers: list[NumberMention] = field(default_factory=list)
    cns_numbers: list[NumberMention] = field(default_factory=list)
    phones: list[NumberMention] = field(default_factory=list)
    ceps: list[NumberMention] = field(default_factory=list)
    emails: list[NumberMention] = field(default_factory=list)
    protocols: list[NumberMention] = field(default_factory=list)
    codes: list[NumberMention] = field(default_factory=list)
    councils: list[CouncilMention] = field(default_factory=list)


def find_identifiers(plain: Plain, procedures: Taken) -> Identifiers:
    """Numbers and addresses of a text. `procedures`: places already read as codes of TUSS."""
    found = Identifiers()
    taken = Taken()
    _find_dictated(plain, found)
    if plain.has_digits:
        _find_cpfs(plain, found, taken)
    _find_emails(plain, found, taken)
    if plain.has_digits:
        _find_named_numbers(plain, found, taken)
        _find_phones(plain, found, taken)
        _find_bare_numbers(plain, found, taken, procedures)
    return found


def find_tuss_codes(plain: Plain) -> Iterator[tuple[int, int, Words]]:
    """Eight digits that may be a TUSS code, with their place in `plain`."""
    for match in _TUSS.finditer(plain.text) if plain.has_digits else ():
        yield *match.span(), plain.matched(match)


def is_cpf(digits: str) -> bool:
    """Mod-11 with weights 10..2 and 11..2 (Receita Federal). Equal digits are no CPF."""
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    numbers = [int(digit) for digit in digits]
    for length in (9, 10):
        rest = sum(n * w for n, w in zip(numbers[:length], range(length + 1, 1, -1), strict=True)) * 10 % 11
        if numbers[length] != rest % 10:
            return False
    return True


def is_cns(digits: str) -> bool:
    """Cartão Nacional de Saúde: fifteen digits that begin with 1, 2, 7, 8 or 9; weights 15..1, mod 11 (DATASUS)."""
    if len(digits) != 15 or digits[0] not in "12789" or len(set(digits)) == 1:
        return False
    return sum(int(digit) * weight for digit, weight in zip(digits, range(15, 0, -1), strict=True)) % 11 == 0


def _find_cpfs(plain: Plain, found: Identifiers, taken: Taken) -> None:
    for pattern in (_CPF, _SPACED_CPF):
        for match in pattern.finditer(plain.text):
            if is_cpf(_digits(match.group())) and not taken.overlaps(*match.span()):
                found.cpfs.append(_number(plain, *match.span()))
                taken.add(*match.span())
    found.cpfs.sort(key=lambda mention: mention.words.start)


def _find_dictated(plain: Plain, found: Identifiers) -> None:
    for start, end, digits in _spoken(plain.text):
        if is_cpf(digits):
            found.cpfs.append(_number(plain, start, end, digits))
        elif len(digits) in {10, 11} and _is_said_before(_PHONE_WORD, plain.text, start):
            found.phones.append(_number(plain, start, end, digits))
        elif len(digits) >= 8:
            found.card_numbers.append(_number(plain, start, end, digits))


def _find_emails(plain: Plain, found: Identifiers, taken: Taken) -> None:
    if "@" not in plain.text and "arroba" not in plain.text:
        return
    for match in _EMAIL.finditer(plain.text):
        address = match.group().replace(" arroba ", "@").replace(" ponto ", ".").replace(" ", "")
        found.emails.append(NumberMention(words=plain.matched(match), value=Personal(address)))
        taken.add(*match.span())


def _find_named_numbers(plain: Plain, found: Identifiers, taken: Taken) -> None:
    """Numbers that say what they are, by a word or by check digits."""
    for match in _COUNCIL.finditer(plain.text):
        region = next((part for part in (match["after"], match["before"]) if part in _STATES), None)
        end = match.end("mark") if match["mark"] else match.end("number")
        end = match.end() if region and region == match["after"] else end
        found.councils.append(
            CouncilMention(
                words=plain.words(match.start(), end),
                council=match["council"].upper(),
                number=Personal(match["number"].replace(".", "") + (match["mark"] or "").upper()),
                region=region.upper() if region else None,
            )
        )
        taken.add(*match.span())
    for match in _PROTOCOL.finditer(plain.text):
        start, end = match.span("number")
        end = start + len(match["number"].rstrip("./-"))
        if taken.overlaps(start, end) or looks_like_a_date(plain.text[start:end]) or _is_too_plain(match):
            continue
        found.protocols.append(NumberMention(words=plain.words(start, end), value=Personal(plain.written[start:end])))
        if match["cue"].startswith("prot"):
            taken.add(start, end)
    for match in _CEP.finditer(plain.text):
        span = match.span("bare") if match["bare"] else match.span()
        if not taken.overlaps(*span) and not _is_said_before(_CARD_WORD, plain.text, span[0]):
            found.ceps.append(_number(plain, *span))
            taken.add(*span)
    for match in _CNS.finditer(plain.text):
        if is_cns(_digits(match.group())) and not taken.overlaps(*match.span()):
            found.cns_numbers.append(_number(plain, *match.span()))
            if _is_said_before(_CNS_WORD, plain.text, match.start()):
                taken.add(*match.span())


def _find_phones(plain: Plain, found: Identifiers, taken: Taken) -> None:
    for match in _PHONE.finditer(plain.text):
        start, end = match.span()
        if taken.overlaps(start, end):
            continue
        is_said = _is_said_before(_PHONE_WORD, plain.text, start)
        if not is_said and _is_said_before(_CARD_WORD, plain.text, start):
            continue
        is_formatted = bool(match["free"] or (match["country"] and "+" in match["country"])) or (
            match["area"] is not None and (")" in match["close"] or (match["dash"] == "-" and end - start >= 11))
        )
        is_formatted = is_formatted or (match["local"] is not None and match["gap"] == "-")
        is_mobile = match["number"] is not None and match["number"].startswith("9")
        if not (is_said or is_formatted or is_mobile):
            continue
        digits = _digits(match.group())
        found.phones.append(_number(plain, start, end, digits))
        # Eleven bare digits may as well be somebody's card.
        if is_said or is_formatted:
            taken.add(start, end)


def _find_bare_numbers(plain: Plain, found: Identifiers, taken: Taken, procedures: Taken) -> None:
    found.card_numbers += [
        _number(plain, *match.span())
        for match in _CARD.finditer(plain.text)
        if not taken.overlaps(*match.span())
        and not procedures.overlaps(*match.span())
        and not looks_like_a_date(match.group())
    ]
    found.codes = [
        _number(plain, *match.span()) for match in _CODE.finditer(plain.text) if not taken.overlaps(*match.span())
    ]


def _is_too_plain(match: re.Match[str]) -> bool:
    """ "guia 10", "senha 2026": short numbers after words that are not only said of protocols."""
    return not match["cue"].startswith("prot") and sum(ch.isdigit() for ch in match["number"]) < 4


def _is_said_before(words: re.Pattern[str], text: str, start: int) -> bool:
    return words.search(text, max(0, start - _CUE_REACH), start) is not None


def _spoken(text: str) -> Iterator[tuple[int, int, str]]:
    """Numbers dictated digit by digit."""
    for match in _SPOKEN.finditer(text):
        said = match.group().rstrip(" ,.;-")
        yield (
            match.start(),
            match.start() + len(said),
            "".join(_DIGIT_WORDS[word] for word in re.findall("[a-z]+", said)),
        )


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _number(plain: Plain, start: int, end: int, digits: str | None = None) -> NumberMention:
    return NumberMention(words=plain.words(start, end), value=Personal(digits or _digits(plain.text[start:end])))
