/** 小区名册: one row may bring an estate, the service it has, the company, and the owners' committee. */
import { sql, type Transaction } from '../../../platform/database.ts';
import type { Field } from '../../../platform/spreadsheets/index.ts';
import { estateKinds, serviceModes } from '../../estates/index.ts';
import { addCompanies, addOrganisations } from '../../organisations/index.ts';
import { assignments, choicesOf, column, fieldsOf, mentions, names, values as valuesOf } from '../columns.ts';
import type { RosterKind, Sender, Writing } from '../kind.ts';
import type { Json, RowProblem } from '../rosters.ts';
import { refusalsOfCommittee } from '../rules.ts';
import { communityField, missingPlace, openAreas, openCompanies, placeOf, streetField, text } from './places.ts';

const estateColumns = [
  column('address', 'address', 'text'),
  column('kind', 'kind', 'text'),
  column('floorAreaCentiM2', 'floor_area_centi_m2', 'bigint'),
  column('households', 'households', 'int'),
  column('buildingCount', 'building_count', 'int'),
  column('completedYear', 'completed_year', 'int'),
  column('urban', 'urban', 'boolean'),
  column('surveyedUnserved', 'surveyed_unserved', 'boolean'),
  column('longTermManaged', 'long_term_managed', 'boolean'),
  column('fundAlarmUnits', 'fund_alarm_units', 'int'),
];
const committeeColumns = [
  column('termFrom', 'term_from', 'date'),
  column('termTo', 'term_to', 'date'),
  column('members', 'member_count', 'int'),
  column('partyMembers', 'party_member_count', 'int'),
];

