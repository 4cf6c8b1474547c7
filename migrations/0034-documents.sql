-- Documents (文件): drafted here, numbered and sealed in the office's own system; the scan that comes back is what is valid. Append-only.

create schema documents;
comment on schema documents is '文件：在此起草，在单位自己的系统编号、盖章；传回的盖章件才是有效的版本';
grant usage on schema documents to gongzhi_app, gongzhi_engine, gongzhi_auditor, gongzhi_door;

create table documents.document (
  id int generated always as identity primary key,
  kind text not null,
  code text not null unique,
  title text not null,
  addressee text,
  content jsonb not null,
  about text,
  scope registers.scope not null,
  organisation_id int not null references registers.organisation,
  to_id int references registers.organisation,
  is_public boolean not null,
  draft_digest text not null references platform.file,
  drafted_on date not null,
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  check (to_id <> organisation_id)
);
comment on table documents.document is '文件：何单位起草的何种文件，主送谁，写了什么；起草稿存为 draft_digest';
comment on column documents.document.code is '核验码：印在纸上，末位为校验字符';
comment on column documents.document.content is '正文各段，程序里的模板由数据写成；不含可执行的内容';
comment on column documents.document.about is '因何起草，如 directive:7';
comment on column documents.document.is_public is '盖章后是否公开：公开的，凭核验码可取盖章件';
create index document_scope on documents.document (scope, drafted_on);
create index document_organisation on documents.document (organisation_id);
create index document_to on documents.document (to_id);
create index document_draft on documents.document (draft_digest);

create table documents.sealed_copy (
  id int generated always as identity primary key,
  document_id int not null references documents.document,
  place int not null,
  code text not null,
  scope registers.scope not null,
  organisation_id int not null references registers.organisation,
  to_id int references registers.organisation,
  is_public boolean not null,
  document_number text not null,
  issued_on date not null,
  file_digest text not null references platform.file,
  name text not null,
  added_on date not null,
  person_id int not null references registers.person,
  post_id int not null references registers.post,
  unique (document_id, place),
  unique (document_id, file_digest),
  check (issued_on <= added_on)
);
comment on table documents.sealed_copy is '盖章件：单位自己的系统编号、盖章后的扫描件。最后一件有效，先前的已被替代';
comment on column documents.sealed_copy.place is '第几件盖章件';
comment on column documents.sealed_copy.document_number is '发文字号，由单位自己的系统编';
create index sealed_copy_code on documents.sealed_copy (code);
create index sealed_copy_scope on documents.sealed_copy (scope);
create index sealed_copy_file on documents.sealed_copy (file_digest);

create table documents.withdrawal (
  document_id int primary key references documents.document,
  reason text not null,
  withdrawn_on date not null,
  person_id int not null references registers.person,
  post_id int not null references registers.post
);
comment on table documents.withdrawal is '撤回文件及其理由';

create table documents.posting (
  document_id int not null references documents.document,
  group_id int not null references registers.chat_group,
  organisation_id int not null references registers.organisation,
  posted_on date not null,
  primary key (document_id, group_id)
);
comment on table documents.posting is '哪份通知、何日、由哪个单位发到了哪个群；只记单位，不记人';
create index posting_group on documents.posting (group_id);

create view documents.document_standing with (security_invoker = true) as
  select d.*, coalesce(c.place, 0) as copies, c.document_number, c.issued_on, w.reason as withdrawn_reason, w.withdrawn_on,
    case when w.document_id is not null then 'withdrawn' when c.place is not null then 'valid' else 'drafted' end as standing
  from documents.document d
  left join lateral (select place, document_number, issued_on from documents.sealed_copy c where c.document_id = d.id order by place desc limit 1) c on true
  left join documents.withdrawal w on w.document_id = d.id;
comment on view documents.document_standing is '文件此刻的状态：由有没有盖章件、有没有撤回推出；有效的是最后一件盖章件';

-- A copy says of itself what its document is: whoever sees copies needs no look at documents, and the other way round. Of a withdrawn document
-- it has nothing to say, and is refused.
create function documents.take_document() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
begin
  select d.code, d.scope, d.organisation_id, d.to_id, d.is_public into new.code, new.scope, new.organisation_id, new.to_id, new.is_public
    from documents.document d where d.id = new.document_id and not exists (select from documents.withdrawal w where w.document_id = d.id);
  return new;
end $$;
revoke all on function documents.take_document from public;
create trigger of_document before insert on documents.sealed_copy for each row execute function documents.take_document();

