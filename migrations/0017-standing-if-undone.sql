-- What a duty's standing would be had nobody done or waived it, as a column of its own: it follows from the duty alone, so that a list of what
-- is owed leaves out everything else before it looks anything up. The day is asked for once, not for every row.

create or replace view oversight.duty_standing with (security_invoker = true) as
  select d.id, d.requirement_id, d.matter, d.effect, d.subject_kind, d.subject_id, d.subject_label, d.scope, d.estate_id, d.bearer_kind, d.bearer_id,
    d.period, d.period_from, d.period_to, d.warn_on, d.due_on, d.provisional, d.enrolled_on,
    f.done_on as met_on, f.filing_id, f.evidence_due, w.reason as waived_reason,
    coalesce(a.trial_until >= (select platform.today()), false) as in_trial,
    case when w.id is not null then 'waived' when f.done_on is not null then 'met' else d.if_undone end as standing,
    d.if_undone
  from (
    select duty.*,
      case
        when due_on < enrolled_on then 'not-enrolled'
        when due_on < (select platform.today()) then case when effect in ('trial', 'informs') then 'lapsed' else 'overdue' end
        when warn_on <= (select platform.today()) then 'due-soon'
        else 'not-due'
      end as if_undone
    from oversight.duty
  ) d
  left join filings.fact_filed f on f.matter = d.matter and f.subject_kind = d.subject_kind and f.subject_id = d.subject_id and f.period = d.period
  left join oversight.waiver w on w.requirement_id = d.requirement_id and w.subject_kind = d.subject_kind and w.subject_id = d.subject_id and w.period = d.period
  left join registers.area a on a.code = left(d.scope, 9) || '000' and a.level = 'subdistrict';
comment on column oversight.duty_standing.if_undone is '若无人办理也未免除，此刻的状态；只由义务本身推出';

create index duty_due on oversight.duty (due_on);
