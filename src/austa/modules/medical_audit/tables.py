"""The tables of `medical_audit`; opinions, contacts, releases and events are only ever appended or settled."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

metadata = sa.MetaData(schema="medical_audit")

case_number = sa.Table(
    "case_number",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)

audit_case = sa.Table(
    "audit_case",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("request_id", sa.Uuid, nullable=False),
    sa.Column("protocol", sa.Text, nullable=False),
    sa.Column("member_id", sa.Uuid, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("queue", sa.Text, nullable=False),
    sa.Column("place", sa.SmallInteger, nullable=False),
    sa.Column("route_reasons", pg.JSONB, nullable=False),
    sa.Column("tuss", sa.Text, nullable=False),
    sa.Column("procedure", sa.Text, nullable=False),
    sa.Column("more_items", sa.Integer, nullable=False),
    sa.Column("amount_centavos", sa.BigInteger),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("closed_at", sa.DateTime(timezone=True)),
    sa.Column("assigned_to", sa.Uuid),
    sa.Column("last_event", sa.Text, nullable=False),
    sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)

ended_request = sa.Table(
    "ended_request",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("request_id", sa.Uuid, primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)

opinion = sa.Table(
    "opinion",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("case_id", sa.Uuid, nullable=False),
    sa.Column("author_id", sa.Uuid, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)

contact = sa.Table(
    "contact",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("case_id", sa.Uuid, nullable=False),
    sa.Column("made_by", sa.Uuid, nullable=False),
    sa.Column("with_whom", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("summary", sa.LargeBinary, nullable=False),
    sa.Column("agreed", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)

checklist = sa.Table(
    "checklist",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("case_id", sa.Uuid, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("author_id", sa.Uuid, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)

forward = sa.Table(
    "forward",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("case_id", sa.Uuid, nullable=False),
    sa.Column("request_id", sa.Uuid, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("forwarded_by", sa.Uuid, nullable=False),
    sa.Column("reason", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)

release = sa.Table(
    "release",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("case_id", sa.Uuid, nullable=False),
    sa.Column("request_id", sa.Uuid, nullable=False),
    sa.Column("request_version", sa.Integer, nullable=False),
    sa.Column("asked", sa.LargeBinary, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("released_by", sa.Uuid, nullable=False),
    sa.Column("releaser_roles", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("refusal", sa.Text),
    sa.Column("lacking", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("waits_until", sa.DateTime(timezone=True)),
    sa.Column("papers_seen", sa.Integer),
)

case_event = sa.Table(
    "case_event",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("case_id", sa.Uuid, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)

tiebreaker = sa.Table(
    "tiebreaker",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("uf", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("specialties", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("city", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("person", sa.LargeBinary, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
)

board_act = sa.Table(
    "board_act",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("case_id", sa.Uuid, nullable=False),
    sa.Column("request_id", sa.Uuid, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("made_by", sa.Uuid, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("refusal", sa.Text),
    sa.Column("reasons", pg.ARRAY(sa.Text), nullable=False, server_default=sa.text("'{}'")),
)
