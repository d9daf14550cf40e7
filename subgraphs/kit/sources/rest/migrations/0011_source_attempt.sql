-- Changes sent to a system behind a source: written before the call, so that after a crash or a lost answer a repetition
-- with the same key can see whether the change has happened, instead of making it twice.

create table source_attempt (
  -- Of the idempotency key.
  key text primary key,
  -- National codes: where the case stood, what a pause returns to, and where the change leads.
  from_state smallint,
  resume_state smallint,
  to_state smallint not null,
  at timestamptz not null default now()
);
