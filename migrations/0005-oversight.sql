-- Oversight: what is required, materialised as one row per duty, subject and period; what was done is joined at reading time.

create schema oversight;
comment on schema oversight is '监督：应为、已为、待办';
grant usage on schema oversight to gongzhi_app, gongzhi_engine, gongzhi_auditor;

create table oversight.duty (
  id int generated always as identity primary key,
  requirement_id int not null references registers.requirement,
  matter text not null,
  effect text not null,
  subject_kind text not null,
  subject_id text not null,
  subject_label text not null,
  scope registers.scope not null,
  estate_id int,
  bearer_kind text not null,
  bearer_id int references registers.organisation on delete cascade,
  period text not null,
  period_from date,
  period_to date,
  warn_on date not null,
  due_on date not null,
  provisional boolean not null,
  enrolled_on date not null,
  unique (requirement_id, subject_kind, subject_id, period)
);
comment on table oversight.duty is '应为：由政策包与底册推算，可随时重算';
comment on column oversight.duty.provisional is '期限暂定：所涉年份的放假通知尚未载入';
create index duty_scope on oversight.duty (scope, due_on);
create index duty_bearer on oversight.duty (bearer_id, due_on);
create index duty_estate on oversight.duty (estate_id);

create table oversight.waiver (
  id int generated always as identity primary key,
  requirement_id int not null references registers.requirement,
  subject_kind text not null,
  subject_id text not null,
  period text not null,
  scope registers.scope not null,
  estate_id int references registers.estate,
  reason text not null,
  document text,
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  waived_at timestamptz not null default clock_timestamp(),
  unique (requirement_id, subject_kind, subject_id, period)
);
comment on table oversight.waiver is '免除：何项义务、何期间、因何理由由谁免除';

create view oversight.duty_standing with (security_invoker = true) as
  select d.*, f.done_on as met_on, f.filing_id, f.evidence_due, w.reason as waived_reason,
    coalesce(a.trial_until >= platform.today(), false) as in_trial,
    case
      when w.id is not null then 'waived'
      when f.done_on is not null then 'met'
      when d.due_on < d.enrolled_on then 'not-enrolled'
      when d.due_on < platform.today() then case when d.effect in ('trial', 'informs') then 'lapsed' else 'overdue' end
      when d.warn_on <= platform.today() then 'due-soon'
      else 'not-due'
    end as standing
  from oversight.duty d
  left join filings.fact_filed f on f.matter = d.matter and f.subject_kind = d.subject_kind and f.subject_id = d.subject_id and f.period = d.period
  left join oversight.waiver w on w.requirement_id = d.requirement_id and w.subject_kind = d.subject_kind and w.subject_id = d.subject_id and w.period = d.period
  left join registers.area a on a.code = left(d.scope, 9) || '000' and a.level = 'subdistrict';
comment on view oversight.duty_standing is '应为减已为：每项义务此刻的状态';
comment on column oversight.duty_standing.standing is 'not-enrolled 未纳入，not-due 未到期，due-soon 将到期，overdue 已超期，met 已完成，waived 已免除，lapsed 试算或参考项已过期（不计超期）';

do $$
declare t regclass;
begin
  foreach t in array array['oversight.duty', 'oversight.waiver']::regclass[]
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('grant select on %s to gongzhi_app, gongzhi_auditor', t);
    execute format('create policy engine on %s to gongzhi_engine using (true) with check (true)', t);
    execute format('create policy audit on %s for select to gongzhi_auditor using (true)', t);
    execute format('create policy office on %s to gongzhi_office using (platform.in_scope(scope)) with check (platform.in_scope(scope))', t);
  end loop;
  perform platform.cover('oversight.waiver');
end $$;
create policy mine on oversight.duty for select to gongzhi_body
  using (estate_id = any (platform.my_estates()) or (estate_id is null and bearer_id = platform.my_organisation()));
create policy of_estate on oversight.duty for select to gongzhi_resident using (estate_id = any (platform.my_estates()));
-- Who sees a duty sees what became of it, whoever filed or waived it: the subtraction reads the same for everybody.
create policy mine on oversight.waiver for select to gongzhi_body
  using (estate_id = any (platform.my_estates()) or (estate_id is null and subject_id = platform.my_organisation()::text));
create policy of_estate on oversight.waiver for select to gongzhi_resident using (estate_id = any (platform.my_estates()));
grant select, insert, update, delete on oversight.duty to gongzhi_engine;
grant insert on oversight.waiver to gongzhi_office, gongzhi_engine;
grant select on oversight.waiver to gongzhi_engine;
grant select on oversight.duty_standing to gongzhi_app, gongzhi_engine, gongzhi_auditor;
