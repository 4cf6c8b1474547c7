/** 已办事项: what was done before the platform came, brought in as a roster, with evidence to follow. */
import { isLocalDate, type LocalDate, labelOfPeriod } from '../../kernel/local-date.ts';
import { normaliseText } from '../../kernel/text.ts';
import { SUBJECTS, type Subject } from '../../law/conditions.ts';
import type { DutyEntry } from '../../law/pack.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import { type Field, SpreadsheetRefused } from '../../platform/spreadsheets/index.ts';
import { type RangedRequirement, requirementsByRange } from '../../registers/requirements/index.ts';
import {
  bareCommunity,
  bareStreet,
  choicesOf,
  column,
  communityField,
  distance,
  type RosterKind,
  type RowProblem,
  type Sender,
  type StagedRow,
  streetField,
  type Values,
} from '../../registers/rosters/index.ts';
import { subjectsInSight } from '../../registers/subjects/index.ts';
import { filedAlreadyReason, periodKeyOf, periodsOf, refusalsOfDeed, roleFor, speaksTo } from './rules.ts';
import { builtOn, insertImported, withdrawImported } from './store.ts';

const fields: readonly Field[] = [
  {
    key: 'duty',
    label: '事项',
    kind: 'text',
    required: true,
    maxLength: 100,
    synonyms: ['事项名称', '报备事项', '工作事项', '任务', '义务'],
    hint: '与“义务”里的名称相同',
  },
  {
    key: 'subject',
    label: '对象',
    kind: 'text',
    required: true,
    maxLength: 100,
    synonyms: ['对象名称', '小区名称', '单位名称', '报备对象'],
    hint: '事项是对谁的，就填谁：小区、社区、街道、企业或业主委员会的名称',
    example: '春江花园',
  },
  { ...streetField, hint: '辖区内有同名对象时填写' },
  { ...communityField, hint: '辖区内有同名对象时填写' },
  {
    key: 'period',
    label: '期间',
    kind: 'text',
    required: true,
    maxLength: 20,
    synonyms: ['所属期间', '报备期间', '所属期', '季度', '月份'],
    hint: '如 2026年第三季度、2026年7月、2026年上半年、2026年；一次性的事项填应办日，由某事引起的填那件事的日期',
    example: '2026年第三季度',
  },
  {
    key: 'doneOn',
    label: '办成日期',
    kind: 'date',
    required: true,
    synonyms: ['完成日期', '办理日期', '办结日期', '完成时间', '办成时间', '办结时间'],
    example: '2026-09-20',
  },
  { key: 'summary', label: '说明', kind: 'text', maxLength: 2000, synonyms: ['备注', '情况说明', '办理情况'] },
  {
    key: 'evidence',
    label: '材料',
    kind: 'choice',
    synonyms: ['材料情况', '佐证材料', '证明材料'],
    choices: choicesOf(
      { 'to-follow': '后补', none: '无须' },
      { 'to-follow': ['材料后补', '待补交', '稍后补交'], none: ['无须材料', '无需', '不需要', '无'] },
    ),
    hint: '不填为后补',
  },
];

const withdrawalReason = '撤销导入';