const fields: readonly Field[] = [
  {
    key: 'name',
    label: '小区名称',
    kind: 'text',
    required: true,
    maxLength: 60,
    synonyms: [
      '小区',
      '住宅小区',
      '住宅小区名称',
      '楼盘名称',
      '物业项目名称',
      '项目名称',
      '物业管理区域',
      '物业管理区域名称',
    ],
    example: '春江花园',
  },
  { ...streetField, required: true, example: '东湖街道' },
  { ...communityField, required: true, example: '春江社区' },
  {
    key: 'communityCode',
    label: '社区代码',
    kind: 'division',
    synonyms: ['社区区划代码', '统计用区划代码', '区划代码', '社区编码', '行政区划代码'],
    hint: '12 位；填了就以它为准',
  },
  {
    key: 'address',
    label: '地址',
    kind: 'text',
    maxLength: 200,
    synonyms: ['小区地址', '坐落', '详细地址', '坐落位置', '座落', '小区坐落'],
  },
  {
    key: 'kind',
    label: '小区类型',
    kind: 'choice',
    synonyms: ['类型', '小区性质', '物业类型', '房屋性质', '小区类别'],
    choices: choicesOf(estateKinds, {
      commodity: ['商品房', '商品住宅', '普通商品房', '商品住宅小区'],
      old: ['老旧', '老小区', '旧小区', '老旧住宅小区'],
      resettlement: ['安置房', '拆迁安置', '回迁房', '安置小区'],
      affordable: ['保障房', '保障性住房', '公租房', '经济适用房'],
      unmanaged: ['无物业', '弃管小区', '三无小区'],
      mixed: ['混合小区', '综合体'],
    }),
  },
  {
    key: 'floorAreaCentiM2',
    label: '建筑面积',
    kind: 'area',
    synonyms: ['总建筑面积', '建筑总面积', '物业面积', '管理面积', '建筑面积（平方米）', '面积'],
  },
  { key: 'households', label: '户数', kind: 'integer', synonyms: ['总户数', '住户数', '居民户数', '住宅户数', '套数'] },
  {
    key: 'buildingCount',
    label: '楼栋数',
    kind: 'integer',
    synonyms: ['栋数', '幢数', '楼幢数', '楼栋', '总栋数', '楼数'],
  },
  {
    key: 'completedYear',
    label: '建成年份',
    kind: 'integer',
    synonyms: ['建成年代', '竣工年份', '建成时间', '竣工年度', '建成年'],
    example: '2008',
  },
  {
    key: 'served',
    label: '是否有物业服务',
    kind: 'yesNo',
    synonyms: ['有无物业', '有无物业服务', '是否有物业', '物业覆盖'],
  },
  {
    key: 'company',
    label: '物业服务企业',
    kind: 'text',
    maxLength: 100,
    synonyms: [
      '物业公司',
      '物业企业',
      '物业服务公司',
      '物业服务企业名称',
      '物业公司名称',
      '服务企业',
      '物业服务人',
      '物业管理单位',
      '物业单位',
    ],
    hint: '全称；没有的写“无”',
  },
  {
    key: 'uscc',
    label: '统一社会信用代码',
    kind: 'uscc',
    synonyms: ['信用代码', '社会信用代码', '企业信用代码', '物业企业统一社会信用代码', '企业代码'],
  },
  {
    key: 'mode',
    label: '服务方式',
    kind: 'choice',
    synonyms: ['物业服务方式', '管理方式', '物业管理方式', '管理模式'],
    choices: choicesOf(serviceModes, {
      company: ['专业物业', '市场化物业', '物业公司'],
      trustee: ['社区代管', '社区托管'],
      'self-management': ['自管', '居民自治', '业主自治'],
    }),
  },
  {
    key: 'startedOn',
    label: '服务开始日期',
    kind: 'date',
    synonyms: ['进驻时间', '进场日期', '服务起始日期', '合同开始日期', '合同起始日期', '入驻时间'],
  },
  {
    key: 'hasCommittee',
    label: '是否有业委会',
    kind: 'yesNo',
    synonyms: [
      '有无业委会',
      '是否成立业委会',
      '是否成立业主委员会',
      '业委会',
      '业主委员会',
      '是否组建业委会',
      '成立业委会',
    ],
  },
  {
    key: 'termFrom',
    label: '业委会任期起',
    kind: 'date',
    synonyms: ['业委会成立时间', '任期起', '任期开始', '本届业委会成立时间', '业委会任期开始日期'],
  },
  {
    key: 'termTo',
    label: '业委会任期止',
    kind: 'date',
    synonyms: ['任期止', '任期届满时间', '任期结束', '业委会届满时间', '业委会任期结束日期', '到期时间'],
  },
  {
    key: 'members',
    label: '业委会委员人数',
    kind: 'integer',
    synonyms: ['委员人数', '业委会人数', '业委会成员数', '委员数'],
  },
  {
    key: 'partyMembers',
    label: '党员委员人数',
    kind: 'integer',
    synonyms: ['委员中党员人数', '党员人数', '业委会党员人数', '党员委员数', '党员数'],
  },
  { key: 'urban', label: '是否城镇', kind: 'yesNo', synonyms: ['城镇小区', '是否城镇小区'] },
  {
    key: 'surveyedUnserved',
    label: '摸底时是否无物业',
    kind: 'yesNo',
    synonyms: ['摸底无物业', '是否无物业小区', '无物业小区'],
  },
  { key: 'longTermManaged', label: '是否长效管理', kind: 'yesNo', synonyms: ['长效管理', '是否落实长效管理'] },
  {
    key: 'fundAlarmUnits',
    label: '维修资金不足户数',
    kind: 'integer',
    synonyms: ['维修资金低于续交线户数', '维修资金续筹户数'],
  },
  { key: 'enrolledOn', label: '纳入日期', kind: 'date', hint: '此前到期的义务显示未纳入；不填为导入当天' },
];

const noCompany = new Set(['无', '没有', '无物业', '无物业服务', '无物业公司', '无物业管理', '暂无物业', '未聘请']);

