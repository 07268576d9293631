"""Tables of `fraud`, as the migrations make them. Ids, marks, codes and dates lie open; sentences are sealed."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

metadata = sa.MetaData(schema="fraud")


def _operator() -> sa.Column[object]:
    return sa.Column("operator_id", pg.UUID(as_uuid=True), primary_key=True)


def _id(name: str, *, primary: bool = False, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, pg.UUID(as_uuid=True), primary_key=primary, nullable=nullable)


def _instant(name: str, *, primary: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), primary_key=primary, nullable=False)


def _needed(name: str, kind: Any, *, primary: bool = False) -> sa.Column[object]:
    return sa.Column(name, kind, primary_key=primary, nullable=False)


screened = sa.Table(
    "screened",
    metadata,
    _operator(),
    _id("request_id", primary=True),
    _id("member_id"),
    _id("subject_id"),
    _id("family_id"),
    _needed("kind", sa.Text),
    _needed("asked_on", sa.Date),
    _id("provider_id", nullable=True),
    _needed("urgent_on_elective", sa.Boolean),
    _needed("given_up", sa.Boolean),
    _instant("at"),
    _needed("rules_version", sa.Text),
    _needed("rules_digest", sa.Text),
    _needed("content", sa.LargeBinary),
)

attendance = sa.Table(
    "attendance",
    metadata,
    _operator(),
    _id("id", primary=True),
    _needed("source", sa.Text),
    _id("request_id", nullable=True),
    _id("member_id"),
    sa.Column("performer", sa.LargeBinary),
    _id("provider_id"),
    _needed("state", sa.Text),
    sa.Column("latitude_e6", sa.Integer),
    sa.Column("longitude_e6", sa.Integer),
    _needed("tuss", sa.Text),
    sa.Column("laterality", sa.Text),
    _instant("starts_at"),
    sa.Column("minutes", sa.Integer),
    sa.Index("attendance_member", "operator_id", "member_id", "starts_at"),
    sa.Index(
        "attendance_performer",
        "operator_id",
        "performer",
        "starts_at",
        postgresql_where=sa.text("performer is not null"),
    ),
    sa.Index("attendance_request", "operator_id", "request_id", postgresql_where=sa.text("request_id is not null")),
    sa.Index("attendance_bill", "operator_id", postgresql_where=sa.text("source = 'bill'")),
)

receipt = sa.Table(
    "receipt",
    metadata,
    _operator(),
    _id("request_id", primary=True),
    _needed("position", sa.Integer, primary=True),
    _id("member_id"),
    _id("family_id"),
    _needed("issuer", sa.LargeBinary),
    _needed("number", sa.BigInteger),
    _needed("issued_on", sa.Date),
    _needed("amount_centavos", sa.BigInteger),
    sa.Index("receipt_family", "operator_id", "family_id", "issued_on"),
)

paper = sa.Table(
    "paper",
    metadata,
    _operator(),
    _id("document_id", primary=True),
    _id("request_id", primary=True),
    _id("family_id"),
    sa.Index("paper_request", "operator_id", "request_id"),
)

provider_day = sa.Table(
    "provider_day",
    metadata,
    _operator(),
    _id("provider_id", primary=True),
    _needed("day", sa.Date, primary=True),
    _needed("requests", sa.Integer),
    _needed("urgent_on_elective", sa.Integer),
)

admission = sa.Table(
    "admission",
    metadata,
    _operator(),
    _id("member_id", primary=True),
    _id("provider_id", primary=True),
    _needed("since", sa.Date, primary=True),
    sa.Column("until", sa.Date),
)

owner = sa.Table(
    "owner",
    metadata,
    _operator(),
    _needed("performer", sa.LargeBinary, primary=True),
    _needed("supplier", sa.Text, primary=True),
)

opening = sa.Table(
    "opening",
    metadata,
    _operator(),
    _id("provider_id", primary=True),
    _needed("weekday", sa.Integer, primary=True),
    _needed("opens", sa.Integer, primary=True),
    _needed("closes", sa.Integer),
)

device = sa.Table(
    "device",
    metadata,
    _operator(),
    _needed("device", sa.LargeBinary, primary=True),
    _id("member_id", primary=True),
    _instant("at", primary=True),
    _id("family_id"),
    _needed("address", sa.Boolean),
    sa.Index("device_member", "operator_id", "member_id", "at"),
    sa.Index("device_at", "operator_id", "device", "at"),
)

rule_set = sa.Table(
    "rule_set",
    metadata,
    _operator(),
    _needed("revision", sa.Integer, primary=True),
    _needed("digest", sa.Text),
    _needed("version", sa.Text),
    _needed("content", sa.LargeBinary),
    _instant("set_at"),
    _needed("set_by", sa.Text),
)

verdict = sa.Table(
    "verdict",
    metadata,
    _operator(),
    _id("id", primary=True),
    _id("request_id"),
    _needed("rule", sa.Text),
    _needed("verdict", sa.Text),
    _instant("at"),
    _needed("by", sa.Text),
    _needed("content", sa.LargeBinary),
    sa.Index("verdict_request", "operator_id", "request_id", "at"),
)
