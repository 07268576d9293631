"""Decided by the tables in force: an operator's own take effect at once, and no table leads beyond the law."""

import re
from datetime import timedelta
from typing import cast

import pytest
from hypothesis import given

from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.errors import Forbidden, Invalid
from austa.kernel.personal import Personal
from austa.modules.identity.api import Identity
from austa.modules.prior_auth.api.reviews import ReanalysisAsked
from austa.modules.prior_auth.api.rules import Activation, Proposal, RuleDraft, RuleSetName, SimulationOf
from austa.modules.prior_auth.domain.dmn.engine import load_rules
from austa.modules.prior_auth.domain.facts import Facts
from austa.modules.prior_auth.domain.rule_sets import SETS, misfits
from austa.modules.prior_auth.domain.tables import Tables
from austa.modules.prior_auth.module import build_reviews, build_rules
from austa.modules.privacy.api import Privacy
from tests.conftest import staff
from tests.fakes.privacy import FakePrivacy
from tests.modules.prior_auth.cases import assessed, facts, lines
from tests.modules.prior_auth.house import CHEMOTHERAPY, PACK, House
from tests.modules.prior_auth.seeds import LAW, SEEDS, TABLES
from tests.modules.prior_auth.test_assessment import HEMOGRAM, any_facts

ROUTING, AUTHORITY, TERMS_XML = (SEEDS[name].xml.decode() for name in ("routing", "authority", "legal-terms"))
NOTHING_BY_ITSELF = AUTHORITY.replace(
    "<text>&quot;approve&quot;, &quot;request_information&quot;, &quot;route&quot;</text>",
    "<text>&quot;request_information&quot;, &quot;route&quot;</text>",
).replace(
    '<rule id="rule2">',
    '<rule id="own1"><inputEntry><text>"approve"</text></inputEntry><inputEntry><text>"system"</text></inputEntry>'
    '<outputEntry><text>"no"</text></outputEntry><outputEntry><text>"Só gente aprova."</text></outputEntry></rule>'
    '<rule id="own2"><inputEntry><text>"approve"</text></inputEntry><inputEntry><text>not("system")</text></inputEntry>'
    '<outputEntry><text>"yes"</text></outputEntry><outputEntry><text>"Aprova."</text></outputEntry></rule>'
    '<rule id="rule2">',
)
"""An operator that lets no system approve."""


async def put_in_force(house: House, rule_set: RuleSetName, xml: str) -> None:
    rules, _ = build_rules(house.platform, identity=cast(Identity, house.world.identity))
    author = staff(house.system.operator_id, "medical_auditor")
    made = await rules.draft(author, rule_set, RuleDraft(xml=xml))
    await rules.propose(author, made.id, Proposal())
    await rules.activate(staff(house.system.operator_id, "technical_director"), made.id, Activation())
    cast(SetClock, house.platform.clock).advance(timedelta(seconds=1))


async def test_a_stricter_ceiling_sends_to_a_person_from_the_next_request_on(house: House) -> None:
    await put_in_force(house, "routing", ROUTING.replace("&gt; Teto", "&gt; 100"))
    seen = await house.see(await house.ask())
    assert seen.path == "AUDIT"
    (rule,) = [rule for rule in seen.rules if rule.id == "VAL01"]
    assert (rule.version, rule.row) == ("routing 2", "Motivos do item, 7")


async def test_who_lets_no_system_approve_has_every_request_before_a_person(house: House) -> None:
    await put_in_force(house, "authority", NOTHING_BY_ITSELF)
    elective = await house.see(await house.ask("one"))
    urgent = await house.see(await house.ask("two", character="urgent"))
    assert [(each.path, each.queue) for each in (elective, urgent)] == [("AUDIT", "medical")] * 2
    assert all(any(rule.id == "ALC01" for rule in each.rules) for each in (elective, urgent))


