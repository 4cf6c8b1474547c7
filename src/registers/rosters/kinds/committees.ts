/** 业主组织名册: owners' and management committees of estates, their terms and numbers, and who sits on them. */
import { sql } from '../../../platform/database.ts';
import type { Field } from '../../../platform/spreadsheets/index.ts';
import {
  addCommitteeMembers,
  addCommittees,
  committeeKinds,
  memberTitles,
  type NewCommittee,
  type NewCommitteeMember,
} from '../../estates/index.ts';
import { assignments, choicesOf, column, fieldsOf } from '../columns.ts';
import type { RosterKind } from '../kind.ts';
import type { Json, RowProblem } from '../rosters.ts';
import { namesIn, refusalsOfCommittee } from '../rules.ts';
import { communityField, openEstates, placeOf, streetField } from './places.ts';

const columns = [
  column('termFrom', 'term_from', 'date'),
  column('termTo', 'term_to', 'date'),
  column('members', 'member_count', 'int'),
  column('partyMembers', 'party_member_count', 'int'),
  column('ownerMembers', 'owner_member_count', 'int'),
  column('partyUnit', 'party_unit', 'boolean'),
];

const fields: readonly Field[] = [
  {
    key: 'estate',
    label: '小区名称',
    kind: 'text',
    required: true,
    maxLength: 60,
    synonyms: ['小区', '住宅小区', '物业管理区域', '项目名称'],
    example: '春江花园',
  },
  { ...streetField, hint: '辖区内有同名小区时填写' },
  { ...communityField, hint: '辖区内有同名小区时填写' },
  {
    key: 'kind',
    label: '组织类型',
    kind: 'choice',
    synonyms: ['类型', '业主组织类型', '组织形式'],
    choices: choicesOf(committeeKinds, {
      owners: ['业委会'],
      management: ['物管会', '临时物业管理委员会', '临时物管会'],
    }),
    hint: '不填为业主委员会',
  },
  {
    key: 'name',
    label: '组织名称',
    kind: 'text',
    maxLength: 80,
    synonyms: ['业委会名称', '业主委员会名称', '名称'],
    hint: '不填按小区名称',
  },
  {
    key: 'termFrom',
    label: '任期起',
    kind: 'date',
    synonyms: ['任期开始', '成立时间', '本届成立时间', '任期开始日期', '届期起', '备案日期'],
  },
  {
    key: 'termTo',
    label: '任期止',
    kind: 'date',
    synonyms: ['任期结束', '届满时间', '任期结束日期', '届期止', '到期时间'],
  },
  { key: 'members', label: '委员人数', kind: 'integer', synonyms: ['成员人数', '委员数', '业委会人数', '人数'] },
  {
    key: 'partyMembers',
    label: '党员委员人数',
    kind: 'integer',
    synonyms: ['党员人数', '委员中党员人数', '党员数', '党员委员数'],
  },
  {
    key: 'ownerMembers',
    label: '业主委员人数',
    kind: 'integer',
    synonyms: ['业主代表人数', '业主委员数'],
    hint: '物业管理委员会填写',
  },
  {
    key: 'partyUnit',
    label: '是否有党小组',
    kind: 'yesNo',
    synonyms: ['是否建立党小组', '有无党小组', '是否成立党支部', '党的组织'],
  },
  {
    key: 'roll',
    label: '成员名单',
    kind: 'text',
    maxLength: 300,
    synonyms: ['委员名单', '成员姓名', '委员姓名', '业委会成员'],
    hint: '顿号隔开，职务写在括号里，如 何文静（主任）、邓小舟',
  },
];

