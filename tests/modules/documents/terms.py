"""A terminology of a few rows, by the Protocol of `language`."""

from pathlib import Path

from rapidfuzz import fuzz

from austa.modules.documents.domain.reading import digits, fold
from austa.modules.language.api.entities import Procedure, ProcedureMatch
from austa.modules.language.api.language import Condition, ConditionsReport

PROCEDURES = {
    "40304361": "Hemograma com contagem de plaquetas ou frações (eritrograma, leucograma, plaquetas)",
    "40302040": "Glicose - pesquisa e/ou dosagem",
    "40316521": "Tireoestimulante, hormônio (TSH) - pesquisa e/ou dosagem",
    "40302733": "Hemoglobina glicada (A1 total) - pesquisa e/ou dosagem",
    "40901122": "US - Abdome total (inclui abdome inferior)",
    "41101316": "RM - Articular (por articulação)",
    "31005497": "Colecistectomia sem colangiografia por videolaparoscopia",
}
LAY = {
    "rm articular": "41101316",
    "rm joelho": "41101316",
    "ressonancia magnetica de joelho": "41101316",
    "hemograma completo": "40304361",
    "glicemia de jejum": "40302040",
    "tsh": "40316521",
    "ultrassonografia de abdome total": "40901122",
}
CONDITIONS = {"M232", "Z000", "I500", "E119", "R104", "N40", "M542", "J500"}


class FewTerms:
    """Knows the rows above."""

    def get_procedure(self, tuss: str) -> Procedure | None:
        code = digits(tuss)
        found = PROCEDURES.get(code)
        return Procedure(code=code, description=found, in_force=True) if found else None

    def find_procedures(self, words: str, limit: int = 5) -> tuple[ProcedureMatch, ...]:
        folded = fold(words)
        scored = [(fuzz.token_set_ratio(lay, folded) / 100, code) for lay, code in LAY.items()]
        best = sorted({code: score for score, code in sorted(scored)}.items(), key=lambda each: -each[1])
        return tuple(
            ProcedureMatch(procedure=Procedure(code=code, description=PROCEDURES[code], in_force=True), score=score)
            for code, score in best[:limit]
            if score >= 0.75
        )

    def has_doubtful_check_digit(self, tuss: str) -> bool:
        code = digits(tuss)
        total = sum(int(digit) * weight for digit, weight in zip(code, range(8, 1, -1), strict=False)) % 11
        expected = 0 if 11 - total >= 10 else 11 - total
        return len(code) != 8 or int(code[-1]) != expected

    def get_condition(self, cid: str) -> Condition | None:
        code = cid.replace(".", "").upper()
        return Condition(code=code, description="…") if code in CONDITIONS else None

    def import_conditions(self, path: Path, *, apply: bool = False) -> ConditionsReport:
        return ConditionsReport(rows=0, accepted=0, new=0, changed=0, problems=(), applied=False)
