import type { ComparisonName, Condition, Limit, Subject } from '../../law/conditions.ts';
import { type Fragment, sql } from '../../platform/database.ts';
import { columnOf } from './subjects.ts';

/** What a floor above answers for `{ filed: <matter> }`: whether the subject `s` has done it. */
export type FiledSql = (matter: string) => Fragment;

/**
 * A condition as SQL over the alias `s` of the subject's fact function: true, false, or null where a fact is unknown (待补).
 * `holds` in law/conditions is its reference meaning; a test holds the two together.
 */
export function conditionSql(subject: Subject, condition: Condition, filed: FiledSql): Fragment {
  const column = (attribute: string) => sql.raw(`s.${columnOf(subject, attribute)}`);
  switch (condition.kind) {
    case 'boolean':
      return sql`${column(condition.attribute)} = ${condition.is}::boolean`;
    case 'number':
      return limitSql(column(condition.attribute), sql`1`, condition.limit);
    case 'date':
      return sql`${column(condition.attribute)} ${sql.raw(condition.comparison === 'since' ? '>=' : '<')} ${condition.on}::date`;
    case 'share':
      // Nothing out of nothing is no share: unknown, as in law/conditions.
      return limitSql(column(condition.of), sql`nullif(${column(condition.in)}, 0)`, condition.limit);
    case 'odd':
      return sql`${column(condition.attribute)} % 2 = 1`;
    case 'filed':
      return filed(condition.matter);
    case 'any':
    case 'all':
      return sql`(${sql.join(
        condition.conditions.map((one) => conditionSql(subject, one, filed)),
        sql.raw(condition.kind === 'any' ? ' or ' : ' and '),
      )})`;
  }
}

const operators: Record<ComparisonName, string> = { atLeast: '>=', moreThan: '>', below: '<', atMost: '<=' };

/** part / total against a / b by cross-multiplication: nothing is rounded. */
function limitSql(part: Fragment, total: Fragment, { comparison, a, b }: Limit): Fragment {
  return sql`${part}::bigint * ${b}::bigint ${sql.raw(operators[comparison])} ${total}::bigint * ${a}::bigint`;
}
