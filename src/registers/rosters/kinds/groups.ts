/** 群台账: which chat groups the estates have, and which body looks after each; no members, no telephones. */
import { sql } from '../../../platform/database.ts';
import type { Field } from '../../../platform/spreadsheets/index.ts';
import { addGroups, findKeepers, groupKinds, type Keeper, type NewGroup, refusalsOfGroup } from '../../groups/index.ts';
import { assignments, choicesOf, column, fieldsOf } from '../columns.ts';
import type { RosterKind, Sender } from '../kind.ts';
import type { Json, RowProblem } from '../rosters.ts';
import { bare, liesWithin, suggestion, veil } from '../rules.ts';
import { communityField, openEstates, placeOf, streetField } from './places.ts';

const columns = [column('kind', 'kind', 'text'), column('keeperId', 'organisation_id', 'int')];

const fields: readonly Field[] = [
  {
    key: 'estate',
    label: '小区名称',
    kind: 'text',
    required: true,
    maxLength: 60,
    synonyms: ['小区', '住宅小区', '所在小区', '所属小区'],
    example: '春江花园',
  },
  { ...streetField, hint: '辖区内有同名小区时填写' },
  { ...communityField, hint: '辖区内有同名小区时填写' },
  {
    key: 'name',
    label: '群的名称',
    kind: 'text',
    required: true,
    maxLength: 60,
    synonyms: ['群名称', '群名', '微信群名称', '微信群', '群聊名称'],
    hint: '不写电话、证件号码',
    example: '春江花园业主群',
  },
  {
    key: 'kind',
    label: '群的类别',
    kind: 'choice',
    required: true,
    synonyms: ['类别', '群类别', '类型', '群类型'],
    choices: choicesOf(groupKinds, {
      owners: ['业主', '小区群', '居民群'],
      building: ['楼栋', '楼道群', '单元群'],
      service: ['物业群', '服务群'],
      other: ['其他', '其它', '其它群'],
    }),
    example: '业主群',
  },
  {
    key: 'keeper',
    label: '负责单位',
    kind: 'text',
    maxLength: 100,
    synonyms: ['管理单位', '责任单位', '群主单位', '负责的单位'],
    hint: '登记的名称或简称；新的群不填为本单位',
  },
];

export const groups: RosterKind = {
  code: 'groups',
  label: '群台账',
  version: 1,
  fields,
  keys: [column('estateId', 'estate_id', 'int'), column('name', 'name', 'text')],
  missing: (mapped) => fields.filter((one) => one.required && !mapped.has(one.key)).map((one) => one.label),

  async open({ tx, sender, today }) {
    const findEstate = await openEstates(tx);
    // Whoever looks after it when nobody is named is the sender, who stands above every estate in sight.
    const mine = { name: '', dissolved: false, concerned: true };
    const findKeeper = keeperFinder(await findKeepers(tx, today), sender);
    return {
      read(values, row) {
        const { estate, name, kind, keeper } = values;
        const problems: RowProblem[] = [];
        const after: Record<string, Json> = {};
        for (const [key, value] of Object.entries({ estate, name, kind, keeper }))
          if (value === null) problems.push({ key, problem: '不能清空' });
        const result = typeof estate === 'string' ? findEstate(estate, placeOf(values)) : undefined;
        if (result && 'problems' in result) problems.push(...result.problems);
        if (typeof kind === 'string') after.kind = kind;
        if (result && 'found' in result) {
          after.estateId = result.found.id;
          const found = typeof keeper === 'string' ? findKeeper(keeper, result.found) : undefined;
          if (found && 'problem' in found) problems.push({ key: 'keeper', problem: found.problem });
          else if (found) Object.assign(after, { keeperId: found.id, keeper: found.name });
          const judged = found && 'id' in found ? found : mine;
          const refusals = refusalsOfGroup({
            name: String(name ?? ''),
            estateKnown: true,
            keeper: judged,
            known: false,
          });
          for (const { field, reason } of refusals)
            problems.push({ key: field === 'organisation' ? 'keeper' : (field ?? 'name'), problem: reason });
        }
        // A name with somebody's number in it is refused, and kept nowhere.
        if (typeof name === 'string' && !problems.some((one) => one.key === 'name')) after.name = name;
        return {
          label: veil(`${estate ?? '—'} ${name ?? `第 ${row} 行`}`),
          identity: `${after.estateId ?? String(estate)}/${String(name)}`,
          after,
          problems,
        };
      },
    };
  },

  current: (rows) => sql`
    select r.*, null as problem_key, null as problem,
      case when g.id is not null then jsonb_build_object('estateId', g.estate_id, 'name', g.name, 'keeper', o.name, ${fieldsOf(columns, 'g')}) end as current
    from (${rows}) r
    left join registers.chat_group g on g.estate_id = r.estate_id and g.name = r.name and g.closed_on is null
    left join registers.organisation o on o.id = g.organisation_id`,

  async write({ tx, rows, batch, sender, today }) {
    const { rows: fresh } = await sql<Omit<NewGroup, 'addedOn' | 'batchId'>>`
      select r.estate_id as "estateId", e.scope, r.name, r.after->>'kind' as kind,
        coalesce((r.after->>'keeperId')::int, ${sender.organisationId}::int) as "organisationId"
      from (${rows}) r join registers.estate e on e.id = r.estate_id where r.verdict = 'new' order by r.row_number`.execute(
      tx,
    );
    await addGroups(
      tx,
      fresh.map((one) => ({ ...one, addedOn: today, batchId: batch.id })),
    );
    await sql`
      update registers.chat_group t set ${assignments(columns, 't', 'r.after')} from (${rows}) r
      where r.verdict = 'changed' and t.estate_id = r.estate_id and t.name = r.name and t.closed_on is null`.execute(
      tx,
    );
  },

  async restore({ tx, rows }) {
    await sql`
      update registers.chat_group t set ${assignments(columns, 't', 'r.before')} from (${rows}) r
      where t.estate_id = r.estate_id and t.name = r.name and t.closed_on is null`.execute(tx);
  },

  estates: (rows) => rows,
};

/** Bodies by their name or short name; of several of one name those that have to do with the estate. */
function keeperFinder(all: readonly Keeper[], sender: Sender) {
  const byName = new Map<string, Keeper[]>();
  for (const one of all)
    for (const name of new Set([one.name, one.shortName ?? one.name].map(bare)))
      byName.set(name, [...(byName.get(name) ?? []), one]);
  const isConcerned = (one: Keeper, estate: { id: number; scope: string }) =>
    one.id === sender.organisationId ||
    one.estates.includes(estate.id) ||
    one.scope === estate.scope ||
    (one.areaCode !== null && liesWithin(estate.scope, one.areaCode));
  return (name: string, estate: { id: number; scope: string }) => {
    const alike = (byName.get(bare(name)) ?? []).map((one) => ({ ...one, concerned: isConcerned(one, estate) }));
    const near = alike.filter((one) => one.concerned && !one.dissolved);
    if (near.length > 1)
      return { problem: `有 ${near.length} 个管这个小区的单位叫“${name}”，请写全称，或在页面上登记` };
    const found = near[0] ?? alike[0];
    const names = all.filter((one) => isConcerned(one, estate)).map((one) => one.name);
    return found ?? { problem: `没有登记单位“${name}”${suggestion(name, names, bare)}` };
  };
}
