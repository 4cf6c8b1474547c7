-- 其他底册：各是一张表，列有类型、有约束；每一行是一段时间里的一种情形（from_on … to_on，to_on 当日起不再是），变更即止于一段、始于下一段。
-- What all of them have in common — the period, what a row follows upon, who may see and write it — is given in one loop below.

alter table registers.building add constraint building_of_estate unique (id, estate_id);

create table registers.organisation_relation (
  id int generated always as identity primary key,
  superior_id int not null references registers.organisation,
  subordinate_id int not null references registers.organisation,
  kind text not null check (kind in ('leads', 'manages', 'guides', 'vertical', 'dual')),
  scope registers.scope not null,
  superior_scope registers.scope not null,
  constraint not_above_itself check (superior_id <> subordinate_id)
);
comment on table registers.organisation_relation is '隶属关系：何单位领导、具体管理、指导、垂直管理、双重管理何单位；一个单位可以有几个上级';
comment on column registers.organisation_relation.scope is '下级单位所在；superior_scope 为上级单位所在，两头的机关都可以登记';
create index organisation_relation_subordinate on registers.organisation_relation (subordinate_id);
create index organisation_relation_superior on registers.organisation_relation (superior_id);

create table registers.common_part (
  id int generated always as identity primary key,
  estate_id int not null references registers.estate,
  scope registers.scope not null,
  name text not null,
  class text not null check (class in ('lift', 'water', 'drainage', 'power', 'gas', 'firefighting', 'basement', 'roof', 'road', 'other')),
  building_id int,
  state text check (state in ('sound', 'hazard', 'faulty', 'stopped')),
  responsible_id int references registers.organisation,
  foreign key (building_id, estate_id) references registers.building (id, estate_id)
);
comment on table registers.common_part is '共用部位与设施设备：何小区的何物，归谁管，现状如何';

create table registers.camera (
  id int generated always as identity primary key,
  estate_id int not null references registers.estate,
  scope registers.scope not null,
  name text not null,
  device_code text,
  responsible_id int references registers.organisation,
  retention_days int check (retention_days > 0),
  connected boolean,
  constraint no_stream check (concat(name, ' ', device_code) !~* '(://|rtsp|rtmp|www\.|([0-9]{1,3}\.){3}[0-9])')
);
comment on table registers.camera is '视频监控的登记：位置、责任单位、保存天数、设备编码、是否接入；不存画面，也不存取流地址';

create table registers.building_head (
  id int generated always as identity primary key,
  estate_id int not null references registers.estate,
  scope registers.scope not null,
  name text not null,
  building_id int not null,
  foreign key (building_id, estate_id) references registers.building (id, estate_id)
);
comment on table registers.building_head is '楼栋长：何人自何日起；只记姓名';

create table registers.grid (
  id int generated always as identity primary key,
  scope registers.scope not null,
  name text not null,
  boundary text,
  party_organisation_id int references registers.organisation,
  unique (id, scope)
);
comment on table registers.grid is '网格：社区的划分和网格党组织';

create table registers.grid_worker (
  id int generated always as identity primary key,
  scope registers.scope not null,
  name text not null,
  grid_id int not null,
  worktime text not null check (worktime in ('full', 'part')),
  source text check (source in ('company-staff', 'committee-member', 'building-head', 'volunteer')),
  foreign key (grid_id, scope) references registers.grid (id, scope) on update cascade,
  constraint source_of_part_time check (worktime = 'part' or source is null)
);
comment on table registers.grid_worker is '网格员：专职，或从四种人里请的兼职；只记姓名';
create index grid_worker_grid on registers.grid_worker (grid_id);

create table registers.stationed_unit (
  id int generated always as identity primary key,
  scope registers.scope not null,
  name text not null,
  kind text check (kind in ('office', 'school', 'hospital', 'bank', 'company', 'social', 'other')),
  address text,
  party_organisation text
);
comment on table registers.stationed_unit is '驻区单位：社区里共建的一方';

create table registers.service_place (
  id int generated always as identity primary key,
  scope registers.scope not null,
  name text not null,
  kind text not null check (kind in ('property-room', 'stilt-floor', 'party-mass-centre', 'station', 'window')),
  address text,
  hours text,
  services text,
  area_centi_m2 bigint check (area_centi_m2 > 0),
  responsible_id int references registers.organisation
);
comment on table registers.service_place is '服务场所：物业用房、架空层、党群服务中心、服务站点、办事窗口';

create table registers.management_area (
  id int generated always as identity primary key,
  scope registers.scope not null,
  name text not null,
  boundary text,
  floor_area_centi_m2 bigint check (floor_area_centi_m2 > 0),
  decided_by_id int not null references registers.organisation,
  decided_on date
);
comment on table registers.management_area is '物业管理区域的划定：范围、面积、谁定的、凭何文件';

create table registers.bundle (
  id int generated always as identity primary key,
  scope registers.scope not null,
  name text not null,
  mode text check (mode in ('company', 'subdistrict-company', 'trustee', 'self-management', 'social-organisation')),
  provider_id int references registers.organisation
);
comment on table registers.bundle is '捆绑打包：连片的几个小区由同一家服务';

