-- Chinese labels of the codes that clauses use (policy/clauses/vocabulary.yaml): loaded with the packs, so that a new text may bring new codes.

create table registers.vocabulary (
  kind text not null check (kind in ('actor', 'kind', 'capability', 'mechanism')),
  code text not null,
  label text not null,
  primary key (kind, code)
);
comment on table registers.vocabulary is '条款所用代码的中文名称；内容来自 policy/clauses/vocabulary.yaml';

alter table registers.vocabulary enable row level security;
alter table registers.vocabulary force row level security;
create policy everyone on registers.vocabulary for select to gongzhi_app, gongzhi_auditor using (true);
create policy engine on registers.vocabulary to gongzhi_engine using (true) with check (true);
grant select on registers.vocabulary to gongzhi_app, gongzhi_auditor;
grant select, insert, update, delete on registers.vocabulary to gongzhi_engine;

-- A clause that its text no longer has is gone: the table is a copy of the file.
grant delete on registers.clause to gongzhi_engine;
