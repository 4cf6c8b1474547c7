-- 谁看得见什么，一字不改；只改问法，如 0043：督办的每一步再问一遍督办，界限只读一次、自己是哪一端只问一次，省下的是两份；
-- 看留痕的，单位只数一遍；人员、楼栋在业主名单里每户问一次，界限只读一次。
-- For people and buildings not as a range: each bound alone is guessed to keep two thirds, and a place asked for as well changes nothing of that.
-- Not for units and ownerships: under bounds it does not know the planner guesses so few of them, fewest where a place is asked for as well,
-- that it joins them one by one with what has to be worked out anew each time.
do $$
declare
  within text := '(scope >= (select current_setting(''app.lo'', true)) and (scope < (select current_setting(''app.hi'', true))) is true)';
  chains text := 'select c.kind || o.id from registers.organisation o cross join (values (''organisation:''), (''reads:organisation:'')) c (kind) where '
    || replace(within, 'scope', 'o.scope');
  inside text := '((scope < (select current_setting(''app.lo'', true))) is false and (scope >= (select current_setting(''app.hi'', true))) is false)';
begin
  execute format('alter policy office on registers.person using (%s or exists (select from registers.ownership o where o.person_id = person.id))', inside);
  execute format('alter policy office on registers.building using (%s)', inside);
  execute format('alter policy office on oversight.directive using (%s or (select platform.my_organisation()) in (from_id, to_id))', within);
  execute format('alter policy security_events on platform.journal using ((act like ''people.%%'' or act like ''offices.%%'' or act like ''accounts.%%''
    or act like ''sealed.%%'' or act like ''deployment.%%'' or act like ''security.%%'') and chain in (%s))', chains);
  execute format('alter policy audited on platform.journal using (chain in (%s union all select ''estate:'' || e.id from registers.estate e where %s))',
    chains, replace(within, 'scope', 'e.scope'));
end $$;
