/** Read-only views of corrections. Who sees which is the database's policy; `side` only says which of those are asked for. */

import { formatArea } from '../../kernel/area.ts';
import type { OutputOf } from '../../kernel/contract.ts';
import { judge } from '../../law/procedure.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import type { Acting, Person } from '../../platform/http.ts';
import { estateKinds, unitKinds } from '../estates/index.ts';
import { type About, type Correction, type CorrectionState, correctable, type showCorrection } from './contract.ts';
import { type CorrectionAct, correctionProcedure } from './procedure.ts';
import { labelOf, nameOfAttachment, rowOf } from './rules.ts';
import {
  type CorrectionRow,
  findAttachments,
  findNext,
  findSubject,
  type Subject,
  selectCorrections,
} from './store.ts';

export interface CorrectionFilter {
  side: 'mine' | 'received';
  state?: CorrectionState | 'owed' | undefined;
}

export async function findCorrections(
  tx: Transaction,
  { side, state }: CorrectionFilter,
  page: { offset: number; limit: number },
): Promise<{ rows: Correction[]; total: number }> {
  // What is in sight and not one's own is there to be answered.
  const whose = sql`c.person_id is ${side === 'mine' ? sql`not ` : sql``}distinct from (select platform.my_person())`;
  const stateIs =
    state === undefined ? sql`true` : state === 'owed' ? sql`k.state in ('open', 'accepted')` : sql`k.state = ${state}`;
  const { rows, total } = await selectCorrections(tx, whose, stateIs, page);
  return { rows: rows.map(spoken), total };
}

export async function findCorrection(tx: Transaction, id: number): Promise<CorrectionRow | undefined> {
  const { rows } = await selectCorrections(tx, sql`c.id = ${id}::int`, sql`true`, { offset: 0, limit: 1 });
  return rows[0];
}

function spoken({ personId: _, ...row }: CorrectionRow): Correction {
  return {
    ...row,
    fieldLabel: labelOf(row.about, row.field) ?? row.field,
    said: shown(row.about, row.field, row.said),
    says: shown(row.about, row.field, row.says),
  };
}

/** What a register holds, as a screen says it. */
export function shown(about: About, field: string, held: string | null): string | null {
  if (held === null) return null;
  if (field === 'floorArea' || field === 'area') return formatArea(BigInt(held));
  if (field !== 'kind') return held;
  const kinds: Readonly<Record<string, string>> = about === 'estate' ? estateKinds : unitKinds;
  return kinds[held] ?? held;
}

export const subjectOf = (name: string): [About, number] => {
  const [about, id] = name.split(':') as [About, string];
  return [about, Number(id)];
};

export function fieldsOf({ about, held }: Subject) {
  return Object.entries(correctable[about].fields).map(([field, { label }]) => ({
    field,
    label,
    says: shown(about, field, held[field] ?? null),
  }));
}

/** What may be done with it, by whom: the table of the procedure, and for an objection that there is none yet. */
export function judgeAct(of: CorrectionRow, person: Acting, act: CorrectionAct) {
  const { post, personId } = person;
  const role =
    personId === of.personId
      ? 'asker'
      : post.organisationId !== null && post.organisationId === of.keeperId
        ? 'keeper'
        : 'other';
  return judge(correctionProcedure, act, { state: of.state, role, noun: null, on: person.actor.today as never });
}

const laterActs = ['attach', 'accept', 'decline', 'withdraw', 'object'] as const;

/** The page of one: what may be done, and the row that would change the register, for whoever keeps it. */
export async function readCorrection(
  tx: Transaction,
  id: number,
  person: Person,
): Promise<OutputOf<typeof showCorrection> | undefined> {
  const of = await findCorrection(tx, id);
  if (!of) return undefined;
  const nextId = await findNext(tx, id);
  const subject = await findSubject(tx, of.about, of.subjectId);
  const keeps = person.post.organisationId === of.keeperId && person.actor.standing === 'office';
  const attached = await findAttachments(tx, id);
  return {
    ...spoken(of),
    nextId,
    mayWrite: keeps && ['accepted', 'corrected', 'declined'].includes(of.state),
    attachments: attached.map((one, at) => ({
      id: one.id,
      name: nameOfAttachment(one.media, at + 1),
      addedOn: one.addedOn,
    })),
    acts: laterActs
      .filter((act) => judgeAct(of, person, act).allowed && !(act === 'object' && nextId !== null))
      .map((act) => ({ act, label: correctionProcedure.steps[act].label })),
    row:
      keeps && subject && (of.state === 'open' || of.state === 'accepted')
        ? rowOf(of.about, of.field, subject.names, of.shouldBe)
        : null,
  };
}
