-- 队列里有人等的先办；由哪些单位管底册由政策参数说。

-- ── Queue: a job that nobody waits for gives way to those that somebody does (the library takes the lowest number first)

drop function platform.enqueue(text, json, text);
create function platform.enqueue(in_task text, in_payload json, in_key text default null, in_priority int default 0) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  perform graphile_worker.add_job(identifier := in_task, payload := in_payload, job_key := in_key, priority := in_priority);
end $$;
comment on function platform.enqueue is '登记一项后台任务，与当前事务一同生效；同一键的未开始任务只保留最后一次；数小的先办';
grant create on schema platform to gongzhi_queue;
alter function platform.enqueue owner to gongzhi_queue;
revoke create on schema platform from gongzhi_queue;
revoke all on function platform.enqueue from public;
grant execute on function platform.enqueue to gongzhi_app, gongzhi_engine;
