"""The ledger's tables. Rows of entry, node and checkpoint are written once and never change."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

metadata = sa.MetaData(schema="ledger")

head = sa.Table(
    "head",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("edge", sa.LargeBinary, nullable=False),
    sa.Column("seal_due_at", sa.DateTime(timezone=True)),
)

entry = sa.Table(
    "entry",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("index", sa.BigInteger, primary_key=True),
    sa.Column("id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("source_event_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("time", sa.DateTime(timezone=True), nullable=False),
    sa.Column("leaf_data", sa.LargeBinary, nullable=False),
    sa.Column("leaf_hash", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("operator_id", "id"),
    sa.UniqueConstraint("operator_id", "source_event_id"),
)

opening = sa.Table(
    "opening",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("index", sa.BigInteger, primary_key=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("statement", sa.LargeBinary, nullable=False),
)

node = sa.Table(
    "node",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("level", sa.SmallInteger, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)

checkpoint = sa.Table(
    "checkpoint",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("size", sa.BigInteger, primary_key=True),
    sa.Column("note", sa.Text, nullable=False),
)