async def test_a_person_releases_only_what_the_matrix_in_force_allows(house: House) -> None:
    await put_in_force(
        house,
        "authority",
        re.sub(r'(outputEntry23">\s*<text>)&quot;yes&quot;', r"\1&quot;propose&quot;", AUTHORITY),
    )
    request_id = await house.ask(**CHEMOTHERAPY)
    director = house.world.identity.hire("technical_director", number="900101")
    with pytest.raises(Forbidden, match="authority matrix in force"):
        await house.release(request_id, "deny", director)


async def test_a_shorter_promise_is_the_legal_clock_of_the_next_request(house: House) -> None:
    before = (await house.see(await house.ask("one"))).clock
    await put_in_force(house, "legal-terms", TERMS_XML.replace("<text>3</text>", "<text>2</text>"))
    after = (await house.see(await house.ask("two"))).clock
    assert (before.business_days, after.business_days) == (3, 2)
    assert "Tabela de prazos 2 (" in after.basis


def of_reviews(days: int) -> str:
    """The terms with a reanalysis in so many days."""
    return re.sub(r'(id="revisao-r1o1">\s*<text>)7', rf"\g<1>{days}", TERMS_XML)


BEFORE_REVIEWS = re.sub(
    r'(?s)<(inputData|decision|dmndi:DMNShape|dmndi:DMNEdge) (id|dmnElementRef)="(de-)?revisao[^>]*>.*?</\1>',
    "",
    TERMS_XML,
)
"""The terms as an operator wrote them before reviews were among them."""


async def test_an_answer_is_looked_at_again_within_the_operators_own_term(house: House) -> None:
    reviews, _ = build_reviews(house.platform, house.service, privacy=cast(Privacy, FakePrivacy()))
    director = house.world.identity.hire("technical_director")
    member = Caller.member(house.system.operator_id, house.member)
    expected = [(of_reviews(4), 4, "Tabela de prazos 2 ("), (BEFORE_REVIEWS, 7, "Tabela de prazos que acompanha")]
    for xml, days, basis in expected:
        await put_in_force(house, "legal-terms", xml)
        request_id = await house.ask(f"ask {days}", **CHEMOTHERAPY)
        await house.release(request_id, "deny", director, f"release {days}")
        await reviews.reanalyse(member, f"again {days}", request_id, ReanalysisAsked(reason=Personal("De novo.")))
        clock = (await house.see(request_id)).clock
        assert (clock.business_days, basis in clock.basis) == (days, True)
        assert "RN ANS 623/2024 (reanálise pela ouvidoria)" in clock.basis
    rules, _ = build_rules(house.platform, identity=cast(Identity, house.world.identity))
    who = staff(house.system.operator_id, "technical_director")
    found = await rules.simulate(who, "legal-terms", SimulationOf(xml=of_reviews(3)))
    assert [(way.before.path, way.before.days, way.after.days) for way in found.ways] == [("reanalysis", 7, 3)]
    assert found.changed == 2


def test_no_review_takes_longer_than_the_law_gives() -> None:
    assert not misfits(SETS["legal-terms"], load_rules(BEFORE_REVIEWS.encode()), LAW)
    (why,) = misfits(SETS["legal-terms"], load_rules(of_reviews(8).encode()), LAW)
    assert why == "reanalysis: dias úteis inteiros, no máximo 7 (RN ANS 623/2024 (reanálise pela ouvidoria))"


def with_routing(xml: str) -> Tables:
    return Tables(load_rules(xml.encode()), TABLES.authority, TABLES.used)


APPROVING_WHAT_LACKS_PAPERS = ROUTING.replace('<text>"PEND"</text>', '<text>"AUTO"</text>')
ASKING_FOR_NOTHING = ROUTING.replace('<text>"AUTO"</text>', '<text>"PEND"</text>')
TO_THE_QUEUE_OF_REFUNDS = ROUTING.replace("<text>Fila dos motivos</text>", '<text>"manual"</text>')
WITHOUT_A_RESULT = ROUTING.replace("&gt; Teto", "&gt; Teto / (Teto - Teto)")
DENYING = ROUTING.replace('"AUDIT", "AUTO"', '"AUDIT", "AUTO", "DENY"').replace('<text>"AUTO"<', '<text>"DENY"<')
REFUNDS_TO_THE_NURSE = ROUTING.replace('<text>"manual"</text>', '<text>"nurse"</text>')


