-- How a person has lists shown: which columns in which order, how close the rows, and filters kept under a name. It belongs to the person whatever
-- post they act in, nobody else sees it, and it says nothing about the district: no business event, so not under the journal.
-- The audit administrator, who changes nothing, has none.

create table registers.list_layout (
  person_id int not null references registers.person,
  list text not null check (char_length(list) between 1 and 60),
  columns jsonb not null check (jsonb_typeof(columns) = 'array'),
  dense boolean not null,
  primary key (person_id, list)
);
comment on table registers.list_layout is '列设置：某人在某清单上要看哪些列、什么次序、行距松紧';
comment on column registers.list_layout.list is '清单的名称，与页面上的相同';
comment on column registers.list_layout.columns is '各列的名称和是否显示，按显示的次序';
comment on column registers.list_layout.dense is '行距是否紧凑';

create table registers.list_view (
  id int generated always as identity primary key,
  person_id int not null references registers.person,
  list text not null check (char_length(list) between 1 and 60),
  name text not null check (char_length(name) between 1 and 20),
  query text not null check (char_length(query) <= 500),
  unique (person_id, list, name)
);
comment on table registers.list_view is '视图：某人在某清单上起了名字、以后还要用的筛选条件';
comment on column registers.list_view.query is '筛选条件，如同写在地址里；不含页码';

alter table registers.list_layout enable row level security;
alter table registers.list_layout force row level security;
create policy own on registers.list_layout to gongzhi_app
  using (person_id = (select platform.my_person())) with check (person_id = (select platform.my_person()));
create policy admitted on registers.list_layout as restrictive to gongzhi_app, gongzhi_office, gongzhi_body, gongzhi_resident, gongzhi_system,
  gongzhi_security using ((select platform.admitted()));
grant select, insert, update (columns, dense) on registers.list_layout to gongzhi_app;

alter table registers.list_view enable row level security;
alter table registers.list_view force row level security;
create policy own on registers.list_view to gongzhi_app
  using (person_id = (select platform.my_person())) with check (person_id = (select platform.my_person()));
create policy admitted on registers.list_view as restrictive to gongzhi_app, gongzhi_office, gongzhi_body, gongzhi_resident, gongzhi_system,
  gongzhi_security using ((select platform.admitted()));
grant select, insert, update (query), delete on registers.list_view to gongzhi_app;
