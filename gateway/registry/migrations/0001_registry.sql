-- The graph is never changed: each change adds a composition, which names the versions that it is made of.
-- What may be added to only is guarded below, so that history cannot be rewritten, by whatever program.

-- SDL of subgraphs, of supergraphs and of their variants, each text once.
create table sdl (
  -- SHA-256, hexadecimal.
  hash text primary key,
  text text not null
);

create table subgraph_version (
  id bigint generated always as identity primary key,
  name text not null,
  owner text not null,
  url text not null,
  -- What the publisher calls the SDL's file: messages name it.
  file text not null,
  sdl text not null references sdl,
  published_by text not null,
  published_at timestamptz not null default clock_timestamp()
);
create index subgraph_version_name on subgraph_version (name, id);

create table member_version (
  id bigint generated always as identity primary key,
  key text not null,
  owner text not null,
  -- As it stands in a members file.
  entry jsonb not null,
  valid_from timestamptz not null,
  suspended boolean not null,
  published_by text not null,
  published_at timestamptz not null default clock_timestamp()
);
create index member_version_key on member_version (key, id);

create table composition (
  id bigint generated always as identity primary key,
  created_at timestamptz not null default clock_timestamp(),
  subgraphs bigint[] not null,
  members bigint[] not null,
  -- [{ name, include, exclude, hideUnreachable, sdl }]
  variants jsonb not null,
  supergraph text not null references sdl
);

create table history (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  action text not null,
  subject text not null,
  outcome text not null check (outcome in ('DONE', 'REFUSED')),
  -- What came out of it; null when it was refused, or when it concerns no composition.
  composition bigint references composition,
  detail jsonb not null
);

create function refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception '% can be added to only', tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger sdl_is_kept before update or delete or truncate on sdl
  for each statement execute function refuse_rewriting();
create trigger subgraph_version_is_kept before update or delete or truncate on subgraph_version
  for each statement execute function refuse_rewriting();
create trigger member_version_is_kept before update or delete or truncate on member_version
  for each statement execute function refuse_rewriting();
create trigger composition_is_kept before update or delete or truncate on composition
  for each statement execute function refuse_rewriting();
create trigger history_is_kept before update or delete or truncate on history
  for each statement execute function refuse_rewriting();

create table access_key (
  id text primary key,
  -- Who publishes with it, or which gateway asks with it.
  owner text not null,
  role text not null check (role in ('owner', 'gateway')),
  -- Keys and aliases of members that it may answer for.
  names text[] not null,
  -- SHA-256 of the secret: 256 random bits cannot be guessed, so that a slow hash would protect nothing more.
  hash bytea not null,
  issued_at timestamptz not null default now(),
  revoked_at timestamptz
);

-- What clients ran, by day: never a value, neither of a variable nor of a literal.
create table operation (
  -- SHA-256 of the normalised document, hexadecimal.
  hash text primary key,
  name text,
  kind text not null,
  document text not null,
  -- Type.field, Type.field.argument, Input.field, Enum.VALUE
  coordinates text[] not null
);

create table operation_usage (
  hash text not null references operation on delete cascade,
  client text not null,
  client_version text not null,
  variant text not null,
  day date not null,
  requests bigint not null,
  errors bigint not null,
  last_seen timestamptz not null,
  primary key (day, hash, client, client_version, variant)
);
create index operation_usage_hash on operation_usage (hash);

-- Operations that a client announces: they count as used, whether they were run or not.
create table registered_operation (
  client text not null,
  hash text not null,
  name text,
  document text not null,
  registered_by text not null,
  registered_at timestamptz not null default now(),
  primary key (client, hash)
);
