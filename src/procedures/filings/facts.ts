import type { Subject } from '../../law/conditions.ts';
import { type Fragment, sql } from '../../platform/database.ts';

/** What is on file of these matters and has not been withdrawn. */
export function filedRows(matters: readonly string[]): Fragment {
  return sql`(select filing.matter, filing.subject_kind, filing.subject_id, filing.done_on
    from filings.filing left join filings.withdrawal on withdrawal.filing_id = filing.id
    where withdrawal.filing_id is null and filing.matter = any (${sql.val(matters)}::text[]))`;
}

/** Whether the subject under the alias `s` has this matter on file, done on or before the day; `rows`, where given, are read instead of the table. */
export function filedSql(subject: Subject, matter: string, day: Fragment, rows?: Fragment): Fragment {
  const standing = rows
    ? sql`${rows} filed where true`
    : sql`filings.filing filed left join filings.withdrawal undone on undone.filing_id = filed.id where undone.filing_id is null`;
  return sql`exists (select from ${standing} and filed.matter = ${matter} and filed.subject_kind = ${subject}
    and filed.subject_id = s.subject_id and filed.done_on <= ${day})`;
}