export const estates: RosterKind = {
  code: 'estates',
  label: '小区名册',
  version: 1,
  fields,
  keys: [column('communityCode', 'community_code', 'text'), column('name', 'name', 'text')],
  missing: (mapped, sender) => [...(mapped.has('name') ? [] : ['小区名称']), ...missingPlace(mapped, sender)],

  async open(about) {
    const areas = await openAreas(about);
    const findCompany = await openCompanies(about.tx);
    return {
      planned: areas.planned,
      read(values, row) {
        const {
          name,
          street: _,
          community,
          communityCode: __,
          company,
          uscc,
          served,
          startedOn,
          hasCommittee,
          ...rest
        } = values;
        const problems: RowProblem[] = [];
        const after: Record<string, Json> = {};
        const place = areas.findCommunity(placeOf(values));
        if ('problems' in place) problems.push(...place.problems);
        else after.communityCode = place.found.code;
        if (typeof name === 'string') after.name = name;
        for (const [key, value] of Object.entries(rest))
          if (key !== 'mode' || value !== null) after[key] = plain(value);

        const year = rest.completedYear;
        if (typeof year === 'number' && (year < 1900 || year > Number(about.today.slice(0, 4)) + 5)) {
          problems.push({
            key: 'completedYear',
            problem: `“${year}”不像建成年份，请填四位年份，如 2008`,
            text: String(year),
          });
        }
        if (rest.floorAreaCentiM2 === 0n)
          problems.push({ key: 'floorAreaCentiM2', problem: '建筑面积不能为 0；不知道的写“待补”' });
        if (typeof rest.enrolledOn === 'string' && rest.enrolledOn > about.today)
          problems.push({ key: 'enrolledOn', problem: '纳入日期不能晚于今天' });
        if (rest.enrolledOn === null) problems.push({ key: 'enrolledOn', problem: '纳入日期不能清空' });
        if (typeof startedOn === 'string' && startedOn > about.today)
          problems.push({ key: 'startedOn', problem: '服务开始日期晚于今天，请在开始后再填' });
        if (startedOn !== undefined) after.startedOn = plain(startedOn);

        const saysNone = company === null || (typeof company === 'string' && noCompany.has(company));
        const named = typeof company === 'string' && !saysNone ? company : undefined;
        if (named !== undefined || typeof uscc === 'string') {
          const found = findCompany({ name: named, uscc: text(uscc), row });
          if ('problems' in found) problems.push(...found.problems);
          else {
            after.company = found.found.name;
            if (found.found.uscc !== null) after.uscc = found.found.uscc;
          }
        }
        const means =
          named !== undefined ||
          typeof uscc === 'string' ||
          typeof rest.mode === 'string' ||
          typeof startedOn === 'string';
        if (served === false && means)
          problems.push({ key: 'served', problem: '写了没有物业服务，却又填了物业企业、方式或开始日期' });
        if (saysNone && (served === true || means))
          problems.push({ key: 'company', problem: '写了没有物业企业，却又填了其他物业服务内容' });
        if (means) after.served = true;
        else if (saysNone || served === false) after.served = false;
        else if (served === true) after.served = true;

        const termed = ['termFrom', 'termTo', 'members', 'partyMembers'].some(
          (key) => rest[key] !== undefined && rest[key] !== null,
        );
        if (hasCommittee === false && termed)
          problems.push({ key: 'hasCommittee', problem: '写了没有业委会，却又填了任期或人数' });
        if (termed) after.hasCommittee = true;
        else if (typeof hasCommittee === 'boolean') after.hasCommittee = hasCommittee;
        problems.push(...refusalsOfCommittee(rest));
        return {
          label: [community, name].filter(Boolean).join('·') || `第 ${row} 行`,
          identity: `${after.communityCode ?? ''}/${String(name ?? '')}`,
          after,
          problems,
        };
      },
    };
  },

  current: (rows) => sql`
    select r.*,
      case when e.id is not null then jsonb_build_object('communityCode', e.community_code, 'name', e.name, 'enrolledOn', e.enrolled_on,
        ${fieldsOf(estateColumns, 'e')},
        'served', case when p.id is not null then true when e.service_surveyed then false end,
        'mode', p.mode, 'company', co.name, 'uscc', co.uscc, 'startedOn', p.started_on,
        'hasCommittee', case when c.organisation_id is not null then true when e.committee_surveyed then false end,
        ${fieldsOf(committeeColumns, 'c')}) end as current,
      case when r.after->>'hasCommittee' = 'false' and c.organisation_id is not null then 'hasCommittee'
        when ${lacksProvider} then 'company' when ${committeeClash} then 'members' end as problem_key,
      case when r.after->>'hasCommittee' = 'false' and c.organisation_id is not null then '系统中已登记业主委员会；确已撤销的，请先在业主组织中办理'
        when ${lacksProvider} then '有物业服务的，请填写物业服务企业或服务方式'
        when ${committeeClash} then '与系统中已登记的任期或人数合起来自相矛盾（党员委员多于委员，或任期止早于任期起）' end as problem
    from (${rows}) r
    left join registers.estate e on e.community_code = r.community_code and e.name = r.name
    left join ${projectInForce} p on true
    left join registers.organisation co on co.id = p.company_id
    left join ${ownersCommittee} c on true`,

  async write(about) {
    const { tx, rows, batch, today } = about;
    await writeCompanies(about);
    await sql`select pg_advisory_xact_lock(hashtext('registers.estate serial'))`.execute(tx);
    await sql`
      insert into registers.estate (scope, community_code, name, ${names(estateColumns)}, service_surveyed, committee_surveyed, enrolled_on, source, batch_id)
      select r.community_code || lpad((coalesce(t.serial, 0) + row_number() over (partition by r.community_code order by r.row_number))::text, 4, '0'),
        r.community_code, r.name, ${valuesOf(estateColumns, 'r.after')}, r.after ? 'served', r.after ? 'hasCommittee',
        coalesce((r.after->>'enrolledOn')::date, ${today}::date), ${batch.fileName}::text, ${batch.id}::int
      from (${rows}) r
      left join (select community_code, max(right(scope, 4)::int) as serial from registers.estate group by community_code) t on t.community_code = r.community_code
      where r.verdict = 'new' order by r.row_number`.execute(tx);
    await sql`
      update registers.estate e set ${assignments(estateColumns, 'e', 'r.after')},
        enrolled_on = coalesce((r.after->>'enrolledOn')::date, e.enrolled_on),
        service_surveyed = e.service_surveyed or r.after ? 'served', committee_surveyed = e.committee_surveyed or r.after ? 'hasCommittee'
      from (${rows}) r where r.verdict = 'changed' and e.community_code = r.community_code and e.name = r.name`.execute(
      tx,
    );
    await placeRows(about);
    await writeProjects(about);
    await writeCommittees(about);
  },

  async restore({ tx, rows }) {
    await sql`
      update registers.estate e set ${assignments(estateColumns, 'e', 'r.before')},
        enrolled_on = coalesce((r.before->>'enrolledOn')::date, e.enrolled_on),
        service_surveyed = e.service_surveyed and not (r.before ? 'served' and r.before->>'served' is null),
        committee_surveyed = e.committee_surveyed and not (r.before ? 'hasCommittee' and r.before->>'hasCommittee' is null)
      from (${rows}) r where e.community_code = r.community_code and e.name = r.name`.execute(tx);
    await sql`
      update registers.service_project p set started_on = (r.before->>'startedOn')::date
      from (${rows}) r join registers.estate e on e.community_code = r.community_code and e.name = r.name
      join ${projectInForce} now on true
      where r.before ? 'startedOn' and p.id = now.id`.execute(tx);
    await sql`
      update registers.committee c set ${assignments(committeeColumns, 'c', 'r.before')}
      from (${rows}) r join registers.estate e on e.community_code = r.community_code and e.name = r.name
      join ${ownersCommittee} now on true
      where ${mentions(committeeColumns, 'r.before')} and c.organisation_id = now.organisation_id`.execute(tx);
  },

  estates: (rows) => sql`
    select r.*, e.id as estate_id from (${rows}) r
    join registers.estate e on e.community_code = r.community_code and e.name = r.name`,
};

