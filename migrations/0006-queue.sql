-- The queue: the library's own schema (graphile_worker) is made by its own migrations, run as gongzhi_queue (src/platform/jobs.ts).
-- This is the one way in; the application has no other right on the queue (decisions 19).

create function platform.enqueue(in_task text, in_payload json, in_key text default null) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  perform graphile_worker.add_job(identifier := in_task, payload := in_payload, job_key := in_key);
end $$;
comment on function platform.enqueue is '登记一项后台任务，与当前事务一同生效；同一键的未开始任务只保留最后一次';
grant create on schema platform to gongzhi_queue;
alter function platform.enqueue owner to gongzhi_queue;
revoke create on schema platform from gongzhi_queue;
revoke all on function platform.enqueue from public;
grant execute on function platform.enqueue to gongzhi_app, gongzhi_engine;

-- What jobs sweep: uploads whose time has passed, and sessions that can no longer be used.

grant update (kept_until) on platform.file to gongzhi_app, gongzhi_engine;
grant delete on platform.file to gongzhi_engine;
create index file_kept_until on platform.file (kept_until) where kept_until is not null;
grant delete on platform.session to gongzhi_door;
