import type { Subject } from '../../law/conditions.ts';
import { type Fragment, sql } from '../../platform/database.ts';

/** What is on file of these matters and has not been withdrawn. */
export function filedRows(matters: readonly string[]): Fragment {
  return sql`(select filing.matter, filing.subject_kind, filing.subject_id, filing.done_on
    from filings.filing left join filings.withdrawal on withdrawal.filing_id = filing.id
    where withdrawal.filing_id is null and filing.matter = any (${sql.val(matters)}::text[]))`;
}

/** Whether the subject under the alias `s` has this matter on file, done on or before the day; read from `rows`, which hold it among others. */
export function filedSql(
  subject: Subject,
  matter: string,
  day: Fragment,
  rows: Fragment = filedRows([matter]),
): Fragment {
  return sql`exists (select from ${rows} filed where filed.matter = ${matter} and filed.subject_kind = ${subject}
    and filed.subject_id = s.subject_id and filed.done_on <= ${day})`;
}
