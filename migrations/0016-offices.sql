-- Who holds which office (docs/decisions/0016-0018): three administrators kept apart, deputies during leave, suspensions and conflicts of interest that
-- override every permission, erasure by two persons. All of it holds from the next transaction on: platform.enter() asks at the beginning of each.

-- ── Three administrators, no two of them one person

create extension if not exists btree_gist schema public;

alter table registers.post drop constraint post_role_check;
alter table registers.post add constraint post_role_check check (role in ('head', 'officer', 'secretary', 'director', 'member', 'manager', 'owner',
  'administrator', 'security-administrator', 'audit-administrator'));
alter table registers.post add constraint administrators_apart
  exclude using gist (person_id with =, role with <>, daterange(from_on, to_on) with &&)
  where (role in ('administrator', 'security-administrator', 'audit-administrator'));
comment on column registers.post.role is 'administrator 系统管理员、security-administrator 安全管理员、audit-administrator 审计管理员，三者不得为同一人';
alter table registers.post add constraint term_not_empty check (to_on is null or to_on >= from_on);

-- ── Offices: deputies, leave, suspensions, conflicts of interest

create table registers.deputy (
  id int generated always as identity primary key,
  post_id int not null references registers.post,
  organisation_id int not null references registers.organisation,
  person_id int not null references registers.person,
  from_on date not null,
  to_on date not null check (to_on > from_on),
  document text not null
);
comment on table registers.deputy is 'AB 角：何人在何任期内可代理何项任职，凭何文件；任职者离岗期间才代理';
create index deputy_person on registers.deputy (person_id);
create index deputy_post on registers.deputy (post_id);

create table registers.leave (
  id int generated always as identity primary key,
  post_id int not null references registers.post,
  organisation_id int not null references registers.organisation,
  from_on date not null,
  to_on date not null check (to_on > from_on),
  returned_on date check (returned_on >= from_on),
  document text not null,
  constraint leave_once exclude using gist (post_id with =, daterange(from_on, least(to_on, returned_on)) with &&)
);
comment on table registers.leave is '离岗：何项任职自何日起离岗、何日返岗，凭何文件；其间由 AB 角代理';
comment on column registers.leave.returned_on is '提前返岗之日；空为按期';

create table registers.suspension (
  id int generated always as identity primary key,
  organisation_id int not null references registers.organisation,
  person_id int not null references registers.person,
  post_id int references registers.post,
  from_on date not null,
  to_on date check (to_on > from_on),
  reason text not null,
  document text not null,
  imposed_by int not null references registers.person,
  lifted_on date,
  lifted_reason text,
  check (imposed_by <> person_id),
  check ((lifted_on is null) = (lifted_reason is null))
);
comment on table registers.suspension is '停职：何人（post_id 为空）或其何项任职，自何日起不得行使，凭何文件；压倒一切准许';
create index suspension_person on registers.suspension (person_id);

create table registers.bar (
  id int generated always as identity primary key,
  organisation_id int not null references registers.organisation,
  person_id int not null references registers.person,
  estate_id int references registers.estate,
  company_id int references registers.organisation,
  scope registers.scope,
  subject_label text not null,
  from_on date not null,
  to_on date check (to_on > from_on),
  reason text not null,
  document text,
  imposed_by int not null references registers.person,
  lifted_on date,
  lifted_reason text,
  check (num_nonnulls(estate_id, company_id) = 1),
  check ((estate_id is null) = (scope is null)),
  check (imposed_by <> person_id),
  check ((lifted_on is null) = (lifted_reason is null))
);
comment on table registers.bar is '回避：何人不得过问何小区或何单位，因何理由，自何日至何日；压倒一切准许';
create index bar_person on registers.bar (person_id);

create table registers.objection (
  bar_id int primary key references registers.bar,
  organisation_id int not null references registers.organisation,
  person_id int not null references registers.person,
  reason text not null,
  objected_on date not null,
  upheld boolean,
  answer text,
  answered_by int references registers.person,
  answered_on date,
  check ((upheld is null) = (answer is null) and (upheld is null) = (answered_by is null) and (upheld is null) = (answered_on is null))
);
comment on table registers.objection is '对回避的异议及其答复；成立的，回避随即解除';

create table registers.erasure (
  id int generated always as identity primary key,
  person_id int not null references registers.person,
  scope registers.scope not null,
  reason text not null,
  asked_by int not null references registers.person,
  organisation_id int not null references registers.organisation,
  asked_on date not null,
  carried_out boolean,
  answer text,
  decided_by int references registers.person,
  decided_on date,
  check (decided_by <> asked_by),
  check ((carried_out is null) = (decided_by is null) and (carried_out is null) = (decided_on is null))
);
comment on table registers.erasure is '抹除：一人申请、另一人（安全管理员）决定；执行即销毁其密钥，连同摘要和尾号';
create unique index erasure_open on registers.erasure (person_id) where carried_out is null;

