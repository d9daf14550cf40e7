-- Steps of a case as arrays, one element a step: half the bytes of the JSON that they were, and nothing to parse.

alter table agency_case
  -- As they were named when the case was opened.
  add column step_names text[] not null default '{}',
  add column step_officers text[] not null default '{}',
  add column step_started timestamptz[] not null default '{}',
  add column step_finished timestamptz[] not null default '{}';

update agency_case set
    step_names = array(
      select step ->> 'name' from jsonb_array_elements(steps) with ordinality as s (step, place) order by place),
    step_officers = array(
      select step ->> 'officer' from jsonb_array_elements(steps) with ordinality as s (step, place) order by place),
    step_started = array(
      select (step ->> 'startedAt')::timestamptz
      from jsonb_array_elements(steps) with ordinality as s (step, place) order by place),
    step_finished = array(
      select (step ->> 'finishedAt')::timestamptz
      from jsonb_array_elements(steps) with ordinality as s (step, place) order by place)
  where steps <> '[]';

alter table agency_case drop column steps,
  add check (cardinality(step_officers) = cardinality(step_names)
    and cardinality(step_started) = cardinality(step_names)
    and cardinality(step_finished) = cardinality(step_names));
