/** The official letter of a directive (督办函): the same demand, clause and day, on paper. */
import { dayInWords, type LocalDate } from '../../kernel/local-date.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { forbidden, notFound, type Person, type Refused, refuse, type System } from '../../platform/http.ts';
import { draftDocument } from '../../procedures/documents/index.ts';
import { findDirective } from './queries.ts';
import { type DirectiveRow, findClause } from './store.ts';

export function letterOf(
  of: Pick<DirectiveRow, 'title' | 'demand' | 'clauseId' | 'subjectLabel' | 'period' | 'issuedOn' | 'due'>,
  clauseDemand: string | null,
) {
  const about = of.subjectLabel === null ? '' : `（${of.subjectLabel}，${of.period}）`;
  return {
    title: `关于督办“${of.title}”的函`,
    passages: [
      { text: `${dayInWords(of.issuedOn)}，我单位已就下列事项向你单位发出督办。现将有关要求函告如下。` },
      { text: '一、督办事项', as: 'heading' as const },
      { text: `${of.demand}${about}` },
      { text: '二、依据', as: 'heading' as const },
      { text: `${of.clauseId}${clauseDemand === null ? '' : `：${clauseDemand}`}` },
      { text: '三、期限', as: 'heading' as const },
      { text: `请于${dayInWords(of.due)}前办成并答复。确有困难的，请在期限之前申请延期并说明理由。` },
    ],
  };
}

/** Drafts the letter of a directive that stands; by the office that issued it. */
export async function draftLetterOf(
  tx: Transaction,
  person: Person,
  id: number,
  today: LocalDate,
  system: Pick<System, 'files' | 'publicUrl' | 'demo'>,
): Promise<{ id: number } | Refused> {
  const of = await findDirective(tx, id);
  if (!of) return notFound('没有这件督办，或不在您的范围之内。');
  if (of.fromId !== person.post.organisationId) return forbidden('督办函由发出督办的单位起草。');
  if (of.state === 'withdrawn' || of.state === 'closed')
    return refuse({ reason: '这件督办已经办结或撤回，不再发函。' });
  const clauseDemand = (await findClause(tx, of.clauseId))?.demand ?? null;
  const { rows } = await sql<{ scope: string }>`select scope from oversight.directive where id = ${id}::int`.execute(
    tx,
  );
  return draftDocument(
    tx,
    person,
    {
      ...letterOf(of, clauseDemand),
      kind: 'directive-letter',
      toId: of.toId,
      place: { scope: rows[0]!.scope },
      isPublic: false,
      about: `directive:${id}`,
    },
    today,
    system,
  );
}
