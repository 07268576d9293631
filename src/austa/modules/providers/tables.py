"""Tables of `providers`. Names of professionals are sealed; registrations are public."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

metadata = sa.MetaData(schema="providers")

provider = sa.Table(
    "provider",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sort_name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("cnpj", sa.Text),
    sa.Column("cnes", sa.Text),
    sa.Column("city", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("latitude", sa.Float),
    sa.Column("longitude", sa.Float),
    sa.Column("in_network", sa.Boolean, nullable=False),
    sa.Column("suspended", sa.Boolean, nullable=False),
    sa.Column("specialties", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("is_synthetic", sa.Boolean, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("versioned_at", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("operator_id", "code"),
    sa.Index("provider_list", "operator_id", "sort_name", "id", postgresql_where=sa.text("in_network")),
    sa.Index("provider_cnpj", "operator_id", "cnpj", postgresql_where=sa.text("cnpj is not null")),
)

provider_specialty = sa.Table(
    "provider_specialty",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("specialty", sa.Text, primary_key=True),
    sa.Column("provider_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.ForeignKeyConstraint(
        ["operator_id", "provider_id"], ["providers.provider.operator_id", "providers.provider.id"], ondelete="CASCADE"
    ),
    sa.Index("provider_specialty_provider", "operator_id", "provider_id"),
)

professional = sa.Table(
    "professional",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("council", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("name", sa.LargeBinary, nullable=False),
    sa.Column("specialties", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("is_synthetic", sa.Boolean, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("versioned_at", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("operator_id", "council", "state", "number"),
)

version = sa.Table(
    "version",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("about", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("aspect", sa.Text, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_until", sa.Date),
    sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
    sa.Column("known_until", sa.DateTime(timezone=True)),
    sa.Column("content", sa.Text, nullable=False),
    sa.Index("version_about", "operator_id", "about"),
)

standing = sa.Table(
    "standing",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("holder_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("since", sa.Date, primary_key=True),
    sa.Column("good", sa.Boolean, nullable=False),
)
