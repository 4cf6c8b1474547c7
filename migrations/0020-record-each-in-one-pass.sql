-- An import of a district opens as many chains as it has estates. What was slow there: to normalise every text, though what a machine writes is
-- ASCII and in normal form already; and to write each new head twice. No byte that is hashed changes.

-- Text of as many bytes as characters is ASCII. A null is neither, and goes the other way.
create or replace function platform.length_prefixed(field text) returns bytea
  language sql stable parallel safe
  as $$ select case when octet_length(field) = length(field) then int4send(octet_length(field)) || convert_to(field, 'UTF8')
    else substr(record_send(row(convert_to(normalize(field, nfc), 'UTF8'))), 9) end $$;

-- Of relation, key and digest only the digest may be null.
create or replace function platform.rows_pending() returns table (digest bytea, upto bigint)
  language sql stable
  as $$ select platform.hash('\x03'::bytea || string_agg(
      int4send(octet_length(relation)) || convert_to(relation, 'UTF8') || int4send(octet_length(key)) || convert_to(key, 'UTF8') || platform.length_prefixed(digest),
      ''::bytea order by id)), max(id)
    from platform.covered_row
    where transaction = pg_current_xact_id()
      and id > coalesce((select max(rows_to) from platform.journal where transaction = pg_current_xact_id()), 0) $$;

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
  known bigint;
  met bigint;
  again boolean := false;
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
    -- Every writer takes heads in the order of their names, so that no two wait for each other.
    select greatest(clock_timestamp(), max(locked.at)), count(*) into happened, known
      from (select at from platform.journal_head where chain = any (in_chains) order by chain for update) locked;
    acted := platform.length_prefixed(to_char(happened at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
      || platform.length_prefixed(in_act) || platform.length_prefixed(in_object)
      || platform.length_prefixed(person) || platform.length_prefixed(organisation) || platform.length_prefixed(post)
      || platform.length_prefixed(null::text);
    begin
      -- The rows too go in by the names of their chains: two writers that open the same ones wait for each other in one order.
      with given as materialized (
        select g.chain, g.detail, platform.length_prefixed(g.chain) as named, coalesce(h.seq, 0) + 1 as seq, h.hash
        from unnest(in_chains, in_details) g(chain, detail) left join platform.journal_head h on h.chain = g.chain
      ), encoded as materialized (
        select chain, seq, detail, coalesce(hash, platform.hash(origin || named)) as prev,
          lead || named || platform.length_prefixed(seq::text) || acted || platform.length_prefixed(detail) || closing as payload
        from given
      ), hashed as materialized (
        select e.*, platform.hash('\x00'::bytea || payload) as leaf from encoded e
      ), written as (
        insert into platform.journal
        select chain, seq, happened, in_act, in_object, person::int, organisation::int, post::int, null, detail, request,
          payload, leaf, prev, platform.hash('\x02'::bytea || prev || leaf), pg_current_xact_id(), pending.digest, pending.upto
        from hashed order by chain returning chain, seq, hash
      ), opened as (
        insert into platform.journal_head (chain, seq, hash, at)
        select chain, seq, hash, happened from written w where not exists (select from platform.journal_head h where h.chain = w.chain) order by chain
      )
      update platform.journal_head h set seq = w.seq, hash = w.hash, at = happened from written w where h.chain = w.chain;
      get diagnostics met = row_count;
      if met = known then return cardinality(in_chains); end if;
      raise unique_violation;
    exception when unique_violation then
      -- Somebody else opened one of these chains since its head was looked for: now it has one to wait for.
      if again then raise; end if;
      again := true;
    end;
  end loop;
end $$;
