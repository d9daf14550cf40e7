-- What the tax office adds to the contract (schema/tax.graphql).

create table taxpayer (
  tax_code text primary key,
  name text not null,
  -- A person's own tax code; null for a business.
  personal_id text unique,
  -- Registered address of a business.
  address text,
  is_business boolean not null,
  active boolean not null default true
);

create table tax_notice (
  number text primary key,
  dossier_code text,
  tax_code text,
  kind text not null,
  -- Whole đồng.
  amount bigint not null check (amount >= 0),
  issued_at timestamptz not null,
  due_on date not null
);
create index tax_notice_dossier on tax_notice (dossier_code) where dossier_code is not null;
create index tax_notice_taxpayer on tax_notice (tax_code, issued_at desc) where tax_code is not null;

create table tax_payment (
  id bigint generated always as identity primary key,
  notice_number text not null references tax_notice,
  amount bigint not null check (amount > 0),
  paid_at timestamptz not null
);
create index tax_payment_notice on tax_payment (notice_number, paid_at);
