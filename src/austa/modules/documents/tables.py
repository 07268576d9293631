"""The tables of `documents`. Files lie in the blob store; what was read is sealed under its subject's key."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

metadata = sa.MetaData(schema="documents")

document = sa.Table(
    "document",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("subject_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.Integer, nullable=False),
    sa.Column("content_mark", sa.LargeBinary, nullable=False),
    sa.Column("filename", sa.LargeBinary),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("refusal", sa.Text),
    sa.Column("document_class", sa.Text),
    sa.Column("class_confidence", sa.Float, nullable=False),
    sa.Column("handwritten", sa.Boolean, nullable=False),
    sa.Column("pages", pg.JSONB, nullable=False),
    sa.Column("facts", sa.LargeBinary),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("read_at", sa.DateTime(timezone=True)),
    sa.Column("provider_id", pg.UUID(as_uuid=True)),
    sa.Column("password", sa.LargeBinary),
    sa.Column("evidence", sa.LargeBinary),
    sa.UniqueConstraint("operator_id", "key"),
    sa.Index("document_content", "operator_id", "content_mark", "created_at"),
)

likeness = sa.Table(
    "likeness",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("document_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

person_mark = sa.Table(
    "person_mark",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("mark", sa.LargeBinary, primary_key=True),
    sa.Column("document_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Index("person_mark_document", "operator_id", "document_id"),
)

same_photo = sa.Table(
    "same_photo",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("document_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("earlier_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Index("same_photo_earlier", "operator_id", "earlier_id"),
)

search_token = sa.Table(
    "search_token",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("token", sa.LargeBinary, primary_key=True),
    sa.Column("document_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Index("search_token_document", "operator_id", "document_id"),
)

upload = sa.Table(
    "upload",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("subject_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("length", sa.Integer, nullable=False),
    sa.Column("received", sa.Integer, nullable=False),
    sa.Column("chunks", sa.Integer, nullable=False),
    sa.Column("filename", sa.LargeBinary),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("document_id", pg.UUID(as_uuid=True)),
    sa.Index("upload_actor", "operator_id", "actor"),
)

upload_chunk = sa.Table(
    "upload_chunk",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("upload_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("start", sa.Integer, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
