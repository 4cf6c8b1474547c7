-- 队列里有人等的先办；由哪些单位管底册由政策参数说。

-- ── Queue: a job that nobody waits for gives way to those that somebody does (the library takes the lowest number first)

drop function platform.enqueue(text, json, text);
create function platform.enqueue(in_task text, in_payload json, in_key text default null, in_priority int default 0) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  perform graphile_worker.add_job(identifier := in_task, payload := in_payload, job_key := in_key, priority := in_priority);
end $$;
comment on function platform.enqueue is '登记一项后台任务，与当前事务一同生效；同一键的未开始任务只保留最后一次；数小的先办';
grant create on schema platform to gongzhi_queue;
alter function platform.enqueue owner to gongzhi_queue;
revoke create on schema platform from gongzhi_queue;
revoke all on function platform.enqueue from public;
grant execute on function platform.enqueue to gongzhi_app, gongzhi_engine;

-- ── What a parameter says in a place today: the nearest pack in force speaks, the national base where none does (0040)
-- The condition on national packs stands first and costs nothing, so that a place asks for its own stack only where some pack sets the key.

create function registers.value_here(in_key text, place text) returns jsonb
  language sql stable parallel safe
  as $$
    with recursive stacked (id, under, far) as (
      select p.id, p.under, 0 from registers.area_pack b join registers.pack p on p.id = b.pack_id
        where b.area_code = any (registers.places_above(place)) and b.from_on <= platform.today() and coalesce(b.to_on, 'infinity') > platform.today()
      union
      select p.id, p.under, s.far + 1 from stacked s join registers.pack p on p.id = s.under
    )
    select d.v->'is' from registers.requirement r join registers.pack p on p.id = r.pack_id
    cross join lateral (select v from jsonb_array_elements(r.definition->'values') v
      where v->>'from' <= platform.today()::text and coalesce(v->>'to', '9') >= platform.today()::text order by v->>'from' desc limit 1) d (v)
    where r.key = in_key and r.retired_at is null and (p.under is null or p.id in (select s.id from stacked s))
      and p.status = 'in-force' and p.from_on <= platform.today() and coalesce(p.to_on, 'infinity') >= platform.today()
    order by array_position(array['covenant', 'district', 'city', 'province', 'national'], p.level), (select min(s.far) from stacked s where s.id = p.id) limit 1
  $$;
comment on function registers.value_here is '某参数今天在一处是怎么定的：所适用的政策包里最近的一个说了算；没有定的为空';

create or replace function registers.responsible_body(place text) returns int
  language sql stable parallel safe
  as $$
    select b.id from jsonb_array_elements_text(registers.value_here('companies.responsibleBodies', place)->'codes') with ordinality k (kind, n)
    cross join lateral (select registers.nearest_body(k.kind, place)) b (id)
    where b.id is not null order by k.n limit 1
  $$;

-- ── Who keeps the registers of a place

create function registers.keeper_kinds(place text) returns text[]
  language sql stable parallel safe
  as $$ select array(select jsonb_array_elements_text(registers.value_here('registers.keepers', place)->'codes')) $$;
comment on function registers.keeper_kinds is '一处的底册由哪几类单位管';

create function registers.keeper_of(place text) returns int
  language sql stable parallel safe
  as $$
    select k.id from registers.organisation k where k.kind = any (registers.keeper_kinds(place)) and k.dissolved_on is null
      and k.scope = any (registers.places_above(place)) order by k.scope desc, k.id limit 1
  $$;
comment on function registers.keeper_of is '管一处底册的单位里最近的那一个；没有登记的为空';

-- ── Photos and scans beside a correction. What the sender called a file is not kept: it may say a name or a number.

create table registers.correction_attachment (
  id int generated always as identity primary key,
  correction_id int not null references registers.correction,
  scope registers.scope not null,
  file_digest text not null references platform.file,
  media text not null check (media in ('application/pdf', 'image/jpeg', 'image/png')),
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  added_on date not null,
  unique (correction_id, file_digest)
);
comment on table registers.correction_attachment is '纠错所附的照片、扫描件；答复之前由提出的人添，不存原来的文件名';
create index correction_attachment_file on registers.correction_attachment (file_digest);

do $$
declare
  t text := 'registers.correction_attachment';
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy engine on %s to gongzhi_engine using (true) with check (true)', t);
  execute format('create policy audit on %s for select to gongzhi_auditor using (true)', t);
  execute format('create policy admitted on %s as restrictive to gongzhi_resident, gongzhi_system, gongzhi_security, gongzhi_audit
    using ((select case current_setting(''app.admitted'', true) when ''yes'' then true end) is not null)', t);
  execute format('create policy keep_out on %s as restrictive to gongzhi_office, gongzhi_body
    using ((scope = any ((select case current_setting(''app.admitted'', true) when ''yes'' then nullif(current_setting(''app.barred_scopes'', true), '''')::text[] end)::text[])) is false)', t);
  execute format('grant select on %s to gongzhi_app, gongzhi_auditor', t);
  execute format('grant select, insert on %s to gongzhi_engine', t);
  execute format('grant insert on %s to gongzhi_office, gongzhi_body, gongzhi_resident', t);
  perform platform.cover(t::regclass);
end $$;

create policy of_correction on registers.correction_attachment for select to gongzhi_office, gongzhi_body, gongzhi_resident
  using (correction_id in (select c.id from registers.correction c));
create policy attach on registers.correction_attachment for insert to gongzhi_office, gongzhi_body, gongzhi_resident
  with check (person_id = platform.my_person()
    and (correction_id, scope) in (select c.id, c.scope from registers.correction c where c.person_id = platform.my_person())
    and correction_id not in (select w.correction_id from registers.correction_answer w));
create policy of_correction on platform.file for select to gongzhi_office, gongzhi_body, gongzhi_resident
  using (exists (select from registers.correction_attachment a where a.file_digest = file.digest));

-- ── A frozen denominator may be the list of a survey that was closed

alter table oversight.indicator_base add column survey_id int references registers.survey;
comment on column oversight.indicator_base.survey_id is '名单取自哪一次已结束的摸排；空为底册在 base_on 那天的名单';
select platform.cover('oversight.indicator_base');
alter policy freezing on oversight.indicator_base with check (platform.in_scope(scope) and organisation_id = platform.my_organisation()
  and (survey_id is null or survey_id in (select c.survey_id from registers.survey_closing c)));
