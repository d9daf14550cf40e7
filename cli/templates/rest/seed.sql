-- The first rows of a new database on this machine: of what the agency adds. Its cases are in its one-stop software.

insert into visit (dossier_code, day, officer, finding) values
  ('X99.99-250811-0002', '2025-08-14', 'Trần Văn Bình', 'Đủ điều kiện'),
  ('X99.99-250811-0002', '2025-08-21', 'Trần Văn Bình', null);
