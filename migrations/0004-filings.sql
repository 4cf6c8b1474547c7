-- Filings: who filed what, about whom, for which period, done on which day, with what evidence. Append-only; a mistake is withdrawn by a row of its own.

create schema filings;
comment on schema filings is '报备：已为之事';
grant usage on schema filings to gongzhi_app, gongzhi_engine, gongzhi_auditor;

create table filings.filing (
  id int generated always as identity primary key,
  matter text not null,
  subject_kind text not null,
  subject_id text not null,
  subject_label text not null,
  scope registers.scope not null,
  estate_id int references registers.estate,
  organisation_id int not null references registers.organisation,
  period text,
  done_on date not null,
  filed_on date not null,
  filed_at timestamptz not null default clock_timestamp(),
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  summary text,
  evidence text not null check (evidence in ('attached', 'to-follow', 'none')),
  batch_id int,
  check (done_on <= filed_on)
);
comment on table filings.filing is '报备：何单位就何事、何期间、于何日办成、何日报备';
comment on column filings.filing.evidence is '材料：attached 已附，to-follow 后补，none 无须';
create index filing_matter on filings.filing (matter, subject_kind, subject_id, period);
create index filing_scope on filings.filing (scope, filed_on);
create index filing_organisation on filings.filing (organisation_id, filed_on);

create table filings.evidence (
  id int generated always as identity primary key,
  filing_id int not null references filings.filing,
  scope registers.scope not null,
  file_digest text not null references platform.file,
  name text not null,
  person_id int not null references registers.person,
  added_at timestamptz not null default clock_timestamp()
);
comment on table filings.evidence is '报备材料（可后补）';
create index evidence_filing on filings.evidence (filing_id);

create table filings.withdrawal (
  filing_id int primary key references filings.filing,
  scope registers.scope not null,
  reason text not null,
  person_id int not null references registers.person,
  withdrawn_at timestamptz not null default clock_timestamp()
);
comment on table filings.withdrawal is '撤回报备及其理由';

-- What belongs to a filing lies where the filing lies: an office finds it by its range, without looking the filing up.
create function filings.take_scope() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
begin
  select f.scope into new.scope from filings.filing f where f.id = new.filing_id;
  return new;
end $$;
revoke all on function filings.take_scope from public;

create view filings.fact_filed with (security_invoker = true) as
  select f.matter, f.subject_kind, f.subject_id, f.period, min(f.done_on) as done_on, min(f.filed_on) as filed_on, min(f.id) as filing_id,
    bool_or(f.evidence = 'to-follow' and e.filing_id is null) as evidence_due
  from filings.filing f
  left join (select distinct filing_id from filings.evidence) e on e.filing_id = f.id
  left join filings.withdrawal w on w.filing_id = f.id
  where w.filing_id is null
  group by f.matter, f.subject_kind, f.subject_id, f.period;
comment on view filings.fact_filed is '事实：何事、对何对象、就何期间，最早于何日办成';

do $$
declare t regclass;
begin
  foreach t in array array['filings.filing', 'filings.evidence', 'filings.withdrawal']::regclass[]
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('grant select, insert on %s to gongzhi_app, gongzhi_engine', t);
    execute format('grant select on %s to gongzhi_auditor', t);
    execute format('create policy engine on %s to gongzhi_engine using (true) with check (true)', t);
    execute format('create policy audit on %s for select to gongzhi_auditor using (true)', t);
    perform platform.cover(t);
  end loop;
  foreach t in array array['filings.evidence', 'filings.withdrawal']::regclass[]
  loop
    execute format('create policy office on %s to gongzhi_office using (platform.in_scope(scope)) with check (platform.in_scope(scope))', t);
    execute format('create policy of_filing on %s to gongzhi_body
      using (filing_id in (select id from filings.filing)) with check (filing_id in (select id from filings.filing))', t);
    execute format('create trigger of_filing before insert on %s for each row execute function filings.take_scope()', t);
  end loop;
end $$;
create policy office on filings.filing to gongzhi_office using (platform.in_scope(scope)) with check (platform.in_scope(scope));
create policy mine on filings.filing to gongzhi_body
  using (organisation_id = platform.my_organisation() or estate_id = any (platform.my_estates()))
  with check (organisation_id = platform.my_organisation());
-- What is on file about a body is no secret to that body, whoever filed it.
create policy about_me on filings.filing for select to gongzhi_body
  using (subject_kind in ('companies', 'committees', 'managementCommittees') and subject_id = platform.my_organisation()::text);
create policy of_estate on filings.filing for select to gongzhi_resident using (estate_id = any (platform.my_estates()));
-- Without these an owner would take a withdrawn filing for a deed done, and evidence that has come for evidence still to follow.
create policy of_estate on filings.evidence for select to gongzhi_resident using (filing_id in (select id from filings.filing));
create policy of_estate on filings.withdrawal for select to gongzhi_resident using (filing_id in (select id from filings.filing));
grant select on filings.fact_filed to gongzhi_app, gongzhi_engine, gongzhi_auditor;