@pytest.mark.parametrize(
    ("xml", "asked"),
    [
        (APPROVING_WHAT_LACKS_PAPERS, facts(HEMOGRAM, "")),
        (ASKING_FOR_NOTHING, facts(HEMOGRAM)),
        (TO_THE_QUEUE_OF_REFUNDS, facts(lines("40304361", amount=9_000_000))),
        (WITHOUT_A_RESULT, facts(HEMOGRAM)),
    ],
    ids=["approve what lacks papers", "ask for nothing", "a queue for refunds", "a sum without a result"],
)
def test_a_table_that_leads_beyond_the_law_finds_a_person(xml: str, asked: Facts) -> None:
    result = assessed(asked, PACK, with_routing(xml))
    assert (result.path, result.queue) == ("AUDIT", "medical")
    assert "REG01" in result.routes


@pytest.mark.parametrize(
    "xml",
    [APPROVING_WHAT_LACKS_PAPERS, ASKING_FOR_NOTHING, TO_THE_QUEUE_OF_REFUNDS, DENYING, REFUNDS_TO_THE_NURSE],
    ids=["approve what lacks papers", "ask for nothing", "a queue for refunds", "deny", "a refund to the nurse"],
)
def test_such_a_table_cannot_be_proposed_at_all(xml: str) -> None:
    assert misfits(SETS["routing"], load_rules(xml.encode()), TABLES.routing)


@given(any_facts)
def test_the_seed_always_decides(asked: Facts) -> None:
    assert "REG01" not in assessed(asked, PACK).routes


async def test_a_simulation_tells_who_would_go_another_way_and_why_and_changes_nothing(house: House) -> None:
    approved = await house.ask("one")
    await house.ask("two", **CHEMOTHERAPY)
    rules, _ = build_rules(house.platform, identity=cast(Identity, house.world.identity))
    director = staff(house.system.operator_id, "technical_director")
    asked = SimulationOf(xml=ROUTING.replace("&gt; Teto", "&gt; 100"))
    found = await rules.simulate(director, "routing", asked)
    assert (found.looked_at, found.changed, found.unreadable, found.whole) == (2, 1, 0, True)
    (way,) = found.ways
    assert (way.before.path, way.after.path, way.after.queue, way.requests) == ("AUTO", "AUDIT", "medical", 1)
    (example,) = found.examples
    assert example.request_id == approved
    assert example.speaks_now == ("VAL01: Valor acima do que as regras aprovam sozinhas.",)
    assert [each.partition(":")[0] for each in example.speaks_no_longer] == ["AUT01"]
    assert (await house.see(approved)).path == "AUTO"
    assert (await rules.simulate(director, "routing", SimulationOf(xml=ROUTING))).changed == 0
    stricter = await rules.simulate(director, "authority", SimulationOf(xml=NOTHING_BY_ITSELF))
    assert [(each.before.path, each.after.path) for each in stricter.ways] == [("AUTO", "AUDIT")]
    quicker = SimulationOf(xml=TERMS_XML.replace("<text>3</text>", "<text>2</text>"))
    (term,) = (await rules.simulate(director, "legal-terms", quicker)).ways
    assert (term.before.path, term.before.days, term.after.days) == ("lab", 3, 2)
    cast(SetClock, house.platform.clock).advance(timedelta(days=2))
    assert (await rules.simulate(director, "routing", asked.model_copy(update={"since_days": 1}))).looked_at == 0
    with pytest.raises(Forbidden):
        await rules.simulate(staff(house.system.operator_id, "administrator"), "routing", asked)
    with pytest.raises(Invalid):
        await rules.simulate(director, "routing", SimulationOf(xml=DENYING))
