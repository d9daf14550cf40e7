-- What every database that is written to needs: answers kept by idempotency key, and messages waiting for delivery.

create table idempotency (
  key text primary key,
  operation text not null,
  -- SHA-256 of the arguments: the same key with other arguments is a mistake of the caller, not a repetition.
  fingerprint bytea not null,
  answer jsonb,
  created_at timestamptz not null default now()
);

create table outbox (
  id bigint generated always as identity primary key,
  -- Messages of one topic are delivered in order: a case is not withdrawn before it was opened.
  topic text not null,
  -- A GraphQL mutation for the gateway; its variables hold the idempotency key that makes delivery exactly once.
  document text not null,
  variables jsonb not null,
  created_at timestamptz not null default now(),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  last_error text,
  -- Refused for good by the receiver: kept for the operator, not tried again.
  refused_at timestamptz
);
create index outbox_due on outbox (next_attempt_at) where refused_at is null;
create index outbox_topic on outbox (topic, id) where refused_at is null;
