-- 群台账：每个小区有哪些群、由哪个单位管。只登记群本身：没有成员名单，没有电话。

create table registers.chat_group (
  id int generated always as identity primary key,
  estate_id int not null references registers.estate,
  scope registers.scope not null,
  name text not null,
  kind text not null check (kind in ('owners', 'building', 'work', 'service', 'other')),
  organisation_id int not null references registers.organisation,
  added_on date not null,
  closed_on date,
  closed_reason text,
  check ((closed_on is null) = (closed_reason is null)),
  check (closed_on >= added_on)
);
comment on table registers.chat_group is '群台账：小区的微信群、企业微信群等，及负责管理的单位；kind 为 owners 业主群，building 楼栋群，work 工作群，service 物业服务群，other 其他';
comment on column registers.chat_group.organisation_id is '负责管理这个群、在群里发通知的单位';
create unique index chat_group_name on registers.chat_group (estate_id, name) where closed_on is null;
create index chat_group_scope on registers.chat_group (scope);
create index chat_group_organisation on registers.chat_group (organisation_id);

alter table registers.chat_group enable row level security;
alter table registers.chat_group force row level security;
create policy engine on registers.chat_group to gongzhi_engine using (true) with check (true);
create policy audit on registers.chat_group for select to gongzhi_auditor using (true);
create policy office on registers.chat_group to gongzhi_office using (platform.in_scope(scope)) with check (platform.in_scope(scope));
create policy mine on registers.chat_group for select to gongzhi_body
  using (organisation_id = (select platform.my_organisation()) or estate_id = any (platform.my_estates()));
create policy admitted on registers.chat_group as restrictive to gongzhi_office, gongzhi_body, gongzhi_resident, gongzhi_system, gongzhi_security, gongzhi_audit
  using ((select platform.admitted()));
create policy keep_out on registers.chat_group as restrictive to gongzhi_office, gongzhi_body
  using ((select platform.unbarred()) or (scope = any ((select platform.barred_scopes())::text[])) is not true);
grant select on registers.chat_group to gongzhi_app, gongzhi_engine, gongzhi_auditor;
grant insert on registers.chat_group to gongzhi_office, gongzhi_engine;
grant update (closed_on, closed_reason) on registers.chat_group to gongzhi_office;

select platform.cover('registers.chat_group');