export const deedRoster: RosterKind = {
  code: 'deeds',
  label: '已办事项',
  version: 1,
  fields,
  keys: [
    column('matter', 'matter', 'text'),
    column('subjectKind', 'subject_kind', 'text'),
    column('subjectId', 'subject_id', 'text'),
    column('periodKey', 'period_key', 'text'),
    column('doneOn', 'done_on', 'date'),
    column('estateId', 'estate_id', 'int'),
  ],
  missing: (mapped) => fields.filter((field) => field.required && !mapped.has(field.key)).map((field) => field.label),

  async open({ tx, sender, today }) {
    const duties = dutyFinder(await dutiesInSight(tx, sender, today));
    const subjects = subjectFinder(await knownSubjects(tx, duties.kinds, today));
    const body = { isOffice: true, organisationId: sender.organisationId, organisationKind: await kindOf(tx, sender) };
    return {
      read(values, row) {
        const problems: RowProblem[] = [];
        const asked = {
          duty: String(values.duty ?? ''),
          subject: String(values.subject ?? ''),
          period: String(values.period ?? ''),
        };
        const after: StagedRow['after'] = { evidence: values.evidence === 'none' ? 'none' : 'to-follow' };
        if (typeof values.summary === 'string') after.summary = values.summary;
        const doneOn = typeof values.doneOn === 'string' && isLocalDate(values.doneOn) ? values.doneOn : undefined;
        if (doneOn) after.doneOn = doneOn;
        let label = [asked.duty, asked.subject, asked.period].filter(Boolean).join('·') || `第 ${row} 行`;
        let identity = JSON.stringify(asked);

        const duty = asked.duty === '' ? undefined : duties.find(asked.duty);
        if (duty && 'problem' in duty) problems.push({ key: 'duty', problem: duty.problem });
        const subject =
          duty && 'found' in duty && asked.subject !== ''
            ? subjects.find(duty.found.over, duty.found.label, asked.subject, values)
            : undefined;
        if (subject && 'problem' in subject) problems.push({ key: subject.key, problem: subject.problem });
        if (duty && 'found' in duty && subject && 'found' in subject) {
          const definition = duty.found.at(subject.found.scope);
          if (definition === undefined) {
            problems.push({ key: 'duty', problem: `“${subject.found.label}”所在地适用的政策包中没有这一事项` });
          } else if (asked.period !== '') {
            const key = periodKeyOf(asked.period, definition.due);
            const periods = periodsOf(definition.due, key, doneOn ?? today);
            const refusals = refusalsOfDeed({
              today,
              doneOn: doneOn ?? today,
              ...periods,
              // What is on file is asked of all rows at once, in `current`.
              filedAlready: false,
              role: roleFor(body, definition, subject.found),
            });
            for (const { reason, field } of refusals)
              if (field !== 'doneOn' || doneOn) problems.push({ ...(field && { key: field }), problem: reason });
            Object.assign(after, {
              duty: duty.found.label,
              matter: duty.found.key,
              subject: subject.found.label,
              subjectKind: duty.found.over,
              subjectId: subject.found.id,
              estateId: subject.found.estateId,
              period: labelOfPeriod(key),
              periodKey: key,
            });
            label = `${duty.found.label}·${subject.found.label}·${labelOfPeriod(key)}`;
            identity = JSON.stringify([duty.found.key, duty.found.over, subject.found.id, key]);
          }
        }
        return { label, identity, after, problems };
      },
    };
  },

  // A deed done on the day on file is the same deed. Nothing on file is ever edited, so another day is refused as it is when filed by hand.
  current: (rows) => sql`
    select r.*, case when f.done_on = r.done_on then r.after end as current,
      case when f.done_on <> r.done_on then 'period' end as problem_key,
      case when f.done_on <> r.done_on then '系统中登记为 ' || f.done_on || ' 办成。' || ${filedAlreadyReason}::text end as problem
    from (${rows}) r
    left join filings.fact_filed f on f.matter = r.matter and f.subject_kind = r.subject_kind and f.subject_id = r.subject_id and f.period = r.period_key`,

  async write({ tx, rows, batch, today }) {
    const { rows: about } = await sql<{ kind: Subject; count: number }>`
      select r.subject_kind as kind, count(*)::int as count from (${rows}) r group by 1 order by 1`.execute(tx);
    const subjects = sql.join(
      about.map(
        ({ kind }) =>
          sql`select ${kind}::text as subject_kind, s.subject_id, s.label, s.scope, s.estate_id from ${subjectsInSight(kind, sql`${today}::date`)} s`,
      ),
      sql` union all `,
    );
    const filed = await insertImported(tx, rows, subjects, {
      batchId: batch.id,
      organisationId: batch.organisationId,
      personId: batch.personId,
      postId: batch.postId,
      filedOn: today,
    });
    const missing = about.reduce((sum, { count }) => sum + count, 0) - filed;
    if (missing > 0)
      throw new SpreadsheetRefused(`检查之后有 ${missing} 件的对象或报备情况有变动，没有写入。请重新检查`);
  },

  /** Filings are append-only: what the batch filed is withdrawn, and stays readable. */
  async restore({ tx, batch }) {
    const touched = await builtOn(tx, batch.id);
    if (touched.length > 0)
      throw new SpreadsheetRefused(
        `导入之后又补交了材料或已撤回：${touched.slice(0, 5).join('、')}${touched.length > 5 ? ' 等' : ''}。整批不能撤销，请逐件撤回`,
      );
    await withdrawImported(tx, batch.id, withdrawalReason, batch.personId);
  },

  estates: (rows) => sql`select r.* from (${rows}) r where r.estate_id is not null`,
};

async function kindOf(tx: Transaction, sender: Sender): Promise<string | null> {
  const { rows } = await sql<{
    kind: string;
  }>`select kind from registers.organisation where id = ${sender.organisationId}`.execute(tx);
  return rows[0]?.kind ?? null;
}

// ── Duties by name

interface KnownDuty {
  key: string;
  label: string;
  over: Subject;
  /** What the duty says at a place, which may differ between jurisdictions; undefined where it does not hold. */
  at(scope: string): DutyEntry | undefined;
}

async function dutiesInSight(tx: Transaction, sender: Sender, today: LocalDate): Promise<RangedRequirement[]> {
  const all = await requirementsByRange(tx, 'duty', today);
  return all.filter((one) => one.lo < sender.hi && sender.lo < one.hi);
}