/** The service an estate `e` has today; the newest where several overlap. Looked up by index, row by row: no statistics can mislead that. */
const projectInForce = sql`lateral (
  select id, estate_id, mode, company_id, started_on from registers.service_project s
  where s.estate_id = e.id and coalesce(s.started_on, '-infinity') <= platform.today() and coalesce(s.ended_on, 'infinity') > platform.today() order by id desc limit 1)`;

const ownersCommittee = sql`lateral (
  select m.* from registers.committee m join registers.organisation o on o.id = m.organisation_id
  where m.estate_id = e.id and m.kind = 'owners' and o.dissolved_on is null order by m.organisation_id desc limit 1)`;

const lacksProvider = sql.raw(`(r.after->>'served' = 'true' and coalesce(r.after->>'company', '') = ''
  and (case when r.after ? 'mode' then coalesce(r.after->>'mode', 'company') else coalesce(p.mode, 'company') end) = 'company' and p.company_id is null)`);

const committeeClash = sql.raw(`(c.organisation_id is not null and (
  (case when r.after ? 'partyMembers' then (r.after->>'partyMembers')::int else c.party_member_count end)
    > (case when r.after ? 'members' then (r.after->>'members')::int else c.member_count end)
  or (case when r.after ? 'termFrom' then (r.after->>'termFrom')::date else c.term_from end)
    >= (case when r.after ? 'termTo' then (r.after->>'termTo')::date else c.term_to end)))`);

