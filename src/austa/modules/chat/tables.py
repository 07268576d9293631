"""The tables of `chat`, and its look-up in schema `dispatch`. Bodies, addresses and drafts are sealed under the channel
identity's key."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

metadata = sa.MetaData(schema="chat")
dispatch = sa.MetaData(schema="dispatch")

whatsapp_number = sa.Table(
    "whatsapp_number",
    dispatch,
    sa.Column("number_id", sa.Text, primary_key=True),
    sa.Column("operator_id", sa.Uuid, nullable=False),
)


inbox_due = sa.Table(
    "inbox_due",
    dispatch,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("place", sa.BigInteger, primary_key=True),
    sa.Column("operator_id", sa.Uuid, nullable=False),
    sa.Column("key", sa.Uuid, nullable=False),
    sa.Column("id", sa.Uuid, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("item_index", sa.LargeBinary, nullable=False),
    sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
)

inbox_lease = sa.Table(
    "inbox_lease",
    dispatch,
    sa.Column("key", sa.Uuid, primary_key=True),
    sa.Column("token", sa.Uuid, nullable=False),
    sa.Column("holder", sa.Integer, nullable=False),
    sa.Column("until", sa.DateTime(timezone=True), nullable=False),
)

inbox_urgent = sa.Table(
    "inbox_urgent",
    dispatch,
    sa.Column("key", sa.Uuid, primary_key=True),
    sa.Column("place", sa.BigInteger, nullable=False),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("item_index", sa.LargeBinary, primary_key=True),
    sa.Column("id", sa.Uuid, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
)

channel_identity = sa.Table(
    "channel_identity",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("number_id", sa.Text, nullable=False),
    sa.Column("wa_index", sa.LargeBinary),
    sa.Column("user_index", sa.LargeBinary),
    sa.Column("address", sa.LargeBinary, nullable=False),
    sa.Column("member_id", sa.Uuid),
    sa.Column("linked_at", sa.DateTime(timezone=True)),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)

identity_link = sa.Table(
    "identity_link",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("identity_id", sa.Uuid, primary_key=True),
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("verified_by", sa.Text, nullable=False),
)

conversation = sa.Table(
    "conversation",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("identity_id", sa.Uuid, nullable=False),
    sa.Column("number_id", sa.Text, nullable=False),
    sa.Column("state", sa.LargeBinary),
    sa.Column("handed_over", sa.Boolean, nullable=False),
    sa.Column("last_inbound_at", sa.DateTime(timezone=True)),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("turns", sa.Integer, nullable=False),
)

message = sa.Table(
    "message",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("conversation_id", sa.Uuid, nullable=False),
    sa.Column("direction", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("wamid_index", sa.LargeBinary),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("author", sa.Text),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("urgency", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("error_code", sa.Integer),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("notification_id", sa.Uuid),
    sa.Column("answers", sa.Uuid),
    sa.Column("key", sa.Text),
    sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
)

attachment = sa.Table(
    "attachment",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("conversation_id", sa.Uuid, nullable=False),
    sa.Column("message_id", sa.Uuid, nullable=False),
    sa.Column("media", sa.LargeBinary, nullable=False),
    sa.Column("document_id", sa.Uuid),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("refusal", sa.Text),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)

other_notice = sa.Table(
    "other_notice",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("number_id", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
)

intention = sa.Table(
    "intention",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("conversation_id", sa.Uuid, nullable=False),
    sa.Column("member_id", sa.Uuid, nullable=False),
    sa.Column("draft", sa.LargeBinary, nullable=False),
    sa.Column("request_id", sa.Uuid),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)

triage_task = sa.Table(
    "triage_task",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("conversation_id", sa.Uuid, nullable=False),
    sa.Column("message_id", sa.Uuid, nullable=False),
    sa.Column("reply_id", sa.Uuid),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("rules", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("lexicon_version", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("acknowledged_by", sa.Uuid),
    sa.Column("acknowledged_at", sa.DateTime(timezone=True)),
    sa.Column("turn", sa.Integer, nullable=False),
)

duty_roster = sa.Table(
    "duty_roster",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("changed_by", sa.Uuid, nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
)

triage_turn = sa.Table(
    "triage_turn",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("task_id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("post", sa.Text, nullable=False),
    sa.Column("person", sa.Uuid),
    sa.Column("contact", sa.LargeBinary),
    sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("notification_id", sa.Uuid),
)

contact_counter = sa.Table(
    "contact_counter",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)

contact = sa.Table(
    "contact",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("protocol", sa.Text, primary_key=True),
    sa.Column("conversation_id", sa.Uuid, nullable=False),
    sa.Column("opened_at", sa.DateTime(timezone=True), primary_key=True),
)

hand_over = sa.Table(
    "hand_over",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("conversation_id", sa.Uuid, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("holder", sa.Uuid),
    sa.Column("answered_at", sa.DateTime(timezone=True)),
    sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("closed_at", sa.DateTime(timezone=True)),
)

hand_over_entry = sa.Table(
    "hand_over_entry",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("conversation_id", sa.Uuid, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("author", sa.Uuid),
    sa.Column("receiver", sa.Uuid),
    sa.Column("reason", sa.Text),
    sa.Column("body", sa.LargeBinary),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)

presence = sa.Table(
    "presence",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("conversation_id", sa.Uuid, primary_key=True),
    sa.Column("principal_id", sa.Uuid, primary_key=True),
    sa.Column("typing", sa.Boolean, nullable=False),
    sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
)

whatsapp_sender = sa.Table(
    "whatsapp_sender",
    dispatch,
    sa.Column("number_id", sa.Text, primary_key=True),
    sa.Column("fence", sa.BigInteger, nullable=False),
    sa.Column("holder", sa.Integer, nullable=False),
    sa.Column("until", sa.DateTime(timezone=True), nullable=False),
)

send = sa.Table(
    "send",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("number_id", sa.Text, nullable=False),
    sa.Column("conversation_id", sa.Uuid, nullable=False),
    sa.Column("identity_id", sa.Uuid, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("place", sa.BigInteger, nullable=False),
    sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
    sa.Column("begun_at", sa.DateTime(timezone=True)),
    sa.Column("unknown", sa.Boolean, nullable=False),
    sa.Column("as_template", sa.Boolean, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
)

pair = sa.Table(
    "pair",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("identity_id", sa.Uuid, primary_key=True),
    sa.Column("full_at", sa.DateTime(timezone=True), nullable=False),
)

reached = sa.Table(
    "reached",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("identity_id", sa.Uuid, primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)

satisfaction = sa.Table(
    "satisfaction",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("identity_id", sa.Uuid),
    sa.Column("door", sa.Text, nullable=False),
    sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("rating", sa.SmallInteger),
    sa.Column("rated_at", sa.DateTime(timezone=True)),
    sa.Column("complained", sa.Boolean, nullable=False),
)

canned_answer = sa.Table(
    "canned_answer",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("changed_by", sa.Uuid, nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
)

charged_message = sa.Table(
    "charged_message",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("message_index", sa.LargeBinary, primary_key=True),
    sa.Column("number_id", sa.Text, nullable=False),
    sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("told_by", sa.Text),
    sa.Column("category", sa.Text),
    sa.Column("type", sa.Text),
    sa.Column("billable", sa.Boolean),
    sa.Column("model", sa.Text),
    sa.Column("seen_on", sa.Date, nullable=False),
)

charge_count = sa.Table(
    "charge_count",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("hour", sa.DateTime(timezone=True), primary_key=True),
    sa.Column("number_id", sa.Text, primary_key=True),
    sa.Column("category", sa.Text, primary_key=True),
    sa.Column("type", sa.Text, primary_key=True),
    sa.Column("billable", sa.Boolean, primary_key=True),
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("messages", sa.Integer, nullable=False),
)

price = sa.Table(
    "price",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("micros", sa.BigInteger, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("verified_on", sa.Date, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_until", sa.Date),
    sa.Column("changed_by", sa.Uuid, nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
)

web_talk = sa.Table(
    "web_talk",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("conversation_id", sa.Uuid, primary_key=True),
    sa.Column("last_place", sa.BigInteger, nullable=False),
    sa.Column("seen_place", sa.BigInteger, nullable=False),
)

web_event = sa.Table(
    "web_event",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("conversation_id", sa.Uuid, primary_key=True),
    sa.Column("place", sa.BigInteger, primary_key=True),
    sa.Column("message_id", sa.Uuid, nullable=False),
)

web_sent = sa.Table(
    "web_sent",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("conversation_id", sa.Uuid, primary_key=True),
    sa.Column("client_id", sa.Uuid, primary_key=True),
    sa.Column("is_file", sa.Boolean, nullable=False),
    sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
)

web_file = sa.Table(
    "web_file",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("conversation_id", sa.Uuid, primary_key=True),
    sa.Column("client_id", sa.Uuid, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

message_template = sa.Table(
    "message_template",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("content", pg.JSONB, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("author", sa.Uuid),
    sa.Column("is_product", sa.Boolean, nullable=False),
    sa.Column("fallback_id", sa.Uuid),
    sa.Column("meta_status", sa.Text, nullable=False),
    sa.Column("meta_category", sa.Text),
    sa.Column("meta_reason", sa.Text),
    sa.Column("quality", sa.Text, nullable=False),
    sa.Column("told_at", sa.DateTime(timezone=True)),
    sa.Column("stopped_until", sa.DateTime(timezone=True)),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
)

template_step = sa.Table(
    "template_step",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("template_id", sa.Uuid, primary_key=True),
    sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=True),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("by", sa.Uuid),
    sa.Column("what", sa.Text),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)

number_stop = sa.Table(
    "number_stop",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("number_id", sa.Text, primary_key=True),
    sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    sa.Column("code", sa.Integer, nullable=False),
)

template_cap = sa.Table(
    "template_cap",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("identity_id", sa.Uuid, primary_key=True),
    sa.Column("until", sa.DateTime(timezone=True), nullable=False),
)
