-- The first rows of a new database on this machine, to have something to look at. Replace them by your own.

insert into officer (code, name, title) values
  ('CB01', 'Nguyễn Thị An', 'Cán bộ một cửa'),
  ('CB02', 'Trần Văn Bình', 'Chuyên viên');

insert into procedure (code, name, field, level, statutory_days, committed_days, online_days, fee, online_level,
    one_stop_kind, documents, steps, decision, issued_on, valid_from) values
  ('1.004623', 'Cấp thẻ hành nghề', 'Hành nghề', 'PROVINCE', 15, 12, 12, 650000, 'FULL', 'ONE_STOP',
   '[{"name": "Đơn đề nghị", "originals": 1, "copies": 0, "optional": false},
     {"name": "Văn bằng", "originals": 0, "copies": 1, "optional": false}]',
   '[{"name": "Tiếp nhận", "role": "Cán bộ một cửa", "hours": 4},
     {"name": "Thẩm định", "role": "Chuyên viên", "hours": 80},
     {"name": "Ký duyệt", "role": "Lãnh đạo", "hours": 8}]',
   '1234/QĐ-UBND', '2025-06-30', '2025-07-01'),
  ('1.003490', 'Công nhận điểm hoạt động', 'Quản lý cơ sở', 'PROVINCE', 20, 16, null, 0, 'PARTIAL', 'ONE_STOP',
   '[{"name": "Đơn đề nghị", "originals": 1, "copies": 0, "optional": false}]',
   '[{"name": "Tiếp nhận", "role": "Cán bộ một cửa", "hours": 4},
     {"name": "Kiểm tra thực địa", "role": "Chuyên viên", "hours": 112}]',
   '1234/QĐ-UBND', '2025-06-30', '2025-07-01');

-- States are the national codes: 4 in progress, 9 completed.
insert into agency_case (dossier_code, procedure_code, state, received_at, due_at, finished_at, officer_code,
    applicant_name, personal_id, step_names, step_officers, step_started, step_finished,
    result_number, result_summary, result_issued_at) values
  ('X99.99-250807-0001', '1.004623', 9, '2025-08-07 08:30+07', '2025-08-26 08:30+07', '2025-08-20 10:00+07', 'CB02',
   'Lê Thị Cúc', '056190000015', '{Tiếp nhận,Thẩm định,Ký duyệt}', '{CB01,CB02,null}',
   '{2025-08-07 08:30+07,2025-08-07 10:00+07,2025-08-19 15:00+07}',
   '{2025-08-07 10:00+07,2025-08-19 15:00+07,2025-08-20 10:00+07}',
   '15/2025', 'Thẻ hành nghề', '2025-08-20 10:00+07'),
  ('X99.99-250811-0002', '1.003490', 4, '2025-08-11 09:15+07', '2025-09-04 09:15+07', null, 'CB02',
   'Phạm Minh Đức', '056088000026', '{Tiếp nhận,Kiểm tra thực địa}', '{CB01,CB02}',
   '{2025-08-11 09:15+07,2025-08-11 14:00+07}', '{2025-08-11 14:00+07,null}', null, null, null);

insert into case_event (case_id, sequence, at, from_state, to_state, officer_code, note)
  select id, 1, received_at, null, 1, null, null from agency_case
  union all
  select id, 2, received_at + interval '30 minutes', 1, 2, 'CB01', null from agency_case
  union all
  select id, 3, received_at + interval '1 day', 2, 4, 'CB02', null from agency_case
  union all
  select id, 4, finished_at, 4, 9, 'CB02', 'Đã ký' from agency_case where state = 9;

insert into visit (dossier_code, day, officer, finding) values
  ('X99.99-250811-0002', '2025-08-14', 'Trần Văn Bình', 'Đủ điều kiện'),
  ('X99.99-250811-0002', '2025-08-21', 'Trần Văn Bình', null);