export const committees: RosterKind = {
  code: 'committees',
  label: '业主组织名册',
  version: 1,
  fields,
  keys: [column('estateId', 'estate_id', 'int'), column('kind', 'kind', 'text')],
  missing: (mapped) => (mapped.has('estate') ? [] : ['小区名称']),

  async open({ tx }) {
    const findEstate = await openEstates(tx);
    return {
      read(values, row) {
        const { estate, street: _, community: __, kind, name, roll, ...rest } = values;
        const problems: RowProblem[] = [];
        const after: Record<string, Json> = { kind: typeof kind === 'string' ? kind : 'owners' };
        if (typeof estate === 'string') {
          const result = findEstate(estate, placeOf(values));
          if ('problems' in result) problems.push(...result.problems);
          else after.estateId = result.found.id;
        }
        for (const [key, value] of Object.entries(rest)) after[key] = value as Json;
        if (typeof name === 'string') after.name = name;
        if (name === null) problems.push({ key: 'name', problem: '组织名称不能清空' });
        if (roll === null) after.roll = null;
        if (typeof roll === 'string') {
          const read = rollOf(roll);
          if ('problem' in read) problems.push({ key: 'roll', problem: read.problem });
          else after.roll = read.text;
        }
        problems.push(...refusalsOfCommittee(rest));
        return {
          label: String(estate ?? `第 ${row} 行`),
          identity: `${after.estateId ?? String(estate)}/${after.kind}`,
          after,
          problems,
        };
      },
    };
  },

  current: (rows) => sql`
    select r.*,
      case when c.organisation_id is not null then jsonb_build_object('estateId', c.estate_id, 'kind', c.kind, 'name', c.name, ${fieldsOf(columns, 'c')}, 'roll', m.roll) end as current,
      case when ${clash} then 'members' end as problem_key,
      case when ${clash} then '与系统中已登记的任期或人数合起来自相矛盾（党员、业主委员多于委员，或任期止早于任期起）' end as problem
    from (${rows}) r
    left join (${standing}) c on c.estate_id = r.estate_id and c.kind = r.kind
    left join (${rolls}) m on m.committee_id = c.organisation_id`,

  async write({ tx, rows, batch, today }) {
    const { rows: fresh } = await sql<NewCommittee>`
      select r.estate_id as "estateId", r.kind, r.after->>'name' as name, r.after->>'termFrom' as "termFrom", r.after->>'termTo' as "termTo",
        (r.after->>'members')::int as "memberCount", (r.after->>'partyMembers')::int as "partyMemberCount", (r.after->>'ownerMembers')::int as "ownerMemberCount",
        (r.after->>'partyUnit')::boolean as "partyUnit"
      from (${rows}) r where r.verdict = 'new' order by r.row_number`.execute(tx);
    if (fresh.length > 0)
      await addCommittees(
        tx,
        fresh.map((one) => ({ ...one, enrolledOn: today, batchId: batch.id })),
      );
    // An estate with a committee has been surveyed; the fact that it has the other kind, or none, stays what it was.
    await sql`
      update registers.committee t set ${assignments(columns, 't', 'r.after')}
      from (${rows}) r join (${standing}) c on c.estate_id = r.estate_id and c.kind = r.kind
      where r.verdict = 'changed' and t.organisation_id = c.organisation_id`.execute(tx);
    await sql`
      update registers.organisation o set name = r.after->>'name'
      from (${rows}) r join (${standing}) c on c.estate_id = r.estate_id and c.kind = r.kind
      where r.verdict = 'changed' and r.before ? 'name' and o.id = c.organisation_id`.execute(tx);
    const due = sql`
      from (${rows}) r join (${standing}) c on c.estate_id = r.estate_id and c.kind = r.kind
      where r.after ? 'roll' and (r.verdict = 'new' or r.before ? 'roll')`;
    await sql`
      with ended as (
        update registers.committee_member m set to_on = ${today}::date
        where coalesce(m.to_on, 'infinity') > ${today}::date and m.committee_id in (select c.organisation_id ${due}) returning m.id
      )
      insert into registers.import_end (batch_id, relation, row_id) select ${batch.id}::int, 'committee_member', id from ended`.execute(
      tx,
    );
    const { rows: rollRows } = await sql<{ committeeId: number; roll: string | null; fromOn: string | null }>`
      select c.organisation_id as "committeeId", r.after->>'roll' as roll, c.term_from as "fromOn" ${due} order by r.row_number`.execute(
      tx,
    );
    const members = rollRows.flatMap(({ committeeId, roll, fromOn }): NewCommitteeMember[] => {
      const read = roll === null ? undefined : rollOf(roll);
      return read && 'members' in read
        ? read.members.map((one) => ({ ...one, committeeId, fromOn, batchId: batch.id }))
        : [];
    });
    if (members.length > 0) await addCommitteeMembers(tx, members);
  },

  async restore({ tx, rows }) {
    await sql`
      update registers.committee t set ${assignments(columns, 't', 'r.before')}
      from (${rows}) r join (${standing}) c on c.estate_id = r.estate_id and c.kind = r.kind
      where t.organisation_id = c.organisation_id`.execute(tx);
    await sql`
      update registers.organisation o set name = r.before->>'name'
      from (${rows}) r join (${standing}) c on c.estate_id = r.estate_id and c.kind = r.kind
      where r.before ? 'name' and o.id = c.organisation_id`.execute(tx);
  },

  estates: (rows) => rows,
};

const standing = sql`
  select distinct on (c.estate_id, c.kind) c.*, o.name from registers.committee c join registers.organisation o on o.id = c.organisation_id
  where o.dissolved_on is null order by c.estate_id, c.kind, c.organisation_id desc`;

const rolls = sql`
  select committee_id, string_agg(name || case title when 'director' then '（主任）' when 'deputy-director' then '（副主任）' when 'alternate' then '（候补委员）' else '' end, '、' order by id) as roll
  from registers.committee_member where coalesce(to_on, 'infinity') > platform.today() group by committee_id`;

const clash = sql.raw(
  [
    `${either('partyMembers', 'party_member_count', 'int')} > ${either('members', 'member_count', 'int')}`,
    `${either('ownerMembers', 'owner_member_count', 'int')} > ${either('members', 'member_count', 'int')}`,
    `${either('termFrom', 'term_from', 'date')} >= ${either('termTo', 'term_to', 'date')}`,
  ].join(' or '),
);

function either(key: string, name: string, type: string): string {
  return `(case when r.after ? '${key}' then (r.after->>'${key}')::${type} else c.${name} end)`;
}

/** 何文静（主任）、邓小舟: names with their titles, and the same text in one form. */
function rollOf(
  text: string,
): { text: string; members: Pick<NewCommitteeMember, 'name' | 'title'>[] } | { problem: string } {
  const members: Pick<NewCommitteeMember, 'name' | 'title'>[] = [];
  for (const part of namesIn(text)) {
    const match = /^([^（()）]+)(?:[（(]([^（()）]+)[)）])?$/.exec(part);
    const title = match?.[2] === undefined ? 'member' : titleCodes.get(match[2].trim());
    if (!match || title === undefined) return { problem: `“${part}”认不出，请写成 姓名（主任）、姓名 的形式` };
    members.push({ name: match[1]!.trim(), title });
  }
  const label = {
    director: '（主任）',
    'deputy-director': '（副主任）',
    member: '',
    alternate: '（候补委员）',
  } as const;
  return { text: members.map((one) => one.name + label[one.title]).join('、'), members };
}

const titleCodes = new Map(
  Object.entries(memberTitles).map(([code, label]) => [label as string, code as NewCommitteeMember['title']]),
);
