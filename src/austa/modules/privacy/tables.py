"""Tables of `privacy`."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

metadata = sa.MetaData(schema="privacy")

consent = sa.Table(
    "consent",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("subject_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("text_version", sa.Integer, nullable=False),
    sa.Column("text_sha256", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("evidence", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("guardian_id", pg.UUID(as_uuid=True)),
    sa.Column("revoked_at", sa.DateTime(timezone=True)),
    sa.Column("revocation_channel", sa.Text),
    sa.Column("revocation_evidence", pg.UUID(as_uuid=True)),
    sa.UniqueConstraint("operator_id", "subject_id", "purpose", "evidence"),
)

access = sa.Table(
    "access",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("subject_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("resource_id", pg.UUID(as_uuid=True)),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)
