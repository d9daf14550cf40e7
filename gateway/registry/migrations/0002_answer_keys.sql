-- Keys that answers of subgraphs are signed with. They are no part of a composition: rolling the graph back must not bring
-- a key back that was given up, because somebody else may have it.
create table answer_key (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('subgraph', 'member')),
  -- Of the subgraph, or the member's key.
  name text not null,
  kid text not null,
  -- The public JWK, with the time that it counts (nbf, exp).
  jwk jsonb not null,
  added_by text not null,
  added_at timestamptz not null default clock_timestamp(),
  unique (kind, name, kid)
);

create table answer_key_retirement (
  answer_key bigint primary key references answer_key,
  retired_by text not null,
  retired_at timestamptz not null default clock_timestamp()
);

create trigger answer_key_is_kept before update or delete or truncate on answer_key
  for each statement execute function refuse_rewriting();
create trigger answer_key_retirement_is_kept before update or delete or truncate on answer_key_retirement
  for each statement execute function refuse_rewriting();