create table registers.renovation (
  id int generated always as identity primary key,
  scope registers.scope not null,
  name text not null,
  kind text not null check (kind in ('complete-community', 'old-estate', 'urban-village')),
  stage text check (stage in ('planned', 'building', 'completed')),
  planned_mode text check (planned_mode in ('company', 'subdistrict-company', 'trustee', 'self-management', 'social-organisation')),
  planned_centre text
);
comment on table registers.renovation is '改造项目：类别、进度、改造后由谁管、服务中心放哪里';

-- ── Which estates an entry is about

create table registers.service_place_estate (
  entry_id int not null references registers.service_place,
  estate_id int not null references registers.estate,
  scope registers.scope not null,
  batch_id int,
  primary key (entry_id, estate_id)
);
comment on table registers.service_place_estate is '服务场所所服务的小区';
create table registers.management_area_estate (
  entry_id int not null references registers.management_area,
  estate_id int not null references registers.estate,
  scope registers.scope not null,
  batch_id int,
  primary key (entry_id, estate_id)
);
comment on table registers.management_area_estate is '物业管理区域所包含的小区';
create table registers.bundle_estate (
  entry_id int not null references registers.bundle,
  estate_id int not null references registers.estate,
  scope registers.scope not null,
  batch_id int,
  primary key (entry_id, estate_id)
);
comment on table registers.bundle_estate is '打包在一起的小区';
create table registers.renovation_estate (
  entry_id int not null references registers.renovation,
  estate_id int not null references registers.estate,
  scope registers.scope not null,
  batch_id int,
  primary key (entry_id, estate_id)
);
comment on table registers.renovation_estate is '改造项目所涉及的小区';

-- ── What they have in common. `same`: what no two rows may share at one time.

do $$
declare
  offices text := 'gongzhi_office, gongzhi_body';
  others text := 'gongzhi_resident, gongzhi_system, gongzhi_security, gongzhi_audit';
  admitted text := '(select case current_setting(''app.admitted'', true) when ''yes'' then true end) is not null';
  -- Asks at once whether one is admitted (0041): nobody who is not has a list of bars.
  unbarred text := '(scope = any ((select case current_setting(''app.admitted'', true) when ''yes'' then nullif(current_setting(''app.barred_scopes'', true), '''')::text[] end)::text[])) is false';
  mine text := 'estate_id = any (platform.my_estates())';
  one record;
  t text;
  within text;
begin
  for one in select * from (values
    ('organisation_relation', 'superior_id, kind, subordinate_id'), ('common_part', 'estate_id, class, name'), ('camera', 'estate_id, name'),
    ('building_head', 'building_id, name'), ('grid', 'scope, name'), ('grid_worker', 'grid_id, name'), ('stationed_unit', 'scope, name'),
    ('service_place', 'scope, kind, name'), ('management_area', 'scope, name'), ('bundle', 'scope, name'), ('renovation', 'scope, name')) k(name, same)
  loop
    t := 'registers.' || one.name;
    within := case one.name when 'organisation_relation' then '(platform.in_scope(scope) or platform.in_scope(superior_scope))' else 'platform.in_scope(scope)' end;
    execute format('alter table %s add column first_id int references %1$s, add column from_on date, add column to_on date, add column document text,
      add column end_reason text, add column batch_id int,
      add constraint %I check (from_on <= to_on), add constraint %I check (end_reason is null or to_on is not null),
      add constraint %I exclude using gist ((coalesce(first_id, id)) with =, daterange(from_on, to_on) with &&),
      add constraint %I exclude using gist (%s, daterange(from_on, to_on) with &&)',
      t, one.name || '_period', one.name || '_ended', one.name || '_one_state', one.name || '_once',
      (select string_agg(btrim(c) || ' with =', ', ') from unnest(string_to_array(one.same, ',')) c));
    execute format('create index %I on %s (scope)', one.name || '_scope', t);
    execute format('create index %I on %s (first_id) where first_id is not null', one.name || '_first', t);
    execute format('comment on column %s.first_id is ''它是哪一行的后来；空为最初一行''', t);
    execute format('comment on column %s.to_on is ''自这一天起不再是；空为至今；与 from_on 同日的是登记错了''', t);
    execute format('create policy office on %s to gongzhi_office using (%s) with check (%2$s)', t, within);
    execute format('create policy take_back on %s to gongzhi_journal using (batch_id is not null and %s)', t, within);
    execute format('grant select, insert, update on %s to gongzhi_office, gongzhi_engine', t);
  end loop;
  foreach t in array array['registers.common_part', 'registers.camera'] loop
    execute format('create policy mine on %s for select to gongzhi_body, gongzhi_resident using (%s)', t, mine);
  end loop;
  foreach t in array array['service_place', 'management_area', 'bundle', 'renovation'] loop
    execute format('create policy mine on registers.%I for select to gongzhi_body, gongzhi_resident using (id in (select entry_id from registers.%I))', t, t || '_estate');
    execute format('create index %I on registers.%I (estate_id)', t || '_estate_estate', t || '_estate');
    t := 'registers.' || t || '_estate';
    execute format('create policy office on %s to gongzhi_office using (platform.in_scope(scope)) with check (platform.in_scope(scope))', t);
    execute format('create policy mine on %s for select to gongzhi_body, gongzhi_resident using (%s)', t, mine);
    execute format('create policy take_back on %s to gongzhi_journal using (batch_id is not null and platform.in_scope(scope))', t);
    execute format('grant select, insert on %s to gongzhi_office, gongzhi_engine', t);
  end loop;
  foreach t in array array['organisation_relation', 'common_part', 'camera', 'building_head', 'grid', 'grid_worker', 'stationed_unit', 'service_place',
    'management_area', 'bundle', 'renovation', 'service_place_estate', 'management_area_estate', 'bundle_estate', 'renovation_estate'] loop
    t := 'registers.' || t;
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy engine on %s to gongzhi_engine using (true) with check (true)', t);
    execute format('create policy audit on %s for select to gongzhi_auditor using (true)', t);
    execute format('create policy admitted on %s as restrictive to %s using (%s)', t,
      case t when 'registers.organisation_relation' then offices || ', ' || others else others end, admitted);
    if t <> 'registers.organisation_relation' then
      execute format('create policy keep_out on %s as restrictive to %s using (%s)', t, offices, unbarred);
    end if;
    execute format('grant select on %s to gongzhi_app, gongzhi_auditor', t);
    execute format('grant select, delete on %s to gongzhi_journal', t);
    perform platform.cover(t::regclass);
  end loop;
