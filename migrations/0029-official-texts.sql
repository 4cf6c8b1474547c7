-- 原文：区县把政策文件的正式文本附上，条款页在我们的话旁边显示原文。
-- A published document is no secret: whoever is signed in may read it. Nothing of it is in this project; it is what an office attached.

create table registers.official_text (
  id int generated always as identity primary key,
  text text not null,
  number text,
  organisation_id int not null references registers.organisation,
  scope registers.scope not null,
  file_digest text not null references platform.file,
  name text not null,
  words text,
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  attached_on date not null,
  withdrawn_on date,
  withdrawn_reason text,
  check ((withdrawn_on is null) = (withdrawn_reason is null)),
  check (withdrawn_on >= attached_on)
);
comment on table registers.official_text is '原文：何单位附上的何文号的正式文本，及撤下的理由';
comment on column registers.official_text.text is '政策文本的编号，与条款文件的 text 相同';
comment on column registers.official_text.words is '从文件里读出的文字，一段一行；读不出的（如扫描件）为空';
create index official_text_text on registers.official_text (text, id desc) where withdrawn_on is null;
create index official_text_file on registers.official_text (file_digest);

alter table registers.official_text enable row level security;
alter table registers.official_text force row level security;
create policy everyone on registers.official_text for select to gongzhi_app, gongzhi_engine, gongzhi_auditor, gongzhi_audit using (true);
create policy attach on registers.official_text for insert to gongzhi_office with check (platform.in_scope(scope));
create policy withdraw on registers.official_text for update to gongzhi_office using (platform.in_scope(scope)) with check (platform.in_scope(scope));
create policy admitted on registers.official_text as restrictive to gongzhi_office, gongzhi_body, gongzhi_resident, gongzhi_system, gongzhi_security, gongzhi_audit
  using ((select platform.admitted()));
grant select on registers.official_text to gongzhi_app, gongzhi_engine, gongzhi_auditor, gongzhi_audit;
grant insert, update (withdrawn_on, withdrawn_reason) on registers.official_text to gongzhi_office;

-- A withdrawn file opens to nobody, unless something else claims it.
create policy of_text on platform.file for select to gongzhi_app, gongzhi_audit
  using (exists (select from registers.official_text t where t.file_digest = file.digest and t.withdrawn_on is null));
grant select (digest, media, wrapped) on platform.file to gongzhi_audit;

select platform.cover('registers.official_text');
