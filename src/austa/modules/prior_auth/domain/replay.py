"""Decide again from a receipt: the same facts and the same rules must give the same decision, or we say what differs.

What the system decided is decided anew. What a person decided is theirs: there the assessment they saw is made anew,
and it is checked that the law and their power permitted the decision. The canonical decision part, which is compared,
holds assessment, decision and the guide's last day; not the ids, numbers and times that are made once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from json import dumps
from typing import Any

from austa.kernel.errors import AustaError, Unavailable
from austa.modules.fraud.api import Screening, Signal
from austa.modules.prior_auth.api.requests import ItemDecision, ReleasedDecision, Requester, State
from austa.modules.prior_auth.domain.assessment import Assessment, assess
from austa.modules.prior_auth.domain.authority import ConcludedBoard, ItemAsked, Releaser, is_own_case, what_is_lacking
from austa.modules.prior_auth.domain.coverage import CoveragePack
from austa.modules.prior_auth.domain.disclosure import cuts_in
from austa.modules.prior_auth.domain.facts import Facts
from austa.modules.prior_auth.domain.guards import Actor, Circumstances
from austa.modules.prior_auth.domain.lifecycle import TransitionName, move
from austa.modules.prior_auth.domain.receipt import FORMAT_1
from austa.modules.prior_auth.domain.signals import is_signal
from austa.modules.prior_auth.domain.tables import Tables
from austa.modules.prior_auth.domain.wording import APPROVED, WHOSE_ASK

BY_SYSTEM = "system"
COURT_ORDER = "Ordem judicial"
APPROVING_PATHS = ("AUTO", "URG")
DECIDED = ("outcome", "ground", "state", "member_text", "legal_basis", "items", "post_facto")
MayRelease = Callable[[ReleasedDecision, bool], bool]
"""Whether these roles may release this decision, given whether the case is their own: the access policies."""


@dataclass(frozen=True)
class Difference:
    """One field that came out otherwise."""

    field: str
    kept: Any
    now: Any


def current_form(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document of any format in the layout of the newest, as far as it says the same things."""
    if document.get("format") != FORMAT_1:
        return dict(document)
    considered, decision = document["considered"], document["decision"]
    released = decision["released"] or {}
    return {
        "format": FORMAT_1,
        "request": document["request"],
        "facts": considered.get("facts"),
        "signals": considered.get("signals"),
        "assessment": considered.get("assessment"),
        "rules": {"assessment": document["rules"]},
        "decision": {
            "reason_codes": released.get("reason_codes", []),
            "legal_basis": released.get("legal_basis"),
            **{name: decision[name] for name in ("id", "outcome", "state", "by", "at", "member_text")},
        },
        "guide": document["guide"],
    }


def decision_part(document: Mapping[str, Any]) -> dict[str, Any]:
    """The canonical decision part of a receipt in its current form."""
    decision, guide = document["decision"], document["guide"]
    part: dict[str, Any] = {"assessment": _in_order(document["assessment"]), "refusals": []}
    if document["format"] == FORMAT_1:
        return part | {"decision": {name: decision[name] for name in ("outcome", "member_text")}}
    return part | {
        "decision": {name: decision[name] for name in DECIDED},
        "guide": {"valid_until": guide["valid_until"]} if guide else None,
    }