do $$
declare
  t regclass;
  people text := 'gongzhi_office, gongzhi_body, gongzhi_resident, gongzhi_system, gongzhi_security, gongzhi_audit';
begin
  foreach t in array array['documents.document', 'documents.sealed_copy', 'documents.withdrawal', 'documents.posting']::regclass[]
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('grant select on %s to gongzhi_app, gongzhi_engine, gongzhi_auditor', t);
    execute format('grant insert on %s to gongzhi_office', t);
    execute format('create policy engine on %s for select to gongzhi_engine using (true)', t);
    execute format('create policy audit on %s for select to gongzhi_auditor using (true)', t);
    execute format('create policy admitted on %s as restrictive to %s using ((select platform.admitted()))', t, people);
    perform platform.cover(t);
  end loop;
  foreach t in array array['documents.document', 'documents.sealed_copy']::regclass[]
  loop
    execute format('create policy keep_out on %s as restrictive to gongzhi_office, gongzhi_body
      using ((select platform.unbarred()) or (scope = any ((select platform.barred_scopes())::text[])) is not true)', t);
    execute format('create policy keep_out_body on %s as restrictive to gongzhi_office, gongzhi_body
      using ((select platform.unbarred()) or (to_id = any ((select platform.barred_bodies())::int[])) is not true)', t);
  end loop;
end $$;
grant insert on documents.posting to gongzhi_body;
grant select on documents.document_standing to gongzhi_app, gongzhi_engine, gongzhi_auditor;

-- A draft is its drafter's alone. What is sealed is seen by both ends and by whoever supervises the place; what is public besides, by all bodies.
create policy drafted on documents.document to gongzhi_office
  using (organisation_id = (select platform.my_organisation())) with check (organisation_id = platform.my_organisation() and platform.in_scope(scope));
create policy sealed on documents.document for select to gongzhi_office, gongzhi_body
  using ((platform.in_scope(scope) or to_id = (select platform.my_organisation()) or (is_public and (select platform.my_organisation() is not null or current_setting('app.lo', true) <> '')))
    and id in (select c.document_id from documents.sealed_copy c));
create policy sealed on documents.sealed_copy for select to gongzhi_office, gongzhi_body
  using (platform.in_scope(scope) or to_id = (select platform.my_organisation()) or organisation_id = (select platform.my_organisation())
    or (is_public and (select platform.my_organisation() is not null or current_setting('app.lo', true) <> '')));
create policy seal on documents.sealed_copy for insert to gongzhi_office
  with check (organisation_id = platform.my_organisation());
create policy of_document on documents.withdrawal for select to gongzhi_office, gongzhi_body
  using (document_id in (select d.id from documents.document d));
create policy withdraw on documents.withdrawal for insert to gongzhi_office
  with check (document_id in (select d.id from documents.document d where d.organisation_id = platform.my_organisation()));
create policy of_document on documents.posting to gongzhi_office, gongzhi_body
  using (document_id in (select d.id from documents.document d) and group_id in (select g.id from registers.chat_group g))
  with check (organisation_id = platform.my_organisation() and document_id in (select c.document_id from documents.sealed_copy c where c.is_public)
    and document_id not in (select w.document_id from documents.withdrawal w) and group_id in (select g.id from registers.chat_group g));

-- Before anybody is known: the one document whose code was asked for, once it is sealed; its file only while it is public and stands.
create policy asked on documents.sealed_copy for select to gongzhi_door using (code = (select current_setting('app.verify_code', true)));
create policy asked on documents.document for select to gongzhi_door
  using (code = (select current_setting('app.verify_code', true)) and id in (select c.document_id from documents.sealed_copy c));
create policy asked on documents.withdrawal for select to gongzhi_door using (document_id in (select c.document_id from documents.sealed_copy c));
grant select (id, kind, code, title, organisation_id, is_public) on documents.document to gongzhi_door;
grant select (document_id, place, code, organisation_id, is_public, document_number, issued_on, file_digest) on documents.sealed_copy to gongzhi_door;
grant select (document_id, reason, withdrawn_on) on documents.withdrawal to gongzhi_door;
create policy of_document on platform.file for select to gongzhi_app
  using (exists (select from documents.sealed_copy c where c.file_digest = file.digest) or exists (select from documents.document d where d.draft_digest = file.digest));
create policy asked on platform.file for select to gongzhi_door
  using (exists (select from documents.sealed_copy c where c.file_digest = file.digest and c.is_public
      and c.place = (select max(l.place) from documents.sealed_copy l))
    and not exists (select from documents.withdrawal));
grant select (digest, media, wrapped) on platform.file to gongzhi_door;
