"""Tables of `members`. What identifies a person is sealed in `person`; marks and tokens are HMACs."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

metadata = sa.MetaData(schema="members")

contract = sa.Table(
    "contract",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("plan_name", sa.Text, nullable=False),
    sa.Column("ans_product", sa.Text),
    sa.Column("segmentation", sa.Text, nullable=False),
    sa.Column("coverage_area", sa.Text, nullable=False),
    sa.Column("coverage_states", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("started_on", sa.Date, nullable=False),
    sa.Column("ended_on", sa.Date),
    sa.Column("waiting_periods", pg.JSONB, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("versioned_at", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("operator_id", "number"),
)

contract_status = sa.Table(
    "contract_status",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("contract_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("since", sa.Date, primary_key=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(["operator_id", "contract_id"], ["members.contract.operator_id", "members.contract.id"]),
)

member = sa.Table(
    "member",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("contract_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("card_mark", sa.LargeBinary, nullable=False),
    sa.Column("cpf_mark", sa.LargeBinary),
    sa.Column("card_end", sa.Text, nullable=False),
    sa.Column("card_valid_until", sa.Date),
    sa.Column("birth_date", sa.Date, nullable=False),
    sa.Column("sex", sa.Text, nullable=False),
    sa.Column("relation", sa.Text, nullable=False),
    sa.Column("holder_id", pg.UUID(as_uuid=True)),
    sa.Column("guardian_id", pg.UUID(as_uuid=True)),
    sa.Column("joined_on", sa.Date, nullable=False),
    sa.Column("excluded_on", sa.Date),
    sa.Column("deceased_on", sa.Date),
    sa.Column("waiting_periods", pg.JSONB(none_as_null=True)),
    sa.Column("is_synthetic", sa.Boolean, nullable=False),
    sa.Column("person", sa.LargeBinary, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("versioned_at", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("operator_id", "card_mark"),
    sa.ForeignKeyConstraint(["operator_id", "contract_id"], ["members.contract.operator_id", "members.contract.id"]),
    sa.Index("member_cpf", "operator_id", "cpf_mark", postgresql_where=sa.text("cpf_mark is not null")),
    sa.Index("member_guardian", "operator_id", "guardian_id", postgresql_where=sa.text("guardian_id is not null")),
    sa.Index("member_list", "operator_id", "card_end", "id"),
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
    sa.Column("sealed", sa.LargeBinary),
    sa.Index("version_about", "operator_id", "about", "aspect"),
)

search_token = sa.Table(
    "search_token",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("token", sa.LargeBinary, primary_key=True),
    sa.Column("member_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Index("search_token_member", "operator_id", "member_id"),
)

confirmation = sa.Table(
    "confirmation",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("provider_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("member_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("confirmed_by", sa.Text, nullable=False),
)

confirmation_attempt = sa.Table(
    "confirmation_attempt",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("actor", sa.Text, primary_key=True),
    sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
)

verification = sa.Table(
    "verification",
    metadata,
    sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("code_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("member_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
)