-- A deputy of one administrator may not be, or deputise for, another of the three at the same time.
create function registers.keep_administrators_apart() returns trigger
  language plpgsql security definer set search_path = pg_catalog, registers, pg_temp
  as $$
declare kinds text[] := array['administrator', 'security-administrator', 'audit-administrator'];
begin
  perform pg_advisory_xact_lock(hashtext('administrators apart'), new.person_id);
  if (select count(distinct h.role) from (
      select o.role, o.from_on, o.to_on from post o where o.person_id = new.person_id
      union all
      select o.role, d.from_on, d.to_on from deputy d join post o on o.id = d.post_id where d.person_id = new.person_id) h
      where h.role = any (kinds) and daterange(h.from_on, h.to_on) && daterange(new.from_on, new.to_on)) > 1 then
    raise exception '系统、安全、审计三个管理员的职务，同一人不得兼任或代理' using errcode = 'GZ011', constraint = 'administrators_apart';
  end if;
  return null;
end $$;
create trigger apart after insert or update on registers.deputy for each row execute function registers.keep_administrators_apart();
create trigger apart after insert or update on registers.post for each row
  when (new.role in ('administrator', 'security-administrator', 'audit-administrator')) execute function registers.keep_administrators_apart();
alter table registers.deputy enable always trigger apart;
alter table registers.post enable always trigger apart;

-- ── What holds today. One function for sign-in and for every transaction after it.

create function registers.posts_held(in_person int, in_day date) returns table (post_id int, behalf_id int)
  language sql stable
  as $$
    with held as (
      select o.id, null::int as behalf_id, o.from_on, o.to_on from registers.post o where o.person_id = in_person
      union all
      select o.id, o.person_id, o.from_on, o.to_on from registers.deputy d join registers.post o on o.id = d.post_id
      where d.person_id = in_person and o.person_id <> in_person and d.from_on <= in_day and d.to_on > in_day
        and exists (select from registers.leave l where l.post_id = o.id and l.from_on <= in_day and least(l.to_on, l.returned_on) > in_day)
    )
    select h.id, h.behalf_id from held h
    where h.from_on <= in_day and coalesce(h.to_on, 'infinity') > in_day
      and not exists (select from registers.suspension s
        where (s.person_id = in_person and s.post_id is null or s.post_id = h.id) and s.from_on <= in_day
          and least(coalesce(s.to_on, 'infinity'), coalesce(s.lifted_on, 'infinity')) > in_day)
$$;
comment on function registers.posts_held is '何人当日可以行使的任职：本人的，及所代理之人离岗期间的；停职的除外';

create function registers.bars_on(in_person int, in_day date) returns setof registers.bar
  language sql stable
  as $$
    select b.* from registers.bar b
    where b.person_id = in_person and b.from_on <= in_day and least(coalesce(b.to_on, 'infinity'), coalesce(b.lifted_on, 'infinity')) > in_day
$$;

-- At the beginning of each transaction of a person: whether the post acted in still holds, and what is barred. A context without a person
-- (nobody signs in so) has nothing to hold against it, and sees nothing that needs a person.
create function platform.enter() returns boolean
  language plpgsql security definer set search_path = pg_catalog, registers, pg_temp
  as $$
declare
  acting int := nullif(current_setting('app.post', true), '')::int;
  admitted boolean := true;
  barred record;
begin
  if acting is not null and exists (select from post where id = acting) then
    admitted := exists (select from posts_held(platform.my_person(), platform.today()) h
      where h.post_id = acting and h.behalf_id is not distinct from nullif(current_setting('app.behalf', true), '')::int);
  end if;
  select coalesce(array_agg(b.scope::text) filter (where b.scope is not null), '{}') as scopes,
    coalesce(array_agg(b.company_id) filter (where b.company_id is not null), '{}') as bodies
    into barred from bars_on(platform.my_person(), platform.today()) b;
  perform set_config('app.admitted', case when admitted then 'yes' else 'no' end, true),
    set_config('app.barred_scopes', barred.scopes::text, true), set_config('app.barred_bodies', barred.bodies::text, true);
  return admitted;
end $$;
comment on function platform.enter is '每个事务之始：所行使的任职此刻是否有效，须回避什么；结果只在本事务内有效';

