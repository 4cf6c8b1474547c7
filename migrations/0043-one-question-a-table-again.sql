-- 谁看得见什么，一字不改；只改问法，如 0041：文件、群台账和各底册。

do $$
declare
  t text;
  bars text := '((select case current_setting(''app.admitted'', true) when ''yes'' then nullif(current_setting(''app.barred_%s'', true), '''')::%s[] end)::%2$s[])';
  kept_out text := format('(scope = any %s) is false', format(bars, 'scopes', 'text'));
  bodies text := format(bars, 'bodies', 'int');
  -- The bounds are read once and not for each row; and `is true` keeps the planner from taking two bounds it does not know for a range of a few rows.
  within text := '(scope >= (select current_setting(''app.lo'', true)) and (scope < (select current_setting(''app.hi'', true))) is true)';
begin
  foreach t in array array['documents.document', 'documents.sealed_copy', 'registers.chat_group']
  loop
    execute format('alter policy admitted on %s to gongzhi_resident, gongzhi_system, gongzhi_security, gongzhi_audit
      using ((select case current_setting(''app.admitted'', true) when ''yes'' then true end) is not null)', t);
    execute format('alter policy keep_out on %s using (%s)', t, kept_out);
  end loop;
  foreach t in array array['documents.document', 'documents.sealed_copy']
  loop
    execute format('alter policy keep_out_body on %s using ((to_id = any %s) is not true)', t, bodies);
  end loop;
  foreach t in array array['documents.withdrawal', 'documents.posting', 'registers.list_layout', 'registers.list_view', 'registers.export_job']
  loop
    execute format('alter policy admitted on %s using ((select case current_setting(''app.admitted'', true) when ''yes'' then true end) is not null)', t);
  end loop;
  foreach t in array array['filings.filing', 'filings.evidence', 'filings.withdrawal', 'registers.common_part', 'registers.camera', 'registers.building_head', 'registers.grid', 'registers.grid_worker',
    'registers.stationed_unit', 'registers.service_place', 'registers.management_area', 'registers.bundle', 'registers.renovation', 'registers.service_place_estate',
    'registers.management_area_estate', 'registers.bundle_estate', 'registers.renovation_estate']
  loop
    execute format('alter policy office on %s using (%s)', t, within);
  end loop;
  -- What is sealed is seen by both ends and by whoever supervises the place; what is public besides, by all bodies (0034). A copy says of itself what
  -- its document is, so that whoever sees the copy sees the document.
  execute format('alter policy sealed on documents.sealed_copy using (%s or to_id = (select platform.my_organisation())
    or organisation_id = (select platform.my_organisation())
    or is_public and (select platform.my_organisation() is not null or current_setting(''app.lo'', true) <> ''''))', within);
  alter policy sealed on documents.document using (id in (select c.document_id from documents.sealed_copy c));
  execute format('alter policy audited on platform.sealed_read using (organisation_id in (select o.id from registers.organisation o where %s))',
    replace(within, 'scope', 'o.scope'));
  foreach t in array array['security', 'system']
  loop
    execute format('alter policy %s on registers.post using (role <> ''owner'' and organisation_id in (select o.id from registers.organisation o where %s))',
      t, replace(within, 'scope', 'o.scope'));
  end loop;
end $$;
-- A key is only ever asked for by those who may write a reading (0015).
alter policy just_now on platform.sealed_read to gongzhi_office, gongzhi_body, gongzhi_resident;

-- How a document stands is looked up for the page that is shown, by its room.
drop view documents.document_standing;

-- What a few matters are asked for is looked up by them: own rules, a clause's standing.
create index duty_matter on oversight.duty (matter, scope);