def decide_again(
    document: Mapping[str, Any],
    assessed_by: CoveragePack | None,
    pack: CoveragePack,
    tables: Tables,
    may_release: MayRelease,
) -> dict[str, Any]:
    """The decision part anew. `assessed_by` is the pack of the assessment (None where there was none), `pack` the one
    that was in force at the decision; `tables` are the routing of the assessment and the authority of the decision.

    Raises `Unavailable` `prior_auth.facts_withheld` where facts that it needs were erased or left out.
    """
    decision = document["decision"]
    by_person = decision["by"] != BY_SYSTEM
    _insist_on_facts(document, by_person=by_person)
    assessment, facts = None, None
    if document["facts"] is not None and assessed_by is not None:
        facts = Facts.read(dumps(document["facts"]))
        assessment = assess(facts, assessed_by, tables, signals_kept(document))
    anew = assessment.reveal_json() if assessment else None
    if not tables.used:
        anew = _before_tables(anew)
    again: dict[str, Any] = {"assessment": _in_order(anew), "refusals": []}
    if document["format"] == FORMAT_1:
        decided = {name: decision[name] for name in ("outcome", "member_text")}
        return again | {"decision": decided if by_person else _by_rule(assessment)}
    if by_person:
        state, refusals = _walk(document, rules_allow=False)
        again["refusals"] = [*_refused(document, tables, may_release), *refusals]
        decided = {name: decision[name] for name in DECIDED} | {"state": state}
    else:
        state, again["refusals"] = _walk(
            document, rules_allow=assessment is not None and assessment.path in APPROVING_PATHS
        )
        decided = {
            **_by_rule(assessment),
            "ground": None,
            "state": state,
            "legal_basis": legal_basis_by_rule(facts, pack) if facts else None,
            "items": [{**item, "approved": item["asked"]} for item in decision["items"]],
            "post_facto": False,
        }
    return again | {"decision": decided, "guide": _guide_again(document, pack)}


def signals_kept(document: Mapping[str, Any]) -> tuple[Signal, ...]:
    """The signals that an assessment was given. They rest on what other people asked, which no receipt holds: so they
    are facts of the assessment, and what is decided again is what it made of them.

    Receipts older than `fraud` hold them only among the rules that fired; the question to the member is not one.
    """
    if document.get("signals") is not None:
        return Screening.read(dumps(document["signals"])).signals
    fired = document["assessment"]["rules"] if document["assessment"] else ()
    return tuple(
        Signal.read(dumps({**rule, "severity": "medium"}))
        for rule in fired
        if is_signal(rule["id"]) and rule["text"] != WHOSE_ASK
    )


def differences(kept: Any, now: Any, field: str = "") -> tuple[Difference, ...]:
    """Field by field what differs, in order of the fields' names."""
    if isinstance(kept, dict) and isinstance(now, dict):
        names = sorted(kept.keys() | now.keys())
        return tuple(
            found
            for name in names
            for found in differences(kept.get(name), now.get(name), f"{field}.{name}".strip("."))
        )
    if isinstance(kept, list) and isinstance(now, list) and len(kept) == len(now):
        return tuple(
            found
            for at, (one, other) in enumerate(zip(kept, now, strict=True))
            for found in differences(one, other, f"{field}[{at}]")
        )
    return () if kept == now else (Difference(field, kept, now),)


def legal_basis_by_rule(facts: Facts, pack: CoveragePack) -> str | None:
    """What an approval by rule rests on: the clause of each item, or the order of a court."""
    if facts.court_case:
        return COURT_ORDER
    known = (pack.find_item(line.tuss) for line in facts.items)
    return "; ".join(dict.fromkeys(item.source.clause for item in known if item)) or None


def _in_order(assessment: Any) -> Any:
    """What fired, sorted: rules that are collected have no order (DMN 1.3, 8.2.10)."""
    if not isinstance(assessment, dict):
        return assessment
    rules = sorted(assessment["rules"], key=lambda rule: dumps(rule, sort_keys=True))
    return {**assessment, "rules": rules, "routes": sorted(assessment["routes"])}


def _before_tables(assessment: Any) -> Any:
    """Without the fields that came with tables."""
    if not isinstance(assessment, dict):
        return assessment
    rules = [{name: value for name, value in rule.items() if name != "row"} for rule in assessment["rules"]]
    return {name: value for name, value in assessment.items() if name != "tables"} | {"rules": rules}


def _by_rule(assessment: Assessment | None) -> dict[str, Any]:
    approves = assessment is not None and assessment.path in APPROVING_PATHS
    return {"outcome": "approve" if approves else None, "member_text": APPROVED if approves else None}