/** Companies that rows name and nobody has registered; credit codes that were missing are completed. */
async function writeCompanies({ tx, rows, batch, sender, today }: Writing): Promise<void> {
  const { rows: fresh } = await sql<{ name: string; uscc: string | null }>`
    select r.after->>'company' as name, max(r.after->>'uscc') as uscc from (${rows}) r
    where r.after->>'company' is not null
      and not exists (select from registers.organisation o where o.kind = 'property-company' and o.dissolved_on is null and o.name = r.after->>'company')
    group by 1 order by min(r.row_number)`.execute(tx);
  await addPropertyCompanies(tx, sender, fresh, today, batch.id);
  await sql`
    update registers.organisation o set uscc = w.uscc
    from (select distinct r.after->>'company' as name, r.after->>'uscc' as uscc from (${rows}) r where r.after->>'uscc' is not null) w
    where o.kind = 'property-company' and o.dissolved_on is null and o.name = w.name and o.uscc is null
      and not exists (select from registers.organisation x where x.uscc = w.uscc)`.execute(tx);
}

/** A company known by name only is registered at the sender's area, until somebody says where it belongs. */
export async function addPropertyCompanies(
  tx: Transaction,
  sender: Sender,
  companies: readonly {
    name: string;
    uscc: string | null;
    foundedOn?: string | null;
    areaCode?: string;
    telephone?: string | null;
  }[],
  today: string,
  batchId: number,
): Promise<number[]> {
  if (companies.length === 0) return [];
  const ids = await addOrganisations(
    tx,
    companies.map((one) => ({
      areaCode: sender.areaCode,
      ...one,
      kind: 'property-company' as const,
      enrolledOn: today,
      batchId,
    })),
  );
  await addCompanies(
    tx,
    ids.map((organisationId, at) => ({ organisationId, scope: companies[at]!.areaCode ?? sender.areaCode, batchId })),
  );
  return ids;
}

/** Where the rows' estates are, looked up once; one that is new with this import has neither service nor committee yet. */
async function placeRows({ tx, rows }: Writing): Promise<void> {
  await sql`
    create temporary table placed on commit drop as
    select r.row_number, e.id, e.scope, r.verdict = 'new' as fresh
    from (${rows}) r join registers.estate e on e.community_code = r.community_code and e.name = r.name`.execute(tx);
  await sql`analyze placed (row_number, id, fresh)`.execute(tx);
}

