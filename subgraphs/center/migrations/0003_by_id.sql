-- Legs and history stand under their dossier's number instead of its code: rows are shorter, and the largest index is in
-- the order of writing.

alter table dossier_leg add column dossier_id bigint;
update dossier_leg set dossier_id = dossier.id from dossier where dossier.code = dossier_leg.dossier_code;
alter table dossier_leg
  alter column dossier_id set not null,
  drop column dossier_code,
  add primary key (dossier_id, position);
create index dossier_leg_agency on dossier_leg (agency_code, dossier_id);

alter table dossier_event add column dossier_id bigint;
alter table dossier_event disable trigger dossier_event_append_only;
update dossier_event set dossier_id = dossier.id from dossier where dossier.code = dossier_event.dossier_code;
alter table dossier_event enable trigger dossier_event_append_only;
alter table dossier_event
  alter column dossier_id set not null,
  drop column dossier_code,
  add primary key (dossier_id, sequence);

-- First answers that are given again carry their dossier as it was then.
update idempotency set answer = jsonb_set(answer, '{dossier,id}', to_jsonb(dossier.id))
  from dossier where dossier.code = answer #>> '{dossier,code}';

-- Lists are in the order of reception; among those of one moment the number decides, which is shorter than the code.
drop index dossier_received, dossier_state, dossier_procedure, dossier_personal_id, dossier_tax_code, dossier_open;
create index dossier_received on dossier (received_at desc, id desc);
create index dossier_state on dossier (state, received_at desc, id desc);
create index dossier_procedure on dossier (procedure_code, received_at desc, id desc);
create index dossier_personal_id on dossier (personal_id, received_at desc, id desc) where personal_id is not null;
create index dossier_tax_code on dossier (tax_code, received_at desc, id desc) where tax_code is not null;
-- due_at is checked inside the index: the overdue are few among the open, and are read in the order of the list.
create index dossier_open on dossier (received_at desc, id desc, due_at) where finished_at is null;
