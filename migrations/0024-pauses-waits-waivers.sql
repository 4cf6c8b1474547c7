-- What befalls a duty besides being done: it is paused for a while, it waits for another body, or two persons waive it. All of it is added by
-- rows and ended by rows; nothing is edited.

-- A place and those it lies in, as scopes of bodies.
create function registers.places_above(place text) returns text[]
  language sql immutable parallel safe
  as $$ select array[place, left(place, 12), left(place, 9) || '000', left(place, 6) || '000000', left(place, 4) || '00000000', left(place, 2) || '0000000000'] $$;
comment on function registers.places_above is '一处及其所在的各级区划的代码';

-- ── Waivers: one person proposes, another confirms

alter table oversight.waiver drop constraint waiver_requirement_id_subject_kind_subject_id_period_key;
-- Those from before this version were made by one person and stand; from now on no such row can be written.
alter table oversight.waiver add column alone boolean not null default true;
alter table oversight.waiver alter column alone set default false;
alter table oversight.waiver add column organisation_id int references registers.organisation;
alter table oversight.waiver add constraint two_persons check (not alone and organisation_id is not null) not valid;
alter table oversight.waiver add constraint waiver_proposed_by unique (id, person_id);
create index waiver_duty on oversight.waiver (requirement_id, subject_kind, subject_id, period);
comment on table oversight.waiver is '提出免除：何项义务、何期间、因何理由由谁提出；另一人确认后才免除';
comment on column oversight.waiver.organisation_id is '提出的单位；旧记录没有';
comment on column oversight.waiver.alone is '由一人免除（两人办理之前的旧记录）；此后不能再有';
select platform.cover('oversight.waiver');
-- That two persons decide rests on each being named truly.
alter policy office on oversight.waiver with check (platform.in_scope(scope) and person_id = platform.my_person());

create table oversight.waiver_decision (
  waiver_id int primary key,
  proposed_by int not null,
  scope registers.scope not null,
  confirmed boolean not null,
  answer text,
  organisation_id int not null references registers.organisation,
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  decided_at timestamptz not null default clock_timestamp(),
  foreign key (waiver_id, proposed_by) references oversight.waiver (id, person_id),
  constraint another_person check (person_id <> proposed_by),
  check (confirmed or answer is not null)
);
comment on table oversight.waiver_decision is '对免除的确认或不同意：须由提出人以外的另一人作出';

-- ── Pauses: with a reason, a basis and an end

create table oversight.pause (
  id int generated always as identity primary key,
  requirement_id int not null references registers.requirement,
  subject_kind text not null,
  subject_id text not null,
  period text not null,
  scope registers.scope not null,
  estate_id int references registers.estate,
  from_on date not null,
  to_on date not null check (to_on > from_on),
  reason text not null,
  basis text not null,
  organisation_id int not null references registers.organisation,
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  paused_at timestamptz not null default clock_timestamp()
);
comment on table oversight.pause is '暂停：何项义务自何日起暂停、何日恢复，因何理由、凭何条款或文件；暂停的天数不计入期限';
comment on column oversight.pause.to_on is '恢复之日：当日起继续计算';
create index pause_duty on oversight.pause (requirement_id, subject_kind, subject_id, period);

create table oversight.resumption (
  pause_id int primary key references oversight.pause,
  scope registers.scope not null,
  resumed_on date not null,
  reason text not null,
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  resumed_at timestamptz not null default clock_timestamp()
);
comment on table oversight.resumption is '提前恢复：到期自行恢复的不用登记';

-- ── Waits: the duty waits for another body, and counts against it

create table oversight.wait (
  id int generated always as identity primary key,
  requirement_id int not null references registers.requirement,
  subject_kind text not null,
  subject_id text not null,
  period text not null,
  scope registers.scope not null,
  estate_id int references registers.estate,
  bearer_id int not null references registers.organisation,
  awaited_id int not null references registers.organisation,
  since_on date not null,
  asked text not null,
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  marked_at timestamptz not null default clock_timestamp(),
  check (awaited_id <> bearer_id)
);
comment on table oversight.wait is '等待：责任单位自何日起等哪个单位的什么；等待期间计在被等的单位名下';
create index wait_duty on oversight.wait (requirement_id, subject_kind, subject_id, period);
create index wait_awaited on oversight.wait (awaited_id);

create table oversight.wait_end (
  wait_id int primary key references oversight.wait,
  scope registers.scope not null,
  ended_on date not null,
  answered boolean not null,
  answer text not null,
  organisation_id int not null references registers.organisation,
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  ended_at timestamptz not null default clock_timestamp()
);
comment on table oversight.wait_end is '等待结束：被等的单位答复，或责任单位不再等待';

