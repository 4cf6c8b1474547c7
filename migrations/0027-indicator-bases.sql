-- Indicators: denominators fixed for a campaign by an act, and the figure of every month's end kept as it was (docs/decisions/0027).

-- ── Frozen denominators

create table oversight.indicator_base (
  id int generated always as identity primary key,
  requirement_id int not null references registers.requirement,
  area_code registers.scope not null references registers.area,
  scope registers.scope not null,
  base_on date not null,
  frozen_on date not null,
  document text not null,
  definition text not null,
  organisation_id int not null references registers.organisation,
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  frozen_at timestamptz not null default clock_timestamp(),
  check (base_on <= frozen_on)
);
comment on table oversight.indicator_base is '冻结的分母：何项指标在何地按哪一天的名单计算，由谁凭何文件冻结；只增不改';
comment on column oversight.indicator_base.definition is '冻结当时的口径';

create table oversight.indicator_base_subject (
  base_id int not null references oversight.indicator_base,
  subject_kind text not null,
  subject_id text not null,
  subject_label text not null,
  scope registers.scope not null,
  estate_id int,
  weight bigint,
  primary key (base_id, subject_kind, subject_id)
);
comment on table oversight.indicator_base_subject is '冻结的分母里的每一个对象；weight 为空即当时面积待补';
create index indicator_base_subject_scope on oversight.indicator_base_subject (scope);

create table oversight.indicator_base_release (
  base_id int primary key references oversight.indicator_base,
  reason text not null,
  organisation_id int not null references registers.organisation,
  person_id int not null references registers.person,
  released_on date not null
);
comment on table oversight.indicator_base_release is '解除冻结及其理由；此后按当前名单计算，或重新冻结';

-- ── Snapshots: cells of communities (or of the area itself), summed up for every place above them

create table oversight.indicator_snapshot (
  requirement_id int not null references registers.requirement,
  as_of date not null,
  definition text not null,
  taken_on date not null,
  taken_at timestamptz not null default clock_timestamp(),
  primary key (requirement_id, as_of)
);
comment on table oversight.indicator_snapshot is '指标的月末快照：何项指标、截至何日、按何口径；只增不改';

create table oversight.indicator_snapshot_cell (
  requirement_id int not null,
  as_of date not null,
  scope registers.scope not null check (length(scope) = 12),
  numerator bigint not null,
  denominator bigint not null,
  unknown bigint not null,
  unweighed bigint not null,
  primary key (requirement_id, as_of, scope),
  foreign key (requirement_id, as_of) references oversight.indicator_snapshot
);
comment on table oversight.indicator_snapshot_cell is '月末快照按社区（没有社区的按所在区划）存，往上相加';

do $$
declare
  t regclass;
  people text := 'gongzhi_office, gongzhi_body, gongzhi_resident, gongzhi_system, gongzhi_security, gongzhi_audit';
begin
  foreach t in array array['oversight.indicator_base', 'oversight.indicator_base_subject', 'oversight.indicator_base_release',
    'oversight.indicator_snapshot', 'oversight.indicator_snapshot_cell']::regclass[]
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('grant select on %s to gongzhi_app, gongzhi_engine, gongzhi_auditor', t);
    execute format('create policy engine on %s to gongzhi_engine using (true) with check (true)', t);
    execute format('create policy audit on %s for select to gongzhi_auditor using (true)', t);
    execute format('create policy admitted on %s as restrictive to %s using ((select platform.admitted()))', t, people);
  end loop;
  foreach t in array array['oversight.indicator_base', 'oversight.indicator_base_subject', 'oversight.indicator_base_release']::regclass[]
  loop
    execute format('grant insert on %s to gongzhi_office', t);
    perform platform.cover(t);
  end loop;
end $$;

-- That a denominator is frozen is part of its definition, and no secret; whose it is made of is seen by whoever sees the subject.
create policy everyone on oversight.indicator_base for select to gongzhi_app using (true);
create policy everyone on oversight.indicator_base_release for select to gongzhi_app using (true);
create policy everyone on oversight.indicator_snapshot for select to gongzhi_app using (true);
create policy freezing on oversight.indicator_base for insert to gongzhi_office
  with check (platform.in_scope(scope) and organisation_id = platform.my_organisation());
create policy releasing on oversight.indicator_base_release for insert to gongzhi_office
  with check (organisation_id = platform.my_organisation() and base_id in (select b.id from oversight.indicator_base b where platform.in_scope(b.scope)));
create policy office on oversight.indicator_base_subject to gongzhi_office using (platform.in_scope(scope)) with check (platform.in_scope(scope));
create policy mine on oversight.indicator_base_subject for select to gongzhi_body
  using (estate_id = any (platform.my_estates()) or (estate_id is null and subject_kind in ('companies', 'committees', 'managementCommittees')
    and subject_id = platform.my_organisation()::text));
create policy of_estate on oversight.indicator_base_subject for select to gongzhi_resident using (estate_id = any (platform.my_estates()));
create policy keep_out on oversight.indicator_base_subject as restrictive to gongzhi_office, gongzhi_body
  using ((select platform.unbarred()) or (scope = any ((select platform.barred_scopes())::text[])) is not true);
create policy keep_out_body on oversight.indicator_base_subject as restrictive to gongzhi_office, gongzhi_body
  using ((select platform.unbarred()) or (subject_id = any ((select platform.barred_bodies())::text[])) is not true
    or subject_kind not in ('companies', 'committees', 'managementCommittees'));
create policy office on oversight.indicator_snapshot_cell for select to gongzhi_office using (platform.in_scope(scope));
grant insert on oversight.indicator_snapshot, oversight.indicator_snapshot_cell to gongzhi_engine;
