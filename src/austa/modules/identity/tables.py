"""Tables of `identity`, and its ids-only look-ups in schema `dispatch`."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

metadata = sa.MetaData(schema="identity")
dispatch = sa.MetaData(schema="dispatch")


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _operator(*, primary_key: bool = True) -> sa.Column[object]:
    return sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=primary_key, nullable=False)


operator = sa.Table(
    "operator",
    metadata,
    _operator(),
    sa.Column("ans_registry", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    _instant("created_at"),
)

principal = sa.Table(
    "principal",
    metadata,
    _operator(),
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("name", sa.LargeBinary, nullable=False),
    sa.Column("email", sa.LargeBinary, nullable=False),
    sa.Column("email_index", sa.LargeBinary, nullable=False),
    sa.Column("roles", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("council", sa.Text),
    sa.Column("council_uf", sa.Text),
    sa.Column("council_number", sa.LargeBinary),
    sa.Column("password", sa.LargeBinary),
    sa.Column("active", sa.Boolean, nullable=False),
    _instant("created_at"),
    sa.Column("provider_id", pg.UUID(as_uuid=True)),
    sa.UniqueConstraint("operator_id", "email_index"),
)

invitation = sa.Table(
    "invitation",
    metadata,
    _operator(),
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("principal_id", pg.UUID(as_uuid=True), nullable=False),
    _instant("expires_at"),
    _instant("ended_at", nullable=True),
)

session = sa.Table(
    "session",
    metadata,
    _operator(),
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("principal_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    _instant("created_at"),
    _instant("expires_at"),
    _instant("revoked_at", nullable=True),
    sa.Column("revoked_for", sa.Text),
)

session_token = sa.Table(
    "session_token",
    metadata,
    _operator(),
    sa.Column("token_hash", sa.LargeBinary, primary_key=True),
    sa.Column("session_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    _instant("expires_at"),
    _instant("replaced_at", nullable=True),
)

member_session = sa.Table(
    "member_session",
    metadata,
    _operator(),
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("member_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("token_hash", sa.LargeBinary, nullable=False),
    _instant("created_at"),
    _instant("expires_at"),
    _instant("ended_at", nullable=True),
    sa.UniqueConstraint("operator_id", "token_hash"),
    sa.Index("member_session_age", "operator_id", "expires_at"),
)

code = sa.Table(
    "code",
    metadata,
    _operator(),
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("subject_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    _instant("started_at"),
    _instant("expires_at"),
    sa.Column("tries", sa.Integer, nullable=False),
    _instant("used_at", nullable=True),
)

code_attempt = sa.Table(
    "code_attempt",
    metadata,
    _operator(),
    sa.Column("code_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("correct", sa.Boolean, nullable=False),
)

link = sa.Table(
    "link",
    metadata,
    _operator(),
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("member_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("resource_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),
    _instant("expires_at"),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.UniqueConstraint("operator_id", "member_id", "purpose", "resource_id"),
)

known_operator = sa.Table(
    "identity_operator",
    dispatch,
    sa.Column("ans_registry", sa.Text, primary_key=True),
    _operator(primary_key=False),
)

known_email = sa.Table(
    "identity_email",
    dispatch,
    sa.Column("email_index", sa.LargeBinary, primary_key=True),
    _operator(primary_key=False),
    sa.Column("principal_id", pg.UUID(as_uuid=True), nullable=False),
)

known_token = sa.Table(
    "identity_token",
    dispatch,
    sa.Column("token_hash", sa.LargeBinary, primary_key=True),
    _operator(primary_key=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("reference", pg.UUID(as_uuid=True), nullable=False),
    _instant("expires_at"),
)

attempt = sa.Table(
    "identity_attempt",
    dispatch,
    sa.Column("email_index", sa.LargeBinary, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    _instant("last_at"),
)
