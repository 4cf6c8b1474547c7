-- 底数摸排：一级机关请下面逐个小区核对底册的几项；无变化的一点即可，有变化的先改底册。结束时名单冻结，作为分母（0027）。只增不改。

create table registers.survey (
  id int generated always as identity primary key,
  title text not null check (char_length(title) between 2 and 60),
  basis text not null check (char_length(basis) between 2 and 200),
  area_code registers.scope not null references registers.area,
  scope registers.scope not null,
  lo text collate "C" not null,
  hi text collate "C" not null check (lo < hi),
  fields text[] not null check (cardinality(fields) > 0),
  opened_on date not null,
  due_on date not null check (due_on >= opened_on),
  organisation_id int not null references registers.organisation,
  person_id int not null references registers.person,
  post_id int not null references registers.post
);
comment on table registers.survey is '底数摸排：何单位凭何依据，请核对何地各小区的哪几项，于何日前；lo、hi 为该地各级代码的范围';
create index survey_scope on registers.survey (scope);

create table registers.survey_sheet (
  id int generated always as identity primary key,
  survey_id int not null references registers.survey,
  estate_id int not null references registers.estate,
  scope registers.scope not null,
  facts jsonb not null,
  organisation_id int not null references registers.organisation,
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  confirmed_on date not null
);
comment on table registers.survey_sheet is '对一个小区的一次核对：facts 为当时底册所写、经核对无误的各项；底册后来改了的，须再核对';
create index survey_sheet_of on registers.survey_sheet (survey_id, estate_id, id);

create table registers.survey_closing (
  survey_id int primary key references registers.survey,
  note text not null check (char_length(note) between 2 and 300),
  organisation_id int not null references registers.organisation,
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  closed_on date not null
);
comment on table registers.survey_closing is '摸排结束：此后不再核对，名单即为分母';

create table registers.survey_subject (
  survey_id int not null references registers.survey,
  estate_id int not null references registers.estate,
  scope registers.scope not null,
  label text not null,
  facts jsonb not null,
  confirmed boolean not null,
  primary key (survey_id, estate_id)
);
comment on table registers.survey_subject is '结束时冻结的名单：范围内的每一个小区、当时底册所写的各项、是否经过核对';

do $$
declare
  t text;
  admitted text := '(select case current_setting(''app.admitted'', true) when ''yes'' then true end) is not null';
  others text := 'gongzhi_resident, gongzhi_system, gongzhi_security, gongzhi_audit';
  -- Asks at once whether one is admitted (0041): nobody who is not has a list of bars.
  unbarred text := '(scope = any ((select case current_setting(''app.admitted'', true) when ''yes'' then nullif(current_setting(''app.barred_scopes'', true), '''')::text[] end)::text[])) is false';
begin
  foreach t in array array['survey', 'survey_sheet', 'survey_closing', 'survey_subject'] loop
    t := 'registers.' || t;
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy engine on %s to gongzhi_engine using (true) with check (true)', t);
    execute format('create policy audit on %s for select to gongzhi_auditor using (true)', t);
    if t in ('registers.survey_sheet', 'registers.survey_subject') then
      execute format('create policy admitted on %s as restrictive to %s using (%s)', t, others, admitted);
      execute format('create policy keep_out on %s as restrictive to gongzhi_office, gongzhi_body using (%s)', t, unbarred);
    else
      execute format('create policy admitted on %s as restrictive to gongzhi_office, gongzhi_body, %s using (%s)', t, others, admitted);
    end if;
    execute format('grant select on %s to gongzhi_app, gongzhi_auditor', t);
    execute format('grant select, insert on %s to gongzhi_engine', t);
    execute format('grant insert on %s to gongzhi_office', t);
    perform platform.cover(t::regclass);
  end loop;
end $$;

-- Whoever lies within the place, and whoever stands above it.
create policy office on registers.survey for select to gongzhi_office
  using (platform.in_scope(scope) or ((select nullif(current_setting('app.lo', true), '')) >= lo and (select nullif(current_setting('app.hi', true), '')) <= hi));
create policy open on registers.survey for insert to gongzhi_office
  with check (platform.in_scope(scope) and organisation_id = platform.my_organisation() and person_id = platform.my_person());
create policy office on registers.survey_sheet for select to gongzhi_office using (platform.in_scope(scope));
create policy confirm on registers.survey_sheet for insert to gongzhi_office
  with check (organisation_id = platform.my_organisation() and person_id = platform.my_person()
    and (estate_id, scope) in (select e.id, e.scope from registers.estate e)
    and survey_id in (select s.id from registers.survey s) and survey_id not in (select c.survey_id from registers.survey_closing c));
create policy of_survey on registers.survey_closing for select to gongzhi_office using (survey_id in (select s.id from registers.survey s));
create policy close on registers.survey_closing for insert to gongzhi_office
  with check (organisation_id = platform.my_organisation() and person_id = platform.my_person()
    and survey_id in (select s.id from registers.survey s where s.organisation_id = platform.my_organisation()));
create policy office on registers.survey_subject for select to gongzhi_office using (platform.in_scope(scope));
create policy frozen on registers.survey_subject for insert to gongzhi_office
  with check (platform.in_scope(scope) and survey_id in (select s.id from registers.survey s where s.organisation_id = platform.my_organisation()));
