-- Sealed data (docs/decisions/0015): a key is handed out only in the transaction that has written who asked and why, only to somebody who sees the
-- person, and every such reading is on a chain of its own. A file is seen by whoever sees what claims it.

-- ── Readings

alter table platform.sealed_read
  add column organisation_id int,
  add column behalf_id int,
  add column kind text not null default 'browsing' check (kind in ('own', 'task', 'browsing', 'bulk', 'export')),
  add column request text,
  add column transaction xid8,
  alter column purpose drop not null,
  add constraint purpose_told check ((kind = 'own') = (purpose is null) and coalesce(btrim(purpose) <> '', true)),
  add constraint task_named check (kind <> 'task' or purpose ~ '^[A-Za-z]+:[0-9]+$');
-- Nobody says for themselves who read, or when: these columns are in no grant.
alter table platform.sealed_read
  alter column kind drop default,
  alter column person_id set default platform.my_person(),
  alter column organisation_id set default platform.my_organisation(),
  alter column post_id set default nullif(current_setting('app.post', true), '')::int,
  alter column behalf_id set default nullif(current_setting('app.behalf', true), '')::int,
  alter column request set default nullif(current_setting('app.request', true), ''),
  alter column transaction set default pg_current_xact_id();
comment on column platform.sealed_read.kind is 'own 本人，task 承办事项（purpose 为其编号），browsing 逐个查看，bulk 成批处理，export 导出（purpose 为理由）';
create index sealed_read_subject on platform.sealed_read (subject);
create index sealed_read_transaction on platform.sealed_read (transaction);
create unique index person_subject on registers.person (subject) where subject is not null;

drop policy trace on platform.sealed_read;
revoke insert on platform.sealed_read from gongzhi_app, gongzhi_engine;
grant insert (subject, field, kind, purpose), select on platform.sealed_read to gongzhi_app;
-- Whoever reads must see the person, by the policies of the person's own table, and be that person where it is said to be their own. A task is a
-- reason only through a policy of the room that keeps it: `kind = 'task' and exists (select from <room>.<task> t where t.subject = … and …)`.
create policy sight on platform.sealed_read for insert to gongzhi_office, gongzhi_body, gongzhi_resident
  with check (kind <> 'task' and exists (select from registers.person p
    where p.subject = sealed_read.subject and (kind <> 'own' or p.id = platform.my_person())));
-- What this transaction has just written, for the key; what was read of oneself, for everybody.
create policy just_now on platform.sealed_read for select to gongzhi_app
  using (transaction = pg_current_xact_id_if_assigned() and at >= transaction_timestamp());
create policy of_mine on platform.sealed_read for select to gongzhi_app
  using (subject in (select p.subject from registers.person p where p.id = platform.my_person()));

-- One event for each statement that read: with its reason, and a digest of whose fields they were.
create function platform.trace_reads() returns trigger
  language plpgsql security definer set search_path = pg_catalog, platform, pg_temp
  as $$
declare r record;
begin
  for r in
    select kind, purpose, count(*) as many, min(subject::text) as subject, string_agg(distinct to_json(field)::text, ',') as fields, min(id) as first,
      encode(sha256(convert_to(string_agg(subject || ' ' || field, E'\n' order by id), 'UTF8')), 'hex') as digest
    from read_now group by kind, purpose order by min(id)
  loop
    perform platform.record(
      'reads:' || coalesce('organisation:' || platform.my_organisation(), 'person:' || platform.my_person(), 'nobody'),
      'sealed.read', case r.many when 1 then 'subject:' || r.subject else 'sealedRead:' || r.first end,
      format('{"count":%s,"digest":"%s","fields":[%s],"first":%s,"kind":"%s"%s}', r.many, r.digest, r.fields, r.first, r.kind,
        coalesce(',"onBehalfOf":' || nullif(current_setting('app.behalf', true), ''), '')),
      r.purpose);
  end loop;
  return null;
end $$;
-- By its name it fires after the trigger that notes a covered change.
create trigger traced after insert on platform.sealed_read referencing new table as read_now
  for each statement execute function platform.trace_reads();
