-- Posts end by a document and for a reason; a password given by an administrator is only a loan; an import shows how far it has come.

alter table registers.post add column end_document text, add column end_reason text;
alter table registers.post add constraint end_said
  check ((end_document is null) = (end_reason is null) and (end_document is null or to_on is not null));
comment on column registers.post.to_on is '离任之日：自这一天起不再任职；空为至今';
comment on column registers.post.end_document is '离任所依据的文件；空为任职时即定的任期';
comment on column registers.post.end_reason is '离任的理由';
select platform.cover('registers.post');

-- A password that somebody else gave opens nothing but the setting of one's own, and not for long. Who gave it and why is shown to its holder.

alter table platform.account
  add column loan_until timestamptz,
  add column loan_at timestamptz,
  add column loan_by text,
  add column loan_reason text,
  add constraint loan_whole check (num_nulls(loan_until, loan_at, loan_by, loan_reason) in (0, 4));
comment on column platform.account.loan_until is '临时密码的有效期；登录后须先自设密码；空为本人自设的密码';
comment on column platform.account.loan_at is '临时密码是何时给的';
comment on column platform.account.loan_by is '临时密码是谁给的：单位、职务、姓名，向本人显示';
comment on column platform.account.loan_reason is '为何给临时密码，向本人显示';

-- What is done to somebody's ways of signing in is a security event as well.
alter policy security_events on platform.journal
  using ((act like 'people.%' or act like 'offices.%' or act like 'accounts.%' or act like 'sealed.%' or act like 'deployment.%' or act like 'security.%')
    and chain in (select 'organisation:' || o.id from registers.organisation o where platform.in_scope(o.scope)
      union all select 'reads:organisation:' || o.id from registers.organisation o where platform.in_scope(o.scope)));

-- How far an import has come, and whether its sender wants it stopped. A table of its own: the worker holds the batch itself locked until the
-- step is done, and what it says meanwhile must be seen by others.

alter table registers.import_batch drop constraint import_batch_state_check;
alter table registers.import_batch add constraint import_batch_state_check
  check (state in ('reading', 'read', 'checking', 'checked', 'committing', 'committed', 'undoing', 'undone', 'failed', 'cancelled'));
create table registers.import_progress (
  batch_id int primary key, -- no foreign key: it would wait for the lock that the worker holds
  done int not null default 0 check (done >= 0),
  total int check (total >= 0),
  cancel_asked boolean not null default false
);
comment on table registers.import_progress is '导入正在进行的一步做到第几行，以及导入人是否要求停下';
comment on column registers.import_progress.total is '约有多少行；空为还不知道';
alter table registers.import_progress enable row level security;
alter table registers.import_progress force row level security;
grant select, insert, update on registers.import_progress to gongzhi_engine, gongzhi_office;
grant select on registers.import_progress to gongzhi_app, gongzhi_auditor;
create policy engine on registers.import_progress to gongzhi_engine using (true) with check (true);
create policy audit on registers.import_progress for select to gongzhi_auditor using (true);
create policy batch on registers.import_progress to gongzhi_office
  using (batch_id in (select id from registers.import_batch)) with check (batch_id in (select id from registers.import_batch));
create policy admitted on registers.import_progress as restrictive
  to gongzhi_office, gongzhi_body, gongzhi_resident, gongzhi_system, gongzhi_security, gongzhi_audit using ((select platform.admitted()));