-- What ends a row lies where the row lies.
create function oversight.take_scope() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
begin
  case tg_table_name
    when 'waiver_decision' then select w.scope into new.scope from oversight.waiver w where w.id = new.waiver_id;
    when 'resumption' then select p.scope into new.scope from oversight.pause p where p.id = new.pause_id;
    when 'wait_end' then select w.scope into new.scope from oversight.wait w where w.id = new.wait_id;
  end case;
  return new;
end $$;
revoke all on function oversight.take_scope from public;
create trigger of_waiver before insert on oversight.waiver_decision for each row execute function oversight.take_scope();
create trigger of_pause before insert on oversight.resumption for each row execute function oversight.take_scope();
create trigger of_wait before insert on oversight.wait_end for each row execute function oversight.take_scope();

-- ── Facts about a duty, one row each

create view oversight.fact_waived with (security_invoker = true) as
  select w.requirement_id, w.subject_kind, w.subject_id, w.period, min(w.reason) as reason
  from oversight.waiver w left join oversight.waiver_decision c on c.waiver_id = w.id
  where w.alone or c.confirmed
  group by w.requirement_id, w.subject_kind, w.subject_id, w.period;
comment on view oversight.fact_waived is '事实：哪些义务已经免除';

-- Days of overlapping pauses count once. A pause that has begun moves the due day by its whole length; its end is known from the start.
create view oversight.fact_paused with (security_invoker = true) as
  select k.requirement_id, k.subject_kind, k.subject_id, k.period, k.paused_until,
    (select sum(upper(r) - lower(r)) from unnest(k.spans) r)::int as paused_days
  from (
    select p.requirement_id, p.subject_kind, p.subject_id, p.period, max(p.until) filter (where p.until > platform.today()) as paused_until,
      range_agg(daterange(p.from_on, p.until)) as spans
    from (select p.*, greatest(p.from_on, least(p.to_on, e.resumed_on)) as until
      from oversight.pause p left join oversight.resumption e on e.pause_id = p.id where p.from_on <= platform.today()) p
    group by p.requirement_id, p.subject_kind, p.subject_id, p.period) k;
comment on view oversight.fact_paused is '事实：哪些义务暂停过，共几天，此刻是否暂停到何日';

create view oversight.fact_waiting with (security_invoker = true) as
  select distinct on (w.requirement_id, w.subject_kind, w.subject_id, w.period) w.*
  from oversight.wait w
  where not exists (select from oversight.wait_end e where e.wait_id = w.id)
  order by w.requirement_id, w.subject_kind, w.subject_id, w.period, w.id;
comment on view oversight.fact_waiting is '事实：哪些义务此刻在等别的单位';

-- ── The subtraction

create or replace view oversight.duty_standing with (security_invoker = true) as
  select d.id, d.requirement_id, d.matter, d.effect, d.subject_kind, d.subject_id, d.subject_label, d.scope, d.estate_id, d.bearer_kind, d.bearer_id,
    d.period, d.period_from, d.period_to, d.warn_on + d.paused_days as warn_on, d.due_on + d.paused_days as due_on, d.provisional, d.enrolled_on,
    f.done_on as met_on, f.filing_id, f.evidence_due, w.reason as waived_reason,
    coalesce(a.trial_until >= (select platform.today()), false) as in_trial,
    case when w.reason is not null then 'waived' when f.done_on is not null then 'met' else d.if_undone end as standing,
    d.if_undone, d.due_on as first_due_on, d.paused_days, d.paused_until,
    case when w.reason is null and f.done_on is null then t.id end as wait_id,
    case when w.reason is null and f.done_on is null then t.awaited_id end as awaited_id,
    case when w.reason is null and f.done_on is null then t.since_on end as waiting_since
  from (
    select duty.*, k.paused_until, coalesce(k.paused_days, 0) as paused_days,
      case
        when duty.due_on < duty.enrolled_on then 'not-enrolled'
        when k.paused_until is not null then 'paused'
        when duty.due_on + coalesce(k.paused_days, 0) < (select platform.today()) then case when effect in ('trial', 'informs') then 'lapsed' else 'overdue' end
        when duty.warn_on + coalesce(k.paused_days, 0) <= (select platform.today()) then 'due-soon'
        else 'not-due'
      end as if_undone
    from oversight.duty left join oversight.fact_paused k
      on k.requirement_id = duty.requirement_id and k.subject_kind = duty.subject_kind and k.subject_id = duty.subject_id and k.period = duty.period
  ) d
  left join filings.fact_filed f on f.matter = d.matter and f.subject_kind = d.subject_kind and f.subject_id = d.subject_id and f.period = d.period
  left join oversight.fact_waived w on w.requirement_id = d.requirement_id and w.subject_kind = d.subject_kind and w.subject_id = d.subject_id and w.period = d.period
  left join oversight.fact_waiting t on t.requirement_id = d.requirement_id and t.subject_kind = d.subject_kind and t.subject_id = d.subject_id and t.period = d.period
  left join registers.area a on a.code = left(d.scope, 9) || '000' and a.level = 'subdistrict';
