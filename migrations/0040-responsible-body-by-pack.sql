-- 企业归哪个单位负责：各地的政策包可以改全国的约定，改了的以最近的为准。
-- The condition on national packs stands first and costs nothing, so that a place asks for its own stack only where some pack sets the key.

create or replace function registers.responsible_body(place text) returns int
  language sql stable parallel safe
  as $$
    with recursive stacked (id, under, far) as (
      select p.id, p.under, 0 from registers.area_pack b join registers.pack p on p.id = b.pack_id
        where b.area_code = any (registers.places_above(place)) and b.from_on <= platform.today() and coalesce(b.to_on, 'infinity') > platform.today()
      union
      select p.id, p.under, s.far + 1 from stacked s join registers.pack p on p.id = s.under
    )
    select b.id
    from (
      select d.v from registers.requirement r join registers.pack p on p.id = r.pack_id
      cross join lateral (select v from jsonb_array_elements(r.definition->'values') v
        where v->>'from' <= platform.today()::text and coalesce(v->>'to', '9') >= platform.today()::text order by v->>'from' desc limit 1) d (v)
      where r.key = 'companies.responsibleBodies' and r.retired_at is null and (p.under is null or p.id in (select s.id from stacked s))
        and p.status = 'in-force' and p.from_on <= platform.today() and coalesce(p.to_on, 'infinity') >= platform.today()
      order by array_position(array['covenant', 'district', 'city', 'province', 'national'], p.level), (select min(s.far) from stacked s where s.id = p.id) limit 1
    ) spoken (v)
    cross join lateral jsonb_array_elements_text(spoken.v->'is'->'codes') with ordinality k (kind, n)
    cross join lateral (select registers.nearest_body(k.kind, place)) b (id)
    where b.id is not null order by k.n limit 1
  $$;