def _insist_on_facts(document: Mapping[str, Any], *, by_person: bool) -> None:
    needed = [document["facts"], document.get("signals"), document["assessment"], document["decision"]["member_text"]]
    if by_person and document["format"] != FORMAT_1:
        needed += [document["decision"], document["persons"].get("requester")]
    withheld = sorted({person for value in needed for _, person in cuts_in(value)})
    if withheld:
        raise Unavailable(
            "prior_auth.facts_withheld",
            f"this receipt cannot be replayed: it does not show what is about {', '.join(withheld)}",
        )


def _walk(document: Mapping[str, Any], *, rules_allow: bool) -> tuple[State, list[str]]:
    """Take the steps through the table of states once more."""
    request, decision = document["request"], document["decision"]
    actor: Actor = "system" if decision["by"] == BY_SYSTEM else "staff"
    circumstances = Circumstances(
        actor,
        urgent=request["urgent"],
        ordered_by_court=request["court_ordered"],
        non_care=request["kind"] == "reimbursement",
        rules_allow=rules_allow,
        grounded=actor == "staff",
        disputed=True,
        favourable=decision["outcome"] == "approve",
    )
    state: State = decision["from_state"]
    steps: list[TransitionName] = decision["steps"]
    for step in steps:
        try:
            state = move(state, step, circumstances).target
        except AustaError as error:
            return state, [f"{step}: {error.message}"]
    return state, []


def _refused(document: Mapping[str, Any], tables: Tables, may_release: MayRelease) -> list[str]:
    """Why the law or the person's power would not have permitted this decision."""
    decision, asked_by = document["decision"], document["persons"].get("requester")
    released = _released(document)
    requester = Requester.read(dumps(asked_by)) if asked_by else None
    items = tuple(ItemAsked(item["position"], item["asked"]) for item in decision["items"])
    lacking = what_is_lacking(released, decision["from_state"], requester, items, _bound_by(document))
    refused = [f"lacks {name}" for name in lacking]
    registration = decision["releaser"]["registration"] or {}
    releaser = Releaser(*(registration.get(part) for part in ("council", "uf", "number")))
    if not may_release(released, is_own_case(released, releaser, requester)):
        refused.append("the person had no power to release it")
    elif beyond := tables.why_not(released.outcome, decision["releaser"]["roles"]):
        refused.append(f"the authority matrix did not allow it: {beyond}")
    return refused


def _bound_by(document: Mapping[str, Any]) -> ConcludedBoard | None:
    """What a concluded board bound the decision to; a court's order is obeyed whatever it found."""
    board, decision = document.get("board"), document["decision"]
    if not board or decision["from_state"] != "BOARD_OPINION" or "obey_order" in decision["steps"]:
        return None
    return ConcludedBoard(
        conclusion=board["conclusion"],
        items=tuple(ItemDecision(**item) for item in board["items"]),
        notified=all(board["notices"].values()),
    )


def _released(document: Mapping[str, Any]) -> ReleasedDecision:
    decision = document["decision"]
    partly = decision["outcome"] == "approve_in_part"
    content = {
        "request_id": document["request"]["id"],
        "expected_version": 0,
        "case_id": decision["case_id"],
        "outcome": decision["outcome"],
        "ground": decision["ground"],
        "released_by": decision["by"],
        "releaser_roles": decision["releaser"]["roles"],
        "released_at": decision["released_at"],
        "items": [
            {"position": item["position"], "approved_quantity": item["approved"]}
            for item in decision["items"]
            if partly
        ],
        **{name: decision[name] for name in ("reason_codes", "legal_basis", "member_text", "missing", "evidence")},
        "opinions": [
            {name: value for name, value in opinion.items() if name != "registration"} | opinion["registration"]
            for opinion in decision["opinions"]
        ],
        "contacts": decision["contacts"],
        "earlier_reviewers": decision["earlier_reviewers"],
    }
    return ReleasedDecision.read(dumps(content))


def _guide_again(document: Mapping[str, Any], pack: CoveragePack) -> dict[str, str] | None:
    guide = document["guide"]
    if guide is None:
        return None
    days = pack.guide_validity_days[document["request"]["service_class"]].value
    return {"valid_until": (date.fromisoformat(guide["issued_on"]) + timedelta(days=days)).isoformat()}
