-- What the agency adds to the contract (schema.graphql). The contract's own tables are the kit's, numbered below 1000.

create table visit (
  id bigint generated always as identity primary key,
  dossier_code text not null,
  day date not null,
  officer text not null,
  finding text
);
create index visit_dossier on visit (dossier_code);
