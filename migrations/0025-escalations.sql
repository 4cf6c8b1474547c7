-- An overdue duty is taken to whom its pack says, level after level; before each level the one it counts against is warned. Every step is a row,
-- written once however many schedulers run.

create table oversight.escalation (
  id int generated always as identity primary key,
  requirement_id int not null references registers.requirement,
  subject_kind text not null,
  subject_id text not null,
  period text not null,
  scope registers.scope not null,
  estate_id int references registers.estate,
  level int not null check (level > 0),
  stage text not null check (stage in ('warned', 'escalated')),
  due_on date not null,
  after_days int not null,
  answerable_id int references registers.organisation,
  recipient_id int not null references registers.organisation,
  stepped_on date not null,
  constraint escalated_once unique (requirement_id, subject_kind, subject_id, period, level, stage)
);
comment on table oversight.escalation is '上报：超期满若干天的义务，何日提醒、何日上报给哪个单位；每一级只一次';
comment on column oversight.escalation.stage is 'warned 已提醒将要上报，escalated 已上报';
comment on column oversight.escalation.answerable_id is '当时义务计在哪个单位名下；待补为空';
create index escalation_recipient on oversight.escalation (recipient_id) where stage = 'escalated';
create index escalation_answerable on oversight.escalation (answerable_id) where stage = 'warned';

create function registers.nearest_body(in_kind text, place text) returns int
  language sql stable parallel safe
  as $$ select o.id from registers.organisation o where o.kind = in_kind and o.dissolved_on is null and o.scope = any (registers.places_above(place)) order by o.scope desc limit 1 $$;
comment on function registers.nearest_body is '一处所在地或其上级区划里最近的某类单位；没有登记的为空';

-- The kinds of bodies, in their order, are a parameter of the national base; the first that is registered for the company's place is the one.
create function registers.responsible_body(place text) returns int
  language sql stable parallel safe
  as $$
    select b.id from registers.requirement r join registers.pack p on p.id = r.pack_id and p.under is null
    cross join lateral (select v from jsonb_array_elements(r.definition->'values') v where v->>'from' <= platform.today()::text order by v->>'from' desc limit 1) d (v)
    cross join lateral jsonb_array_elements_text(d.v->'is'->'codes') with ordinality k (kind, n)
    cross join lateral (select registers.nearest_body(k.kind, place)) b (id)
    where r.key = 'companies.responsibleBodies' and r.retired_at is null and b.id is not null order by k.n limit 1
  $$;
comment on function registers.responsible_body is '对一处的物业企业负责的那一个单位；一个也没有登记的为空（待补）';

do $$
declare people text := 'gongzhi_office, gongzhi_body, gongzhi_resident, gongzhi_system, gongzhi_security, gongzhi_audit';
begin
  alter table oversight.escalation enable row level security;
  alter table oversight.escalation force row level security;
  grant select on oversight.escalation to gongzhi_app, gongzhi_auditor;
  grant select, insert on oversight.escalation to gongzhi_engine;
  create policy engine on oversight.escalation to gongzhi_engine using (true) with check (true);
  create policy audit on oversight.escalation for select to gongzhi_auditor using (true);
  create policy office on oversight.escalation for select to gongzhi_office using (platform.in_scope(scope));
  create policy mine on oversight.escalation for select to gongzhi_body
    using (estate_id = any (platform.my_estates()) or answerable_id = platform.my_organisation());
  create policy of_estate on oversight.escalation for select to gongzhi_resident using (estate_id = any (platform.my_estates()));
  execute format('create policy admitted on oversight.escalation as restrictive to %s using ((select platform.admitted()))', people);
  create policy keep_out on oversight.escalation as restrictive to gongzhi_office, gongzhi_body
    using ((select platform.unbarred()) or (scope = any ((select platform.barred_scopes())::text[])) is not true);
  create policy keep_out_body on oversight.escalation as restrictive to gongzhi_office, gongzhi_body
    using ((select platform.unbarred()) or (subject_id = any ((select platform.barred_bodies())::text[])) is not true
      or subject_kind not in ('companies', 'committees', 'managementCommittees'));
  perform platform.cover('oversight.escalation');
end $$;
