import type { Subject } from '../../law/conditions.ts';
import { type Fragment, sql } from '../../platform/database.ts';

/** Whether the subject under the alias `s` has this matter on file, done on or before the day. */
export function filedSql(subject: Subject, matter: string, day: Fragment): Fragment {
  return sql`exists (select from filings.filing filed left join filings.withdrawal undone on undone.filing_id = filed.id where undone.filing_id is null
    and filed.matter = ${matter} and filed.subject_kind = ${subject} and filed.subject_id = s.subject_id and filed.done_on <= ${day})`;
}
