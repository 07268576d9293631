"""The decision tables that AUSTA brings along, as rules decide by them."""

from austa.modules.prior_auth.adapters.rules_files import load_seeds
from austa.modules.prior_auth.domain.dmn.engine import load_rules
from austa.modules.prior_auth.domain.rule_sets import SETS
from austa.modules.prior_auth.domain.tables import Tables, TableUsed
from austa.modules.prior_auth.domain.terms import read_terms

SEEDS = load_seeds(SETS)
TABLES = Tables(
    load_rules(SEEDS["routing"].xml),
    load_rules(SEEDS["authority"].xml),
    tuple(
        TableUsed(rule_set=name, number=1, digest=load_rules(SEEDS[name].xml).digest)
        for name in ("routing", "authority")
    ),
)
TEXTS = {name: seed.xml for name, seed in SEEDS.items()}
LAW = load_rules(SEEDS["legal-terms"].xml)
TERMS = read_terms(LAW, "de prazos 1", LAW)
