-- 企业、业委会、业主看报备清单：范围每个语句只算一次。
-- As bare calls the context was read and its list of estates parsed again for every filing looked at; as a scalar subselect it is worked out
-- once. Measured by bin/bench lists. The policies of duties and registers stay as they are: there the planner uses the bare call as a key of
-- an index, which a subselect would take from it.

alter policy mine on filings.filing
  using (organisation_id = (select platform.my_organisation()) or estate_id = any ((select platform.my_estates())::int[]));
alter policy about_me on filings.filing
  using (subject_kind in ('companies', 'committees', 'managementCommittees') and subject_id = (select platform.my_organisation()::text));
alter policy of_estate on filings.filing using (estate_id = any ((select platform.my_estates())::int[]));
