-- What providers grant beside their SDL. Like keys, grants are no part of a composition: rolling the graph back must not
-- let anybody read again what was revoked.
create table data_grant (
  id bigint generated always as identity primary key,
  -- Name of the subgraph; the member's key, where it is about the rows of one.
  service text not null,
  member text,
  -- `*`, `Type`, or `Type.field`.
  at text not null,
  consumers text[] not null,
  -- Null for every purpose.
  purposes text[],
  granted_by text not null,
  granted_at timestamptz not null default clock_timestamp()
);

create table data_grant_revocation (
  data_grant bigint primary key references data_grant,
  revoked_by text not null,
  revoked_at timestamptz not null default clock_timestamp()
);

create trigger data_grant_is_kept before update or delete or truncate on data_grant
  for each statement execute function refuse_rewriting();
create trigger data_grant_revocation_is_kept before update or delete or truncate on data_grant_revocation
  for each statement execute function refuse_rewriting();
