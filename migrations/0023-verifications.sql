-- What each night's verification of the journal found, complete or not (trust.md A7). It only grows; who may read it are the three administrators,
-- for it speaks of the whole and names chains, tables and keys, no person.

create table platform.verification (
  id bigint generated always as identity primary key,
  begun_at timestamptz not null,
  ended_at timestamptz not null,
  looked jsonb not null,
  faults jsonb not null,
  more int not null check (more >= 0)
);
comment on table platform.verification is '每夜核验留痕的结果：看了多少，哪里不符';
comment on column platform.verification.looked is '核验的范围：链、留痕、记录、封存的数目和哈希算法；没有做完时为空对象';
comment on column platform.verification.faults is '不符之处：哪条链第几条，或哪张表哪一行，属于哪一类；至多一百处';
comment on column platform.verification.more is '另有多少处没有列出';

alter table platform.verification enable row level security;
alter table platform.verification force row level security;
create policy audit on platform.verification for select to gongzhi_auditor, gongzhi_verifier using (true);
create policy keep on platform.verification for insert to gongzhi_sealer with check (true);
create policy administrators on platform.verification for select to gongzhi_system, gongzhi_security, gongzhi_audit using (true);
create policy admitted on platform.verification as restrictive to gongzhi_app, gongzhi_office, gongzhi_body, gongzhi_resident, gongzhi_system, gongzhi_security,
  gongzhi_audit using ((select platform.admitted()));
grant select on platform.verification to gongzhi_auditor, gongzhi_verifier, gongzhi_system, gongzhi_security, gongzhi_audit;
grant insert on platform.verification to gongzhi_sealer;
