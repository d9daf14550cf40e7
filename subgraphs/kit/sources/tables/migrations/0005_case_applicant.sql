-- An applicant's own cases, in the order of the list.

create index agency_case_personal_id on agency_case (personal_id, received_at desc, id desc)
  where personal_id is not null;
create index agency_case_tax_code on agency_case (tax_code, received_at desc, id desc) where tax_code is not null;
