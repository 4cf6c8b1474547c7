-- 纠错：看得见一条登记的人说它不对；管底册的单位答复。只增不改；改没改，由底册现在怎么写推出。

create table registers.correction (
  id int generated always as identity primary key,
  estate_id int not null references registers.estate,
  scope registers.scope not null,
  about text not null check (about in ('estate', 'unit', 'committee', 'project')),
  subject_id int not null,
  subject_label text not null,
  field text not null,
  said text,
  should_be text not null check (char_length(should_be) between 1 and 200),
  reason text not null check (char_length(reason) between 1 and 500),
  keeper_id int not null references registers.organisation,
  previous_id int unique references registers.correction,
  organisation_id int references registers.organisation,
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  asked_on date not null,
  check (concat(should_be, ' ', reason) !~ '[0-9]{11}')
);
comment on table registers.correction is '纠错：何人说何小区的何项登记不对、应是什么、为什么；由 keeper_id 答复。previous_id 为对上一次不予更正的异议';
comment on column registers.correction.about is '何种登记：estate 小区，unit 房屋，committee 业主组织，project 物业项目；subject_id 为其编号';
comment on column registers.correction.said is '提出时底册的写法；空为待补，或这一项没有单一的写法';
comment on column registers.correction.organisation_id is '提出的人当时代表的单位；业主为空';
create index correction_keeper on registers.correction (keeper_id, scope);
create index correction_person on registers.correction (person_id);
create index correction_estate on registers.correction (estate_id);

create table registers.correction_answer (
  correction_id int primary key references registers.correction,
  scope registers.scope not null,
  act text not null check (act in ('accept', 'decline', 'withdraw')),
  note text not null check (char_length(note) between 1 and 500),
  organisation_id int references registers.organisation,
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  answered_on date not null,
  check (note !~ '[0-9]{11}')
);
comment on table registers.correction_answer is '对一次纠错的了结：accept 同意更正、decline 不予更正及其理由，或提出的人自己撤回 withdraw；一次只有一个';

do $$
declare
  t text;
  admitted text := '(select case current_setting(''app.admitted'', true) when ''yes'' then true end) is not null';
  -- Asks at once whether one is admitted (0041): nobody who is not has a list of bars.
  unbarred text := '(scope = any ((select case current_setting(''app.admitted'', true) when ''yes'' then nullif(current_setting(''app.barred_scopes'', true), '''')::text[] end)::text[])) is false';
begin
  foreach t in array array['registers.correction', 'registers.correction_answer'] loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy engine on %s to gongzhi_engine using (true) with check (true)', t);
    execute format('create policy audit on %s for select to gongzhi_auditor using (true)', t);
    execute format('create policy admitted on %s as restrictive to gongzhi_resident, gongzhi_system, gongzhi_security, gongzhi_audit using (%s)', t, admitted);
    execute format('create policy keep_out on %s as restrictive to gongzhi_office, gongzhi_body using (%s)', t, unbarred);
    execute format('grant select on %s to gongzhi_app, gongzhi_auditor', t);
    execute format('grant select, insert on %s to gongzhi_engine', t);
    execute format('grant insert on %s to gongzhi_office, gongzhi_body, gongzhi_resident', t);
    perform platform.cover(t::regclass);
  end loop;
end $$;

-- Whoever asked, and the body that is to answer; nobody else.
create policy own on registers.correction for select to gongzhi_office, gongzhi_body, gongzhi_resident using (person_id = (select platform.my_person()));
create policy keeper on registers.correction for select to gongzhi_office
  using (platform.in_scope(scope) and keeper_id = (select platform.my_organisation()));
create policy ask on registers.correction for insert to gongzhi_office, gongzhi_body, gongzhi_resident
  with check (person_id = platform.my_person() and organisation_id is not distinct from platform.my_organisation()
    and (estate_id, scope) in (select e.id, e.scope from registers.estate e));

create policy of_correction on registers.correction_answer for select to gongzhi_office, gongzhi_body, gongzhi_resident
  using (correction_id in (select c.id from registers.correction c));
create policy answer on registers.correction_answer for insert to gongzhi_office
  with check (act <> 'withdraw' and person_id = platform.my_person() and organisation_id = platform.my_organisation()
    and (correction_id, scope) in (select c.id, c.scope from registers.correction c where c.keeper_id = platform.my_organisation()));
create policy take_back on registers.correction_answer for insert to gongzhi_office, gongzhi_body, gongzhi_resident
  with check (act = 'withdraw' and person_id = platform.my_person()
    and (correction_id, scope) in (select c.id, c.scope from registers.correction c where c.person_id = platform.my_person()));