function dutyFinder(requirements: readonly RangedRequirement[]) {
  const duties = new Map<string, KnownDuty>();
  for (const { key, label, definition } of requirements) {
    const { over } = definition as unknown as DutyEntry;
    if (duties.has(`${key}/${over}`)) continue;
    const own = requirements.filter((one) => one.key === key);
    duties.set(`${key}/${over}`, {
      key,
      label,
      over,
      at: (scope) =>
        own
          .filter((one) => speaksTo(one, scope))
          .map((one) => one.definition as unknown as DutyEntry)
          .find((one) => one.over === over),
    });
  }
  const all = [...duties.values()];
  return {
    kinds: [...new Set(all.map((one) => one.over))],
    find(name: string): { found: KnownDuty } | { problem: string } {
      const wanted = bare(name);
      const alike = all.filter((one) => one.key === name || bare(one.label) === wanted);
      if (alike.length === 1) return { found: alike[0]! };
      if (alike.length > 1)
        return {
          problem: `有 ${alike.length} 个事项叫“${name}”，请改填编号：${alike.map((one) => one.key).join('、')}`,
        };
      return {
        problem: `这里适用的政策包中没有事项“${name}”${nearest(
          wanted,
          all.map((one) => one.label),
        )}`,
      };
    },
  };
}

// ── Subjects by name

interface KnownSubject {
  kind: Subject;
  id: string;
  label: string;
  scope: string;
  estateId: number | null;
  companyId: number | null;
  committeeId: number | null;
  street: string | null;
  community: string | null;
  /** Other names it goes by: a company's short name, the estate of a committee. */
  names: string[];
}

/** The sender's subjects of these kinds, with the street and community they lie in. */
async function knownSubjects(tx: Transaction, kinds: readonly Subject[], today: LocalDate): Promise<KnownSubject[]> {
  if (kinds.length === 0) return [];
  const each = kinds.map(
    (kind): Fragment => sql`
      select ${kind}::text as kind, s.subject_id, s.label, s.scope::text as scope, s.estate_id, s.company_id, s.committee_id from ${subjectsInSight(kind, sql`${today}::date`)} s`,
  );
  const { rows } = await sql<KnownSubject>`
    select s.kind, s.subject_id as id, s.label, s.scope, s.estate_id as "estateId", s.company_id as "companyId", s.committee_id as "committeeId",
      t.name as street, c.name as community, array_remove(array[o.short_name, e.name], null) as names
    from (${sql.join(each, sql` union all `)}) s
    left join registers.area c on c.code = left(s.scope, 12) and c.level = 'community'
    left join registers.area t on t.code = left(s.scope, 9) || '000' and t.level = 'subdistrict'
    left join registers.organisation o on s.kind = 'companies' and o.id = s.company_id
    left join registers.estate e on e.id = s.estate_id
    order by s.kind, s.scope, s.subject_id`.execute(tx);
  return rows;
}

function subjectFinder(subjects: readonly KnownSubject[]) {
  const byName = new Map<string, KnownSubject[]>();
  for (const one of subjects)
    for (const name of new Set([one.label, ...one.names].map((name) => nameIn(one.kind, name)))) {
      const list = byName.get(`${one.kind}/${name}`);
      if (list) list.push(one);
      else byName.set(`${one.kind}/${name}`, [one]);
    }

  function find(
    kind: Subject,
    duty: string,
    name: string,
    place: Values,
  ): { found: KnownSubject } | { key: string; problem: string } {
    const alike = byName.get(`${kind}/${nameIn(kind, name)}`) ?? [];
    const what = SUBJECTS[kind].label;
    if (alike.length === 0) {
      const names = subjects.filter((one) => one.kind === kind).flatMap((one) => [one.label, ...one.names]);
      return {
        key: 'subject',
        problem: `“${duty}”是对${what}的，您的辖区内没有登记${what}“${name}”${nearest(bare(name), names)}`,
      };
    }
    const [street, community] = [place.street, place.community];
    const fitting = alike.filter(
      (one) =>
        (typeof street !== 'string' || one.street === null || bareStreet(one.street) === bareStreet(street)) &&
        (typeof community !== 'string' ||
          one.community === null ||
          bareCommunity(one.community) === bareCommunity(community)),
    );
    if (fitting.length === 1) return { found: fitting[0]! };
    const places = [...new Set(alike.map((one) => `${one.street ?? ''}${one.community ?? ''}`))].join('、');
    return fitting.length === 0
      ? { key: 'subject', problem: `“${name}”登记在${places}，与所填街道、社区不符` }
      : { key: 'subject', problem: `有 ${fitting.length} 个“${name}”（${places}），请填写街道和社区` };
  }
  return { find };
}

const nameIn = (kind: Subject, name: string): string =>
  kind === 'subdistricts' ? bareStreet(name) : kind === 'communities' ? bareCommunity(name) : bare(name);

// ── Words

const bare = (text: string) =>
  normaliseText(text)
    .replace(/[ “”"]/g, '')
    .replaceAll('(', '（')
    .replaceAll(')', '）');

/** “，是否为‘…’？” when a known name holds the words or differs in less than half of them; otherwise a full stop. */
function nearest(wanted: string, names: readonly string[]): string {
  let best: { name: string; far: number } | undefined;
  for (const name of names) {
    const known = bare(name);
    const isPart = wanted.length >= 2 && (known.includes(wanted) || wanted.includes(known));
    const far = isPart ? 0.5 : distance(wanted, known);
    if (far < Math.max(2, wanted.length / 2) && far < (best?.far ?? Number.POSITIVE_INFINITY)) best = { name, far };
  }
  return best ? `，是否为“${best.name}”？` : '。';
}
