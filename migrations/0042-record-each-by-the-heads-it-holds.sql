-- 同时开同一些链的人，只按手里锁住的链头往下写。
-- A head that somebody committed between the look for heads and the writing was read without being held: the row went in by number 2 beside whoever
-- held that head, and then each waited for the other. Now what is written follows from the heads that are locked and from nothing read later;
-- a chain opened meanwhile is met as taken, and the next round waits for it. The locks of the first round end with it.

create or replace function platform.record_each(in_chains text[], in_act text, in_object text, in_details text[]) returns bigint
  language plpgsql security definer set search_path = pg_catalog, platform, pg_temp
  as $$
declare
  pending record;
  happened timestamptz;
  person text := nullif(current_setting('app.person', true), '');
  organisation text := nullif(current_setting('app.organisation', true), '');
  post text := nullif(current_setting('app.post', true), '');
  request text := nullif(current_setting('app.request', true), '');
  lead bytea := '\x02'::bytea || platform.hash_mark() || platform.length_prefixed('gongzhi-journal'::text);
  origin bytea;
  acted bytea;
  closing bytea;
  heads record;
  known int := -1;
begin
  if exists (select from unnest(in_chains) c(chain) group by chain having count(*) > 1) then
    raise exception '留痕的链有重复' using errcode = 'GZ003';
  end if;
  select * into pending from platform.rows_pending();
  -- What platform.genesis hashes, but for the chain.
  select '\x02'::bytea || platform.hash_mark() || platform.length_prefixed('gongzhi-chain'::text) || platform.length_prefixed(s.deployment::text) into origin
    from platform.journal_setting s;
  closing := platform.length_prefixed(request) || platform.length_prefixed(pending.digest);
  loop
    begin
      -- Every writer takes heads in the order of their names, so that no two wait for each other; what is taken is given back when it was too few.
      select coalesce(array_agg(locked.chain), '{}') as chains, array_agg(locked.seq) as seqs, array_agg(locked.hash) as hashes, max(locked.at) as at into heads
        from (select chain, seq, hash, at from platform.journal_head where chain = any (in_chains) order by chain for update) locked;
      happened := greatest(clock_timestamp(), heads.at);
      acted := platform.length_prefixed(to_char(happened at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
        || platform.length_prefixed(in_act) || platform.length_prefixed(in_object)
        || platform.length_prefixed(person) || platform.length_prefixed(organisation) || platform.length_prefixed(post)
        || platform.length_prefixed(null::text);
      -- New heads and rows too go in by the names of their chains: two writers that open the same ones wait for each other in one order.
      with given as materialized (
        select g.chain, g.detail, platform.length_prefixed(g.chain) as named, coalesce(h.seq, 0) + 1 as seq, h.hash
        from unnest(in_chains, in_details) g(chain, detail) left join unnest(heads.chains, heads.seqs, heads.hashes) h(chain, seq, hash) on h.chain = g.chain
      ), encoded as materialized (
        select chain, seq, detail, coalesce(hash, platform.hash(origin || named)) as prev,
          lead || named || platform.length_prefixed(seq::text) || acted || platform.length_prefixed(detail) || closing as payload
        from given
      ), hashed as materialized (
        select e.*, platform.hash('\x00'::bytea || payload) as leaf from encoded e
      ), linked as materialized (
        select h.*, platform.hash('\x02'::bytea || prev || leaf) as link from hashed h
      ), opened as (
        insert into platform.journal_head (chain, seq, hash, at) select chain, seq, link, happened from linked where seq = 1 order by chain returning 1
      ), written as (
        -- After the new heads, as platform.record does it, and before the old ones are changed: who changed one waits for nobody.
        insert into platform.journal
        select chain, seq, happened, in_act, in_object, person::int, organisation::int, post::int, null, detail, request,
          payload, leaf, prev, link, pg_current_xact_id(), pending.digest, pending.upto
        from linked where (select count(*) from opened) >= 0 order by chain returning chain, seq, hash
      )
      update platform.journal_head h set seq = w.seq, hash = w.hash, at = happened from written w where h.chain = w.chain and w.seq > 1;
      return cardinality(in_chains);
    exception when unique_violation then
      -- Somebody else opened one of these chains since its head was looked for: now it has one to wait for. Each round holds more heads than the last.
      if cardinality(heads.chains) <= known then raise; end if;
      known := cardinality(heads.chains);
    end;
  end loop;
end $$;
