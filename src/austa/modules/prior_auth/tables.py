"""Tables of `prior_auth`, as the migrations make them."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

metadata = sa.MetaData(schema="prior_auth")


def _operator() -> sa.Column[object]:
    return sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True)


def _id(name: str = "id", *, primary: bool = True, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, pg.UUID(as_uuid=True), primary_key=primary, nullable=nullable and not primary)


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


request = sa.Table(
    "request",
    metadata,
    _operator(),
    _id(),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    _id("member_id", primary=False),
    _id("subject_id", primary=False),
    _id("requester_subject_id", primary=False, nullable=True),
    _id("provider_id", primary=False, nullable=True),
    _id("asking_provider_id", primary=False, nullable=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("court_ordered", sa.Boolean, nullable=False),
    sa.Column("protocol", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("path", sa.Text),
    sa.Column("queue", sa.Text),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("asks", sa.Integer, nullable=False),
    _id("pending_ask_id", primary=False, nullable=True),
    _instant("asked_at"),
    _instant("received_at"),
    _instant("due_at"),
    sa.Column("service_class", sa.Text, nullable=False),
    sa.Column("business_days", sa.Integer, nullable=False),
    sa.Column("calendar_id", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("clock_basis", sa.Text, nullable=False),
    sa.Column("watch", sa.Text),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("requester", sa.LargeBinary),
    sa.Column("reopened", sa.Text),
    sa.Column("reopened_at", sa.DateTime(timezone=True)),
    sa.Column("first_term", pg.JSONB),
    _id("extends_id", primary=False, nullable=True),
    sa.Column("attend_by", sa.DateTime(timezone=True)),
    sa.Column("attend_days", sa.Integer),
    sa.Column("attend_basis", sa.Text),
    sa.Column("attend_watch_at", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("operator_id", "key"),
    sa.UniqueConstraint("operator_id", "protocol"),
)
sa.Index("request_newest", request.c.operator_id, request.c.received_at.desc(), request.c.id.desc())
sa.Index(
    "request_of_member",
    request.c.operator_id,
    request.c.member_id,
    request.c.received_at.desc(),
    request.c.id.desc(),
)
sa.Index(
    "request_of_provider",
    request.c.operator_id,
    request.c.provider_id,
    request.c.received_at.desc(),
    request.c.id.desc(),
    postgresql_where=request.c.provider_id.is_not(None),
)

review = sa.Table(
    "review",
    metadata,
    _operator(),
    _id(),
    sa.Column("key", sa.Text, nullable=False),
    _id("request_id", primary=False),
    sa.Column("kind", sa.Text, nullable=False),
    _instant("at"),
    sa.Column("opened_by", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("operator_id", "key"),
)
sa.Index("review_of_request", review.c.operator_id, review.c.request_id, review.c.at)

item = sa.Table(
    "item",
    metadata,
    _operator(),
    _id("request_id"),
    sa.Column("position", sa.Integer, primary_key=True),
    _id("member_id", primary=False),
    sa.Column("tuss", sa.Text, nullable=False),
    sa.Column("coding_table", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("asked_on", sa.Date, nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("laterality", sa.Text),
    sa.Column("amount_centavos", sa.BigInteger),
    _id("provider_id", primary=False, nullable=True),
    sa.Column("scheduled_at", sa.DateTime(timezone=True)),
    sa.Column("service_class", sa.Text, nullable=False),
    sa.Column("high_complexity", sa.Boolean, nullable=False),
    sa.Column("approved_quantity", sa.Integer),
    sa.Index("item_history", "operator_id", "member_id", "tuss", "asked_on"),
)

paper = sa.Table(
    "paper",
    metadata,
    _operator(),
    _id("request_id"),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    _id("document_id", primary=False, nullable=True),
    _instant("added_at"),
    sa.UniqueConstraint("operator_id", "request_id", "document_id"),
    sa.Index("paper_document", "operator_id", "document_id"),
)

change = sa.Table(
    "change",
    metadata,
    _operator(),
    _id("request_id"),
    sa.Column("sequence", sa.Integer, primary_key=True),
    _instant("at"),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("transition", sa.Text, nullable=False),
    sa.Column("from_state", sa.Text),
    sa.Column("to_state", sa.Text, nullable=False),
)

assessment = sa.Table(
    "assessment",
    metadata,
    _operator(),
    _id(),
    _id("request_id", primary=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    _instant("at"),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("queue", sa.Text),
    sa.Column("rules_version", sa.Text, nullable=False),
    sa.Column("rules_digest", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("operator_id", "request_id", "sequence"),
)

ask = sa.Table(
    "ask",
    metadata,
    _operator(),
    _id(),
    _id("request_id", primary=False),
    _instant("asked_at"),
    _instant("answer_by"),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Index("ask_of_request", "operator_id", "request_id"),
)

decision = sa.Table(
    "decision",
    metadata,
    _operator(),
    _id(),
    sa.Column("key", sa.Text, nullable=False),
    _id("request_id", primary=False),
    _id("case_id", primary=False, nullable=True),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("ground", sa.Text),
    sa.Column("decided_by", sa.Text, nullable=False),
    _instant("at"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("rules_version", sa.Text, nullable=False),
    sa.Column("post_facto", sa.Boolean, nullable=False),
    sa.Column("guide_number", sa.Text),
    sa.Column("valid_until", sa.Date),
    sa.Column("replaces_guide", sa.Text),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.LargeBinary),
    sa.UniqueConstraint("operator_id", "key"),
    sa.UniqueConstraint("operator_id", "guide_number"),
    sa.Index("decision_of_request", "operator_id", "request_id", "at"),
)
sa.Index(
    "decision_first_guide",
    decision.c.operator_id,
    decision.c.request_id,
    unique=True,
    postgresql_where=decision.c.guide_number.is_not(None) & decision.c.replaces_guide.is_(None),
)
sa.Index(
    "decision_next_guide",
    decision.c.operator_id,
    decision.c.replaces_guide,
    unique=True,
    postgresql_where=decision.c.replaces_guide.is_not(None),
)

receipt_part = sa.Table(
    "receipt_part",
    metadata,
    _operator(),
    _id("decision_id"),
    sa.Column("person", sa.Text, primary_key=True),
    _id("subject_id", primary=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

appointment = sa.Table(
    "appointment",
    metadata,
    _operator(),
    _id("request_id"),
    sa.Column("sequence", sa.Integer, primary_key=True),
    _instant("at"),
    _id("provider_id", primary=False, nullable=True),
    _instant("recorded_at"),
    sa.Column("recorded_by", sa.Text, nullable=False),
)

access_task = sa.Table(
    "access_task",
    metadata,
    _operator(),
    _id(),
    _id("request_id", primary=False),
    sa.Column("cause", sa.Text, nullable=False),
    _instant("opened_at"),
    _instant("attend_by"),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text),
    _id("taken_by", primary=False, nullable=True),
    sa.Column("version", sa.Integer, nullable=False),
)
sa.Index(
    "access_task_open",
    access_task.c.operator_id,
    access_task.c.request_id,
    unique=True,
    postgresql_where=access_task.c.outcome.is_(None),
)
sa.Index(
    "access_task_waiting",
    access_task.c.operator_id,
    access_task.c.attend_by,
    access_task.c.id,
    postgresql_where=access_task.c.outcome.is_(None),
)

access_note = sa.Table(
    "access_note",
    metadata,
    _operator(),
    _id("task_id"),
    sa.Column("sequence", sa.Integer, primary_key=True),
    _instant("at"),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

rule_source = sa.Table(
    "rule_source",
    metadata,
    _operator(),
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    _instant("first_used_at"),
)

rule_version = sa.Table(
    "rule_version",
    metadata,
    _operator(),
    _id(),
    sa.Column("rule_set", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("examples", sa.LargeBinary),
    sa.Column("author", sa.Text, nullable=False),
    _instant("created_at"),
    sa.Column("note", sa.Text, nullable=False),
    sa.UniqueConstraint("operator_id", "rule_set", "number"),
)

rule_step = sa.Table(
    "rule_step",
    metadata,
    _operator(),
    sa.Column("sequence", sa.Integer, primary_key=True),
    _id("version_id", primary=False),
    sa.Column("step", sa.Text, nullable=False),
    _instant("at"),
    sa.Column("by", sa.Text, nullable=False),
    _instant("effective_at"),
    sa.Column("until", sa.DateTime(timezone=True)),
    sa.Column("note", sa.Text, nullable=False),
)

calendar = sa.Table(
    "calendar",
    metadata,
    _operator(),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("state", sa.Text),
    sa.Column("own", pg.JSONB, nullable=False),
    _instant("set_at"),
    sa.Column("set_by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
)

sequence = sa.Table(
    "sequence",
    metadata,
    _operator(),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("last", sa.BigInteger, nullable=False),
)

board = sa.Table(
    "board",
    metadata,
    _operator(),
    _id(),
    _id("request_id", primary=False),
    _id("case_id", primary=False),
    _instant("opened_at"),
    sa.Column("opened_by", sa.Text, nullable=False),
    sa.Column("view", sa.Text, nullable=False),
    _instant("must_end_by"),
    sa.Column("requester_received_at", sa.DateTime(timezone=True)),
    sa.Column("requester_means", sa.Text),
    sa.Column("member_received_at", sa.DateTime(timezone=True)),
    sa.Column("member_means", sa.Text),
    sa.Column("requester_until", sa.DateTime(timezone=True)),
    sa.Column("answer", sa.Text),
    sa.Column("answered_at", sa.DateTime(timezone=True)),
    sa.Column("chosen", sa.SmallInteger),
    sa.Column("chosen_by", sa.Text),
    sa.Column("chosen_at", sa.DateTime(timezone=True)),
    sa.Column("tiebreaker_until", sa.DateTime(timezone=True)),
    sa.Column("needs", pg.ARRAY(sa.Text), nullable=False, server_default=sa.text("'{}'")),
    sa.Column("conclusion", sa.Text),
    sa.Column("conclusion_items", pg.JSONB),
    sa.Column("concluded_at", sa.DateTime(timezone=True)),
    _id("opinion_id", primary=False, nullable=True),
    sa.Column("opinion_digest", sa.Text),
    sa.Column("opinion_written_at", sa.DateTime(timezone=True)),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Index("board_of_request", "operator_id", "request_id", "opened_at"),
)

board_candidate = sa.Table(
    "board_candidate",
    metadata,
    _operator(),
    _id("board_id"),
    sa.Column("position", sa.SmallInteger, primary_key=True),
    _id("subject_id", primary=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.ForeignKeyConstraint(["operator_id", "board_id"], ["prior_auth.board.operator_id", "prior_auth.board.id"]),
)

board_step = sa.Table(
    "board_step",
    metadata,
    _operator(),
    sa.Column("key", sa.Text, primary_key=True),
    _id("request_id", primary=False),
    _id("board_id", primary=False, nullable=True),
    sa.Column("kind", sa.Text, nullable=False),
    _instant("at"),
    sa.Column("taken_by", sa.Text, nullable=False),
    sa.Index("board_step_of_request", "operator_id", "request_id", "at"),
)