create function platform.admitted() returns boolean language sql stable parallel safe
  as $$ select coalesce(current_setting('app.admitted', true) = 'yes', false) $$;
create function platform.unbarred() returns boolean language sql stable parallel safe
  as $$ select coalesce(current_setting('app.barred_scopes', true) = '{}' and current_setting('app.barred_bodies', true) = '{}', false) $$;
comment on function platform.unbarred is '须回避的为空：几乎人人如此，逐行比较因而免去';
create function platform.barred_scopes() returns text[] language sql stable parallel safe
  as $$ select coalesce(nullif(current_setting('app.barred_scopes', true), ''), '{}')::text[] $$;
create function platform.barred_bodies() returns int[] language sql stable parallel safe
  as $$ select coalesce(nullif(current_setting('app.barred_bodies', true), ''), '{}')::int[] $$;

-- ── Erasure

create function registers.erase(in_erasure int, in_answer text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, registers, pg_temp
  as $$
declare
  asked erasure;
  known person;
begin
  update erasure set carried_out = true, answer = in_answer, decided_by = platform.my_person(), decided_on = platform.today()
    where id = in_erasure and carried_out is null and platform.in_scope(scope) returning * into asked;
  if not found then return false; end if;
  select * into known from person where id = asked.person_id for update;
  update platform.subject_key set wrapped = null, destroyed_at = clock_timestamp() where subject = known.subject;
  -- What an import staged of the telephone goes with it.
  update import_row set after = after - '{phoneHash,phoneTail}'::text[], before = before - '{phoneHash,phoneTail}'::text[]
    where known.phone_hash is not null and encode(known.phone_hash, 'hex') in (after->>'phoneHash', before->>'phoneHash');
  update person set phone_sealed = null, phone_hash = null, phone_tail = null, identity_sealed = null, identity_hash = null where id = known.id;
  return true;
end $$;
comment on function registers.erase is '执行抹除：销毁密钥，删去密文、摘要和尾号；须由申请人以外的安全管理员决定';

-- ── Rights

do $$
declare
  t regclass;
  people text := 'gongzhi_office, gongzhi_body, gongzhi_resident, gongzhi_system, gongzhi_security, gongzhi_audit';
begin
  foreach t in array array['registers.deputy', 'registers.leave', 'registers.suspension', 'registers.bar', 'registers.objection', 'registers.erasure']::regclass[]
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy engine on %s to gongzhi_engine using (true) with check (true)', t);
    execute format('create policy audit on %s for select to gongzhi_auditor using (true)', t);
    execute format('create policy keep on %s for select to gongzhi_keeper using (true)', t);
    execute format('grant select, insert on %s to gongzhi_engine', t);
    execute format('grant select on %s to gongzhi_auditor, gongzhi_keeper, gongzhi_app', t);
    -- The security administrator of the range; what concerns a person is seen by that person.
    if t <> 'registers.erasure'::regclass then
      execute format('create policy security on %s to gongzhi_security
        using (organisation_id in (select o.id from registers.organisation o where platform.in_scope(o.scope)))
        with check (organisation_id in (select o.id from registers.organisation o where platform.in_scope(o.scope)))', t);
      execute format('create policy audited on %s for select to gongzhi_audit
        using (organisation_id in (select o.id from registers.organisation o where platform.in_scope(o.scope)))', t);
      execute format('grant select, insert on %s to gongzhi_security', t);
      execute format('grant select on %s to gongzhi_audit', t);
    end if;
    perform platform.cover(t);
  end loop;
  -- An office's own deputies and leaves are its own to record; for a company or committee the security administrator does it.
  foreach t in array array['registers.deputy', 'registers.leave']::regclass[]
  loop
    execute format('create policy own on %s to gongzhi_office using (organisation_id = platform.my_organisation()) with check (organisation_id = platform.my_organisation())', t);
    execute format('grant insert on %s to gongzhi_office', t);
  end loop;
  foreach t in array array['registers.deputy', 'registers.suspension', 'registers.bar', 'registers.objection']::regclass[]
  loop
    execute format('create policy mine on %s for select to gongzhi_app using (person_id = platform.my_person())', t);
    execute format('create policy door on %s for select to gongzhi_door using (true)', t);
    execute format('grant select on %s to gongzhi_door', t);
  end loop;
  create policy door on registers.leave for select to gongzhi_door using (true);
  -- The holder of a post a deputy acts for is named, account or not.
  create policy held on registers.person for select to gongzhi_door using (id in (select o.person_id from registers.deputy d join registers.post o on o.id = d.post_id));
  grant select on registers.leave to gongzhi_door;
  create policy object on registers.objection for insert to gongzhi_office, gongzhi_body
    with check (person_id = platform.my_person() and upheld is null and bar_id in (select b.id from registers.bar b where b.person_id = platform.my_person()));
  grant insert on registers.objection to gongzhi_office, gongzhi_body;
  grant update (returned_on) on registers.leave to gongzhi_office, gongzhi_security;
  grant update (lifted_on, lifted_reason) on registers.suspension, registers.bar to gongzhi_security;
  grant update (upheld, answer, answered_by, answered_on) on registers.objection to gongzhi_security;

  create policy office on registers.erasure to gongzhi_office using (platform.in_scope(scope))
    with check (platform.in_scope(scope) and asked_by = platform.my_person() and carried_out is null);
  create policy security on registers.erasure to gongzhi_security using (platform.in_scope(scope))
    with check (platform.in_scope(scope) and decided_by = platform.my_person() and not carried_out);
  create policy audited on registers.erasure for select to gongzhi_audit using (platform.in_scope(scope));
  grant insert on registers.erasure to gongzhi_office;
  grant select, update (carried_out, answer, decided_by, decided_on) on registers.erasure to gongzhi_security;
  grant select on registers.erasure to gongzhi_audit;

  -- The keeper: nobody becomes it. It answers what holds today, and destroys keys.
  grant usage on schema platform, registers to gongzhi_keeper;
  create policy keep on registers.post for select to gongzhi_keeper using (true);
  create policy keep on registers.person to gongzhi_keeper using (platform.in_scope(scope)) with check (platform.in_scope(scope));
  create policy keep on registers.import_row to gongzhi_keeper using (true) with check (true);
  create policy keep on platform.subject_key to gongzhi_keeper using (true) with check (wrapped is null);
  create policy carry_out on registers.erasure for update to gongzhi_keeper using (platform.in_scope(scope)) with check (decided_by = platform.my_person());
  grant select on registers.post to gongzhi_keeper;
  grant select, update (phone_sealed, phone_hash, phone_tail, identity_sealed, identity_hash) on registers.person to gongzhi_keeper;
  grant select, update (before, after) on registers.import_row to gongzhi_keeper;
  grant select, update (wrapped, destroyed_at) on platform.subject_key to gongzhi_keeper;
  grant update (carried_out, answer, decided_by, decided_on) on registers.erasure to gongzhi_keeper;
  grant create on schema platform, registers to gongzhi_keeper;
  alter function platform.enter owner to gongzhi_keeper;
  alter function registers.erase owner to gongzhi_keeper;
  alter function registers.keep_administrators_apart owner to gongzhi_keeper;
  revoke create on schema platform, registers from gongzhi_keeper;
  revoke all on function platform.enter, registers.erase, registers.keep_administrators_apart from public;
  execute format('grant execute on function platform.enter to %s', people);
  grant execute on function registers.erase to gongzhi_security;

  -- Nobody's sealed fields, hashes or account are changed by hand, and nobody is moved to another place.
  revoke update on registers.person from gongzhi_office;
  grant update (name) on registers.person to gongzhi_office;

  -- System administrator: areas, packs, bodies, accounts; of the business only which estates there are.
  create policy system on registers.area to gongzhi_system using (platform.in_scope(code)) with check (platform.in_scope(code));
  create policy system on registers.area_pack to gongzhi_system using (platform.in_scope(area_code)) with check (platform.in_scope(area_code));
  create policy system on registers.organisation to gongzhi_system using (platform.in_scope(scope)) with check (platform.in_scope(scope));
  create policy system on registers.company for insert to gongzhi_system with check (platform.in_scope(scope));
  create policy system on registers.estate to gongzhi_system using (platform.in_scope(scope)) with check (platform.in_scope(scope));
  grant insert, update on registers.area, registers.area_pack, registers.organisation to gongzhi_system;
  grant insert on registers.company to gongzhi_system;
  grant update (enrolled_on) on registers.estate to gongzhi_system;

  -- Security administrator: posts and what befalls them. Both of these see who holds a post, never an owner.
  create policy security on registers.post to gongzhi_security
    using (role <> 'owner' and organisation_id in (select o.id from registers.organisation o where platform.in_scope(o.scope)))
    with check (role <> 'owner' and organisation_id in (select o.id from registers.organisation o where platform.in_scope(o.scope)));
  grant insert, update on registers.post to gongzhi_security;
  create policy system on registers.post for select to gongzhi_system, gongzhi_audit
    using (role <> 'owner' and organisation_id in (select o.id from registers.organisation o where platform.in_scope(o.scope)));
  create policy staff on registers.person for select to gongzhi_system, gongzhi_security, gongzhi_audit
    using (id = platform.my_person() or id in (select o.person_id from registers.post o where o.role <> 'owner'));
  create policy own on registers.post for select to gongzhi_system, gongzhi_security, gongzhi_audit using (person_id = platform.my_person());
  create policy security on registers.estate for select to gongzhi_security, gongzhi_audit using (platform.in_scope(scope));

  -- Audit administrator: reads, and has no right to change anything whatever, nor to write the journal by hand.
  grant usage on schema platform, registers to gongzhi_audit;
  foreach t in array array['registers.organisation', 'registers.area', 'registers.area_pack', 'registers.pack', 'registers.clause',
    'registers.requirement', 'registers.vocabulary', 'platform.deployment']::regclass[]
  loop
    execute format('create policy everyone_audit on %s for select to gongzhi_audit using (true)', t);
    execute format('grant select on %s to gongzhi_audit', t);
  end loop;
  grant select on registers.post to gongzhi_audit;
  grant select (id, scope, community_code, name) on registers.estate to gongzhi_audit;
  grant select (id, scope, name, account_id) on registers.person to gongzhi_audit;
  create policy audited on platform.journal for select to gongzhi_audit
    using (chain in (select 'organisation:' || o.id from registers.organisation o where platform.in_scope(o.scope)
      union all select 'reads:organisation:' || o.id from registers.organisation o where platform.in_scope(o.scope)
      union all select 'estate:' || e.id from registers.estate e where platform.in_scope(e.scope)));
  create policy security_events on platform.journal for select to gongzhi_security
    using ((act like 'people.%' or act like 'offices.%' or act like 'sealed.%' or act like 'deployment.%' or act like 'security.%')
      and chain in (select 'organisation:' || o.id from registers.organisation o where platform.in_scope(o.scope)
        union all select 'reads:organisation:' || o.id from registers.organisation o where platform.in_scope(o.scope)));
  grant select (chain, seq, at, act, object, person_id, organisation_id, post_id, reason, detail, request) on platform.journal to gongzhi_audit, gongzhi_security;
  create policy audited on platform.sealed_read for select to gongzhi_audit, gongzhi_security
    using (organisation_id in (select o.id from registers.organisation o where platform.in_scope(o.scope)));
  grant select on platform.sealed_read to gongzhi_audit;

  -- Forbid overrides permit. Who is not admitted sees and writes nothing; who must keep out of an estate or a body meets it nowhere.
  for t in
    select distinct p.polrelid::regclass from pg_policy p, unnest(p.polroles) r(oid) join pg_roles g on g.oid = r.oid
    where g.rolname in ('gongzhi_app', 'gongzhi_office', 'gongzhi_body', 'gongzhi_resident', 'gongzhi_system', 'gongzhi_security', 'gongzhi_audit') order by 1
  loop
    execute format('create policy admitted on %s as restrictive to %s using ((select platform.admitted()))', t, people);
  end loop;
  foreach t in array array['registers.estate', 'registers.building', 'registers.unit', 'registers.ownership', 'registers.service_project',
    'registers.committee', 'registers.committee_member', 'registers.person', 'filings.filing', 'filings.evidence', 'filings.withdrawal',
    'oversight.duty', 'oversight.waiver', 'registers.erasure']::regclass[]
  loop
    execute format('create policy keep_out on %s as restrictive to gongzhi_office, gongzhi_body
      using ((select platform.unbarred()) or (scope = any ((select platform.barred_scopes())::text[])) is not true)', t);
  end loop;
  create policy keep_out on registers.company as restrictive to gongzhi_office, gongzhi_body
    using ((select platform.unbarred()) or (organisation_id = any ((select platform.barred_bodies())::int[])) is not true);
  foreach t in array array['registers.party_arrangement', 'registers.instructor']::regclass[]
  loop
    execute format('create policy keep_out on %s as restrictive to gongzhi_office, gongzhi_body
      using ((select platform.unbarred()) or (company_id = any ((select platform.barred_bodies())::int[])) is not true)', t);
  end loop;
  foreach t in array array['filings.filing', 'oversight.duty', 'oversight.waiver']::regclass[]
  loop
    execute format('create policy keep_out_body on %s as restrictive to gongzhi_office, gongzhi_body
      using ((select platform.unbarred()) or (subject_id = any ((select platform.barred_bodies())::text[])) is not true
        or subject_kind not in (''companies'', ''committees'', ''managementCommittees''))', t);
  end loop;
end $$;