comment on column oversight.duty_standing.standing is 'not-enrolled 未纳入，not-due 未到期，due-soon 将到期，overdue 已超期，paused 暂停，met 已完成，waived 已免除，lapsed 试算或参考项已过期（不计超期）';
comment on column oversight.duty_standing.due_on is '应办日期，已顺延暂停的天数；first_due_on 是未顺延的';
comment on column oversight.duty_standing.awaited_id is '此刻在等的单位；义务计在它的名下';

-- ── Rights. Who sees a duty sees what befell it: the subtraction reads the same for everybody.

do $$
declare
  t regclass;
  people text := 'gongzhi_office, gongzhi_body, gongzhi_resident, gongzhi_system, gongzhi_security, gongzhi_audit';
begin
  foreach t in array array['oversight.waiver_decision', 'oversight.pause', 'oversight.resumption', 'oversight.wait', 'oversight.wait_end']::regclass[]
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('grant select on %s to gongzhi_app, gongzhi_auditor', t);
    execute format('grant insert on %s to gongzhi_office', t);
    execute format('grant select, insert on %s to gongzhi_engine', t);
    execute format('create policy engine on %s to gongzhi_engine using (true) with check (true)', t);
    execute format('create policy audit on %s for select to gongzhi_auditor using (true)', t);
    execute format('create policy admitted on %s as restrictive to %s using ((select platform.admitted()))', t, people);
    execute format('create policy keep_out on %s as restrictive to gongzhi_office, gongzhi_body
      using ((select platform.unbarred()) or (scope = any ((select platform.barred_scopes())::text[])) is not true)', t);
    perform platform.cover(t);
  end loop;
  foreach t in array array['oversight.pause', 'oversight.wait']::regclass[]
  loop
    execute format('create policy office on %s for select to gongzhi_office using (platform.in_scope(scope))', t);
    execute format('create policy of_estate on %s for select to gongzhi_resident using (estate_id = any (platform.my_estates()))', t);
    execute format('create policy keep_out_body on %s as restrictive to gongzhi_office, gongzhi_body
      using ((select platform.unbarred()) or (subject_id = any ((select platform.barred_bodies())::text[])) is not true
        or subject_kind not in (''companies'', ''committees'', ''managementCommittees''))', t);
  end loop;
end $$;
create policy mine on oversight.pause for select to gongzhi_body
  using (estate_id = any (platform.my_estates()) or (estate_id is null and subject_id = platform.my_organisation()::text));
create policy mine on oversight.wait for select to gongzhi_body
  using (estate_id = any (platform.my_estates()) or platform.my_organisation() in (bearer_id, awaited_id));
create policy pause on oversight.pause for insert to gongzhi_office
  with check (platform.in_scope(scope) and organisation_id = platform.my_organisation() and person_id = platform.my_person());
create policy bear on oversight.wait for insert to gongzhi_office, gongzhi_body
  with check (bearer_id = platform.my_organisation() and person_id = platform.my_person());
grant insert on oversight.wait, oversight.wait_end to gongzhi_body;

create policy office on oversight.waiver_decision for select to gongzhi_office using (platform.in_scope(scope));
create policy decide on oversight.waiver_decision for insert to gongzhi_office with check (platform.in_scope(scope) and person_id = platform.my_person());
create policy of_waiver on oversight.waiver_decision for select to gongzhi_body, gongzhi_resident using (waiver_id in (select id from oversight.waiver));
create policy office on oversight.resumption for select to gongzhi_office using (platform.in_scope(scope));
create policy resume on oversight.resumption for insert to gongzhi_office with check (platform.in_scope(scope) and person_id = platform.my_person());
create policy of_pause on oversight.resumption for select to gongzhi_body, gongzhi_resident using (pause_id in (select id from oversight.pause));
create policy office on oversight.wait_end for select to gongzhi_office using (platform.in_scope(scope));
create policy of_wait on oversight.wait_end for select to gongzhi_body, gongzhi_resident using (wait_id in (select id from oversight.wait));
-- Only the one who waits and the one who is waited for.
create policy close on oversight.wait_end for insert to gongzhi_office, gongzhi_body
  with check (organisation_id = platform.my_organisation() and person_id = platform.my_person()
    and wait_id in (select w.id from oversight.wait w where platform.my_organisation() in (w.bearer_id, w.awaited_id)));
grant select on oversight.fact_waived, oversight.fact_paused, oversight.fact_waiting to gongzhi_app, gongzhi_engine, gongzhi_auditor;
