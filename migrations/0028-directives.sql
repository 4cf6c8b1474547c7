-- Directives (督办): who asked whom for what, by which clause, until when, and what became of it. Append-only; a directive stands as its last step left it.

create table oversight.directive (
  id int generated always as identity primary key,
  above_id int references oversight.directive,
  clause_id text not null,
  title text not null,
  demand text not null,
  matter text,
  subject_kind text,
  subject_id text,
  subject_label text,
  period text,
  subject_scope registers.scope,
  scope registers.scope not null,
  origin_id int not null references registers.organisation,
  from_id int not null references registers.organisation,
  to_id int not null references registers.organisation,
  issued_on date not null,
  due_on date not null,
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  issued_at timestamptz not null default clock_timestamp(),
  check (from_id <> to_id),
  check (due_on >= issued_on),
  check (num_nulls(matter, subject_kind, subject_id, subject_label, period, subject_scope) in (0, 6))
);
comment on table oversight.directive is '督办：何单位凭哪一条款要何单位于何日前办何事；above_id 为所转的上一级督办，origin_id 为最初发出的单位';
comment on column oversight.directive.scope is '在哪里督办：承办单位的辖区；企业注册在外地的，为它在本地承担的义务所在';
comment on column oversight.directive.subject_scope is '所督办的义务的对象所在；不针对一项义务的为空';
create index directive_scope on oversight.directive (scope, due_on);
create index directive_from on oversight.directive (from_id);
create index directive_to on oversight.directive (to_id);
create index directive_above on oversight.directive (above_id);

create table oversight.directive_step (
  id int generated always as identity primary key,
  directive_id int not null references oversight.directive,
  act text not null,
  state text not null,
  note text not null,
  until date,
  organisation_id int not null references registers.organisation,
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  taken_on date not null,
  taken_at timestamptz not null default clock_timestamp()
);
comment on table oversight.directive_step is '督办的每一步：答复、申请延期、同意或不同意延期、退回、办结、撤回；act 与 state 的含义见 docs/procedures/directives.md';
create index directive_step_of on oversight.directive_step (directive_id, id);

create view oversight.directive_standing with (security_invoker = true) as
  select d.*, coalesce(s.state, 'open') as state, coalesce(e.until, d.due_on) as due,
    coalesce(s.state, 'open') not in ('closed', 'withdrawn') as is_open,
    coalesce(s.state, 'open') not in ('closed', 'withdrawn', 'answered') and coalesce(e.until, d.due_on) < (select platform.today()) as overdue
  from oversight.directive d
  left join lateral (select state from oversight.directive_step s where s.directive_id = d.id order by s.id desc limit 1) s on true
  left join lateral (select until from oversight.directive_step s where s.directive_id = d.id and s.act = 'extend' order by s.id desc limit 1) e on true;
comment on view oversight.directive_standing is '督办此刻的状态：最后一步所到、最后一次同意的期限；是否超期由今天推出';

do $$
declare
  t regclass;
  people text := 'gongzhi_office, gongzhi_body, gongzhi_resident, gongzhi_system, gongzhi_security, gongzhi_audit';
begin
  foreach t in array array['oversight.directive', 'oversight.directive_step']::regclass[]
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('grant select on %s to gongzhi_app, gongzhi_engine, gongzhi_auditor', t);
    execute format('create policy engine on %s for select to gongzhi_engine using (true)', t);
    execute format('create policy audit on %s for select to gongzhi_auditor using (true)', t);
    execute format('create policy admitted on %s as restrictive to %s using ((select platform.admitted()))', t, people);
    perform platform.cover(t);
  end loop;
end $$;
grant select on oversight.directive_standing to gongzhi_app, gongzhi_engine, gongzhi_auditor;
grant insert on oversight.directive to gongzhi_office;
grant insert on oversight.directive_step to gongzhi_office, gongzhi_body;

-- Whoever supervises the place of the one who is to act sees it, and both ends do.
create policy office on oversight.directive for select to gongzhi_office
  using (platform.in_scope(scope) or from_id = (select platform.my_organisation()) or to_id = (select platform.my_organisation()));
create policy issue on oversight.directive for insert to gongzhi_office with check (from_id = platform.my_organisation() and platform.in_scope(scope));
create policy mine on oversight.directive for select to gongzhi_body using (to_id = (select platform.my_organisation()));
create policy of_directive on oversight.directive_step to gongzhi_office, gongzhi_body
  using (directive_id in (select d.id from oversight.directive d))
  with check (organisation_id = platform.my_organisation() and directive_id in (select d.id from oversight.directive d));
create policy keep_out on oversight.directive as restrictive to gongzhi_office, gongzhi_body
  using ((select platform.unbarred()) or (subject_scope = any ((select platform.barred_scopes())::text[])) is not true
    and (scope = any ((select platform.barred_scopes())::text[])) is not true);
create policy keep_out_body on oversight.directive as restrictive to gongzhi_office, gongzhi_body
  using ((select platform.unbarred()) or (to_id = any ((select platform.barred_bodies())::int[])) is not true
    and (subject_id = any ((select platform.barred_bodies())::text[]) and subject_kind in ('companies', 'committees', 'managementCommittees')) is not true);
