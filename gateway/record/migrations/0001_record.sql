-- The record of who read what. What is written is never changed; that nobody has changed it, whatever his rights to this
-- database, is proved by hashes and signatures (docs/record.md), not by the triggers below: they prevent mistakes.

create table entry (
  seq bigint primary key,
  -- Canonical JSON (RFC 8785), as it was signed.
  body text not null,
  -- Ed25519, by the gateway, over the body.
  signature bytea not null,
  -- Hash of the entry before; 32 zero bytes for the first.
  previous bytea not null,
  -- SHA-256 of: previous, seq in decimal digits, a line feed, body, signature.
  hash bytea not null
);

-- What the gateway has signed about the chain as a whole.
create table checkpoint (
  id bigint generated always as identity primary key,
  -- The last entry that it tells of.
  seq bigint not null,
  -- checkpoint, or pruned: entries up to seq were taken away.
  kind text not null,
  body text not null,
  signature bytea not null
);
create index checkpoint_kind on checkpoint (kind, seq);

-- Adds entries at the end of the chain, one caller at a time; tells where they stand, for the caller to check.
create function append_entries(bodies text[], signatures bytea[])
returns table (first_seq bigint, first_previous bytea, last_hash bytea) language plpgsql as $$
declare
  at bigint;
  before bytea;
begin
  perform pg_advisory_xact_lock(7042118);
  select e.seq, e.hash into at, before from entry e order by e.seq desc limit 1;
  if not found then
    at := 0;
    before := decode(repeat('00', 32), 'hex');
  end if;
  first_seq := at + 1;
  first_previous := before;
  last_hash := before;
  for i in 1 .. cardinality(bodies) loop
    at := at + 1;
    before := last_hash;
    last_hash := sha256(before || convert_to(at::text || chr(10) || bodies[i], 'UTF8') || signatures[i]);
    insert into entry values (at, bodies[i], signatures[i], before, last_hash);
  end loop;
  return next;
end $$;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is only added to', tg_table_name;
end $$;

-- Entries go once a signed checkpoint says that they are to.
create function refuse_delete() returns trigger language plpgsql as $$
begin
  if old.seq > coalesce((select max(seq) from checkpoint where kind = 'pruned'), 0) then
    raise exception 'entry % is kept: no checkpoint says that it was pruned', old.seq;
  end if;
  return old;
end $$;

create trigger entry_unchanged before update or truncate on entry for each statement execute function refuse_change();
create trigger entry_kept before delete on entry for each row execute function refuse_delete();
create trigger checkpoint_unchanged before update or delete or truncate on checkpoint
  for each statement execute function refuse_change();
