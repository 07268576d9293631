-- Messages and how far they got. Values and addresses are sealed under the recipient's key.

create table notifications.message (
    operator_id uuid not null,
    id uuid not null,
    key text not null,
    recipient text not null check (recipient in ('member', 'staff')),
    subject_id uuid not null,
    template text not null,
    template_version integer not null,
    content bytea not null,
    channel text not null check (channel in ('whatsapp', 'email', 'sms')),
    -- Channels that are not tried yet, best first; `channel` is among them until it failed.
    channels_left text[] not null,
    state text not null
        check (state in ('scheduled', 'requested', 'waiting', 'sent', 'delivered', 'read', 'failed')),
    reason text,
    created_at timestamptz not null,
    send_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (operator_id, id),
    unique (operator_id, key)
);
create index message_latest on notifications.message (operator_id, created_at desc, id desc);