alter table platform.sealed_read enable always trigger traced;
grant create on schema platform to gongzhi_journal;
alter function platform.trace_reads owner to gongzhi_journal;
revoke create on schema platform from gongzhi_journal;
revoke all on function platform.trace_reads from public;
select platform.cover('platform.sealed_read');

-- ── Keys: made by whoever brings a person in, handed out with the trace, destroyed by functions only

drop policy sealing on platform.subject_key;
revoke select, insert, update on platform.subject_key from gongzhi_app, gongzhi_engine;
grant insert (subject, wrapped) on platform.subject_key to gongzhi_app, gongzhi_engine;
grant select (subject, wrapped) on platform.subject_key to gongzhi_app;
create policy make on platform.subject_key for insert to gongzhi_office, gongzhi_engine with check (wrapped is not null);
create policy traced on platform.subject_key for select to gongzhi_app
  using (subject in (select r.subject from platform.sealed_read r where r.transaction = pg_current_xact_id_if_assigned() and r.at >= transaction_timestamp()));

create function platform.open_sealed(in_subjects uuid[], in_fields text[], in_kind text, in_purpose text) returns table (subject uuid, wrapped bytea)
  language plpgsql set search_path = pg_catalog, platform, pg_temp
  as $$
begin
  insert into sealed_read (subject, field, kind, purpose) select s, f, in_kind, in_purpose from unnest(in_subjects, in_fields) o(s, f);
  return query select k.subject, k.wrapped from subject_key k where k.subject = any (in_subjects) and k.wrapped is not null;
end $$;
comment on function platform.open_sealed is '写下谁因何查看，并在同一事务内交出密钥；看不见此人的，写不下，也拿不到';
revoke all on function platform.open_sealed from public;
grant execute on function platform.open_sealed to gongzhi_app;

-- ── Files

drop policy everyone on platform.file;
revoke select, insert, update on platform.file from gongzhi_app, gongzhi_engine;
revoke update (kept_until) on platform.file from gongzhi_app, gongzhi_engine;
grant select (digest, media, wrapped) on platform.file to gongzhi_app;
grant select on platform.file to gongzhi_engine;
create policy sweep on platform.file to gongzhi_engine using (true) with check (false);
create policy of_filing on platform.file for select to gongzhi_office, gongzhi_body, gongzhi_resident
  using (exists (select from filings.evidence e where e.file_digest = file.digest));
create policy of_import on platform.file for select to gongzhi_office
  using (exists (select from registers.import_batch b where b.file_digest = file.digest and b.organisation_id = platform.my_organisation()));
create index evidence_file on filings.evidence (file_digest);
create index import_batch_file on registers.import_batch (file_digest);
create policy keep on platform.file to gongzhi_journal using (true) with check (true);
grant select, insert, update (kept_until) on platform.file to gongzhi_journal;

-- Who puts a content that is already there learns nothing of who else has it, and must not see it to keep it longer.
create function platform.keep_file(in_digest text, in_bytes bigint, in_media text, in_wrapped bytea, in_kept_until date) returns boolean
  language plpgsql security definer set search_path = pg_catalog, platform, pg_temp
  as $$
begin
  insert into file (digest, bytes, media, wrapped, kept_until) values (in_digest, in_bytes, in_media, in_wrapped, in_kept_until) on conflict do nothing;
  if found then return true; end if;
  -- An upload that was to expire and is now evidence stays; of two days the later counts.
  update file set kept_until = case when in_kept_until is null then null else greatest(kept_until, in_kept_until) end
    where digest = in_digest and kept_until is not null;
  return false;
end $$;
comment on function platform.keep_file is '登记附件；已有的只延长保存期。返回是否新登记，是则由调用者写入磁盘';
grant create on schema platform to gongzhi_journal;
alter function platform.keep_file owner to gongzhi_journal;
revoke create on schema platform from gongzhi_journal;
revoke all on function platform.keep_file from public;
grant execute on function platform.keep_file to gongzhi_app, gongzhi_engine;