end $$;
-- As public as the register of bodies.
create policy everyone on registers.organisation_relation for select to gongzhi_app using (true);

-- ── An organisation above itself: no chain of leading, managing and vertical or dual management comes back to where it began, at any one time.

create function registers.refuse_circle() returns trigger
  language plpgsql set search_path = pg_catalog, registers, pg_temp
  as $$
begin
  -- Two who close a circle from both ends wait for each other.
  perform pg_advisory_xact_lock(hashtext('registers.organisation_relation'));
  if exists (
    with recursive above (id, period) as (
      select new.superior_id, daterange(new.from_on, new.to_on)
      union
      select r.superior_id, a.period * daterange(r.from_on, r.to_on) from above a join organisation_relation r on r.subordinate_id = a.id
      where r.kind <> 'guides' and a.period && daterange(r.from_on, r.to_on) and a.id <> new.subordinate_id
    )
    select from above where id = new.subordinate_id
  ) then
    raise exception '这样登记，下级单位就成了自己的上级' using errcode = 'GZ012', constraint = 'not_above_itself';
  end if;
  return null;
end $$;
comment on function registers.refuse_circle is '触发器：一个单位不能经几层上级又管到自己';
create trigger no_circle after insert or update on registers.organisation_relation for each row
  when (new.kind <> 'guides') execute function registers.refuse_circle();
alter table registers.organisation_relation enable always trigger no_circle;

-- ── Rosters: these too are taken back with the import that brought them, and what an import ended goes on.

alter table registers.import_end drop constraint import_end_relation_check;
alter table registers.import_end add constraint import_end_relation_check check (relation in ('service_project', 'ownership', 'committee_member',
  'party_arrangement', 'instructor', 'organisation_relation', 'common_part', 'camera', 'building_head', 'grid', 'grid_worker', 'stationed_unit',
  'service_place', 'management_area', 'bundle', 'renovation'));

create or replace function registers.take_back(in_batch int) returns bigint
  language plpgsql security definer set search_path = pg_catalog, registers, pg_temp
  as $$
declare
  t text;
  gone bigint;
  total bigint := 0;
begin
  if not exists (select from import_batch where id = in_batch and state = 'undoing') then
    raise exception '批次 % 不在撤销中，或不是本单位的', in_batch using errcode = 'GZ002';
  end if;
  -- Whom the import brought in is forgotten: without the key nothing sealed about them can be read, in backups neither.
  update platform.subject_key set wrapped = null, destroyed_at = clock_timestamp()
    where subject in (select subject from person where batch_id = in_batch) and wrapped is not null;
  -- What refers to others first. A row that something else refers to stops the whole: the reference says which.
  foreach t in array array['ownership', 'service_place_estate', 'management_area_estate', 'bundle_estate', 'renovation_estate', 'service_place',
    'management_area', 'bundle', 'renovation', 'stationed_unit', 'grid_worker', 'grid', 'building_head', 'camera', 'common_part',
    'organisation_relation', 'unit', 'building', 'person', 'committee_member', 'committee', 'instructor', 'party_arrangement',
    'service_project', 'company', 'organisation', 'estate'] loop
    execute format('delete from registers.%I where batch_id = $1', t) using in_batch;
    get diagnostics gone = row_count;
    total := total + gone;
  end loop;
  delete from area where batch_id = in_batch;
  get diagnostics gone = row_count;
  return total + gone;
end $$;
