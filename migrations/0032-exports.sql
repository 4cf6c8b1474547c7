-- Exports of long lists are written by the worker, as the person and in the post that asked, and kept for some days, sealed like every file.
-- Whoever asked sees them in that post only; the request and each reading of the file are events of the body.

create function platform.my_post() returns int
  language sql stable parallel safe
  as $$ select nullif(current_setting('app.post', true), '')::int $$;
comment on function platform.my_post is '本次请求以哪一项任职办理';

create table registers.export_job (
  id int generated always as identity primary key,
  account_id int not null references platform.account,
  person_id int not null references registers.person,
  organisation_id int not null references registers.organisation,
  post_id int not null references registers.post,
  path text not null,
  label text not null,
  input jsonb not null,
  asked_at timestamptz not null,
  kept_until date not null,
  barred int[],
  name text,
  bytes bigint,
  file_digest text,
  problem text,
  check ((file_digest is null) = (name is null) and (file_digest is null) = (bytes is null) and (file_digest is null) = (barred is null))
);
comment on table registers.export_job is '导出：谁以何职务要了哪张清单，写成了没有，保存到哪一天';
comment on column registers.export_job.input is '清单的筛选条件，与当时页面上的相同';
comment on column registers.export_job.barred is '写成时此人须回避的事项；此后新增的，文件不再交给他';
comment on column registers.export_job.problem is '没有写成的原因';
create index export_job_person on registers.export_job (person_id, id desc);
create index export_job_file on registers.export_job (file_digest);

alter table registers.export_job enable row level security;
alter table registers.export_job force row level security;
create policy own on registers.export_job for select to gongzhi_office, gongzhi_body
  using (person_id = (select platform.my_person()) and post_id = (select platform.my_post()));
create policy ask on registers.export_job for insert to gongzhi_office, gongzhi_body
  with check (person_id = (select platform.my_person()) and post_id = (select platform.my_post())
    and organisation_id = (select platform.my_organisation()) and file_digest is null and problem is null);
create policy admitted on registers.export_job as restrictive to gongzhi_app, gongzhi_office, gongzhi_body, gongzhi_resident, gongzhi_system,
  gongzhi_security, gongzhi_audit using ((select platform.admitted()));
create policy write on registers.export_job to gongzhi_engine using (true) with check (true);
grant select, insert on registers.export_job to gongzhi_office, gongzhi_body;
grant select, update (barred, name, bytes, file_digest, problem), delete on registers.export_job to gongzhi_engine;

create policy of_export on platform.file for select to gongzhi_office, gongzhi_body
  using (exists (select from registers.export_job e where e.file_digest = file.digest));
