"""What runs on the way of every request, built once (`infra.prepared`)."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.prepared import Prepared
from austa.modules.prior_auth.tables import (
    assessment,
    calendar,
    decision,
    item,
    paper,
    request,
    rule_step,
    sequence,
)

GIVEN = sa.bindparam("given", type_=request.c.id.type)
_MANY = sa.bindparam("many", type_=sequence.c.last.type)
NEXT_NUMBERS = Prepared(
    insert(sequence)
    .values(operator_id=GIVEN, name=sa.bindparam("of"), last=_MANY)
    .on_conflict_do_update(
        index_elements=[sequence.c.operator_id, sequence.c.name], set_={"last": sequence.c.last + _MANY}
    )
    .returning(sequence.c.last)
)
CALENDAR = Prepared(sa.select(calendar).order_by(calendar.c.revision.desc()).limit(1))
BY_KEY = Prepared(sa.select(request).where(request.c.key == sa.bindparam("of")))
REQUEST = Prepared(sa.select(request).where(request.c.id == GIVEN))
LOCKED_REQUEST = Prepared(sa.select(request).where(request.c.id == GIVEN).with_for_update())
ITEMS = Prepared(sa.select(item).where(item.c.request_id == GIVEN).order_by(item.c.position))
PAPERS = Prepared(sa.select(paper).where(paper.c.request_id == GIVEN).order_by(paper.c.position))
DECISIONS = Prepared(sa.select(decision).where(decision.c.request_id == GIVEN).order_by(decision.c.at, decision.c.id))
RULE_STEPS = Prepared(sa.select(sa.func.count().label("steps")).select_from(rule_step))
ASSESSMENTS = Prepared(
    sa.select(sa.func.count().label("earlier")).select_from(assessment).where(assessment.c.request_id == GIVEN)
)
HISTORY = Prepared(
    sa.select(item.c.request_id, item.c.tuss, item.c.asked_on, item.c.laterality, request.c.state, request.c.protocol)
    .select_from(
        item.join(request, sa.and_(request.c.operator_id == item.c.operator_id, request.c.id == item.c.request_id))
    )
    .where(
        item.c.member_id == GIVEN,
        item.c.asked_on >= sa.bindparam("since", type_=sa.Date),
        # Not by the index of protocols: nearly all are smaller, and a planner that does not know how many there are by
        # now would read them all.
        request.c.protocol.concat("") < sa.bindparam("protocol_before", type_=sa.Text),
    )
    .order_by(item.c.asked_on.desc(), item.c.request_id)
)
