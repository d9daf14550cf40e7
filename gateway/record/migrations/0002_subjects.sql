-- Whose data each entry read, so that a person can be shown the readings of their own (docs/record.md). It proves nothing:
-- it is made from what the entries say, together with them, and whoever verifies the record compares the two.

create table subject_entry (
  -- As it stands in the entry.
  pseudonym text not null,
  seq bigint not null,
  -- When the entry says that it was.
  at timestamptz not null,
  primary key (pseudonym, seq)
);
create index subject_entry_seq on subject_entry (seq);

-- What was recorded until now. PostgreSQL reads no text with a NUL, which a token may have had in it.
insert into subject_entry (pseudonym, seq, at)
select distinct subject, entry.seq, (content ->> 'at')::timestamptz
from entry
cross join lateral (select replace(body, '\u0000', '\u0020')::jsonb as content) as read
cross join lateral jsonb_array_elements(content -> 'reads') as reading
cross join lateral jsonb_array_elements_text(reading -> 'subjects') as subject;

drop function append_entries(text[], bytea[]);

-- Adds entries at the end of the chain, one caller at a time; tells where they stand, for the caller to check. A pseudonym
-- is of the entry that its place names, counted from 1, of the time that stands there.
create function append_entries(bodies text[], signatures bytea[], times timestamptz[], pseudonyms text[], places int[])
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
  if cardinality(pseudonyms) > 0 then
    insert into subject_entry (pseudonym, seq, at)
    select each.pseudonym, first_seq - 1 + each.place, times[each.place]
    from unnest(pseudonyms, places) as each (pseudonym, place);
  end if;
  return next;
end $$;