async function writeProjects({ tx, rows, batch, today }: Writing): Promise<void> {
  await sql`
    create temporary table company_due on commit drop as
    select n.name, n.uscc, (select o.id from registers.organisation o where o.kind = 'property-company' and o.dissolved_on is null and o.name = n.name
      and (n.uscc = '' or o.uscc is null or o.uscc = n.uscc) order by o.uscc is not distinct from n.uscc desc, o.id limit 1) as id
    from (select distinct r.after->>'company' as name, coalesce(r.after->>'uscc', '') as uscc from (${rows}) r where r.after->>'company' is not null) n`.execute(
    tx,
  );
  await sql`analyze company_due`.execute(tx);
  const wanted = sql`company_due w on w.name = r.after->>'company' and w.uscc = coalesce(r.after->>'uscc', '')`;
  await sql`
    create temporary table project_due on commit drop as
    select e.id as estate_id, e.scope, r.after, p.id as project_id, p.mode, p.company_id, p.started_on, w.id as wanted_id,
      p.id is not null and (coalesce(r.after->>'served' = 'false', false)
        or (w.id is not null and w.id is distinct from p.company_id) or coalesce(r.after->>'mode', p.mode) <> p.mode) as ends
    from (${rows}) r join placed e on e.row_number = r.row_number
    left join ${projectInForce} p on true left join ${wanted}
    where not e.fresh and r.after ?| array['served', 'startedOn']`.execute(tx);
  await sql`analyze project_due (estate_id, project_id)`.execute(tx);
  await sql`
    insert into registers.import_end (batch_id, relation, row_id)
    select ${batch.id}::int, 'service_project', project_id from project_due where ends`.execute(tx);
  await sql`
    update registers.service_project p set ended_on = greatest(p.started_on, case when d.after->>'served' = 'true' then coalesce((d.after->>'startedOn')::date, ${today}::date) else ${today}::date end)
    from project_due d where d.ends and p.id = d.project_id`.execute(tx);
  await sql`
    insert into registers.service_project (estate_id, scope, mode, company_id, started_on, batch_id)
    select estate_id, scope, coalesce(after->>'mode', case when wanted_id is not null then 'company' else mode end), coalesce(wanted_id, case when after ? 'mode' then null else company_id end),
      (after->>'startedOn')::date, ${batch.id}::int
    from (
      select estate_id, scope, after, mode, company_id, wanted_id from project_due where project_id is null or ends
      union all
      select e.id, e.scope, r.after, null, null, w.id from (${rows}) r join placed e on e.row_number = r.row_number left join ${wanted} where e.fresh
    ) d where after->>'served' = 'true' order by estate_id`.execute(tx);
  await sql`
    update registers.service_project p set started_on = (d.after->>'startedOn')::date
    from project_due d where not d.ends and p.id = d.project_id and d.after ? 'startedOn'`.execute(tx);
}

async function writeCommittees({ tx, rows, batch, today }: Writing): Promise<void> {
  const due = sql`(${rows}) r join placed e on e.row_number = r.row_number`;
  await sql`
    update registers.committee t set ${assignments(committeeColumns, 't', 'd.after')}
    from (select c.organisation_id, r.after from ${due} join ${ownersCommittee} c on true where not e.fresh and r.after->>'hasCommittee' = 'true') d
    where t.organisation_id = d.organisation_id`.execute(tx);
  // Set-based to the end: a list of some ten thousand estates brings as many committees.
  await sql`
    with body as (
      insert into registers.organisation (kind, name, area_code, scope, founded_on, enrolled_on, batch_id)
      select 'owners-committee', r.name || '业主委员会', r.community_code, e.scope, (r.after->>'termFrom')::date, ${today}::date, ${batch.id}::int
      from ${due} where r.after->>'hasCommittee' = 'true' and (e.fresh or not exists (select from ${ownersCommittee} c)) order by e.id returning id, scope
    )
    insert into registers.committee (organisation_id, estate_id, scope, kind, ${names(committeeColumns)}, batch_id)
    select b.id, e.id, e.scope, 'owners', ${valuesOf(committeeColumns, 'r.after')}, ${batch.id}::int
    from ${due} join body b on b.scope::text = e.scope::text`.execute(tx);
}

/** JSON has no bigint; areas stay far below 2^53. */
function plain(value: unknown): Json {
  return typeof value === 'bigint' ? Number(value) : (value as Json);
}
