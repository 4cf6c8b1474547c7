-- What all events of one act have in common is encoded once for all of them: an import of a district is one event for each of its estates.
-- The bytes are those of platform.journal_payload; a test holds the two together.

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
  many bigint;
begin
  select * into pending from platform.rows_pending();
  -- What platform.genesis hashes, but for the chain.
  select '\x02'::bytea || platform.hash_mark() || platform.length_prefixed('gongzhi-chain'::text) || platform.length_prefixed(s.deployment::text) into origin
    from platform.journal_setting s;
  insert into platform.journal_head select chain, 0, platform.hash(origin || platform.length_prefixed(chain)) from unnest(in_chains) c(chain)
    where not exists (select from platform.journal_head h where h.chain = c.chain) order by chain on conflict do nothing;
  -- Every writer takes heads in the order of their names, so that no two wait for each other.
  select greatest(clock_timestamp(), max(locked.at)) into happened
    from (select at from platform.journal_head where chain = any (in_chains) order by chain for update) locked;
  acted := platform.length_prefixed(to_char(happened at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    || platform.length_prefixed(in_act) || platform.length_prefixed(in_object)
    || platform.length_prefixed(person) || platform.length_prefixed(organisation) || platform.length_prefixed(post)
    || platform.length_prefixed(null::text);
  closing := platform.length_prefixed(request) || platform.length_prefixed(pending.digest);
  with encoded as materialized (
    select h.chain, h.seq + 1 as seq, h.hash as prev, g.detail,
      lead || platform.length_prefixed(h.chain) || platform.length_prefixed((h.seq + 1)::text) || acted || platform.length_prefixed(g.detail) || closing as payload
    from unnest(in_chains, in_details) g(chain, detail) join platform.journal_head h on h.chain = g.chain
  ), hashed as materialized (
    select e.*, platform.hash('\x00'::bytea || e.payload) as leaf from encoded e
  ), written as (
    insert into platform.journal
    select chain, seq, happened, in_act, in_object, person::int, organisation::int, post::int, null, detail, request,
      payload, leaf, prev, platform.hash('\x02'::bytea || prev || leaf), pg_current_xact_id(), pending.digest, pending.upto
    from hashed returning chain, seq, hash
  )
  update platform.journal_head h set seq = w.seq, hash = w.hash, at = happened from written w where h.chain = w.chain;
  get diagnostics many = row_count;
  if many <> cardinality(in_chains) then
    raise exception '留痕的链有重复' using errcode = 'GZ003';
  end if;
  return many;
end $$;
