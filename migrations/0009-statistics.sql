-- Statistics after a bulk load. The planner knows nothing of rows that came in one transaction until autovacuum has looked, a minute or more later;
-- until then a join over them may take minutes. Only an owner may ANALYZE, so the engine asks through this function, also inside its transaction.

create function platform.refresh_statistics() returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare t regclass;
begin
  for t in
    select c.oid::regclass from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relowner = current_user::regrole and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema' order by c.oid
  loop
    execute format('analyze %s', t);
  end loop;
end $$;
comment on function platform.refresh_statistics is '大批写入之后刷新统计信息，使随后的查询即刻可用';
revoke all on function platform.refresh_statistics from public;
grant execute on function platform.refresh_statistics to gongzhi_engine;
