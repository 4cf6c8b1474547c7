/** 单位名册: offices and party organisations of areas. Companies and committees have rosters of their own. */
import { sql } from '../../../platform/database.ts';
import type { Field } from '../../../platform/spreadsheets/index.ts';
import { addOrganisations, type NewOrganisation, organisationKinds } from '../../organisations/index.ts';
import { assignments, choicesOf, column, fieldsOf } from '../columns.ts';
import type { RosterKind } from '../kind.ts';
import type { Json, RowProblem } from '../rosters.ts';
import { communityField, openAreas, placeOf, streetField } from './places.ts';

const columns = [
  column('name', 'name', 'text'),
  column('shortName', 'short_name', 'text'),
  column('uscc', 'uscc', 'text'),
  column('telephone', 'telephone', 'text'),
  column('foundedOn', 'founded_on', 'date'),
];

const ofEstates = ['property-company', 'company-party-organisation', 'owners-committee', 'management-committee'];
const kinds = Object.fromEntries(Object.entries(organisationKinds).filter(([kind]) => !ofEstates.includes(kind)));

const fields: readonly Field[] = [
  {
    key: 'name',
    label: '单位名称',
    kind: 'text',
    required: true,
    maxLength: 100,
    synonyms: ['名称', '组织名称', '机构名称', '党组织名称'],
    example: '东湖街道办事处',
  },
  {
    key: 'kind',
    label: '单位类别',
    kind: 'choice',
    required: true,
    synonyms: ['类别', '类型', '单位类型', '组织类别'],
    choices: choicesOf(kinds, {
      'subdistrict-office': ['街道办事处', '街道办', '乡镇政府'],
      'residents-committee': ['居委会', '社区居民委员会', '村委会'],
      'community-party-organisation': ['社区党委', '社区党总支', '社区党支部'],
      'subdistrict-party-committee': ['党工委'],
      'housing-bureau': ['住建局', '住房和城乡建设局', '房管局'],
      'estate-party-branch': ['小区党组织'],
    }),
  },
  { ...streetField, hint: '区级单位不填' },
  { ...communityField, hint: '街道、区级单位不填' },
  { key: 'shortName', label: '简称', kind: 'text', maxLength: 40 },
  { key: 'uscc', label: '统一社会信用代码', kind: 'uscc', synonyms: ['信用代码', '社会信用代码'] },
  {
    key: 'telephone',
    label: '联系电话',
    kind: 'phone',
    synonyms: ['电话', '办公电话', '单位电话'],
    hint: '单位的公开电话',
  },
  { key: 'foundedOn', label: '成立日期', kind: 'date', synonyms: ['成立时间'] },
];

export const organisations: RosterKind = {
  code: 'organisations',
  label: '单位名册',
  version: 1,
  fields,
  keys: [column('kind', 'kind', 'text'), column('areaCode', 'area_code', 'text'), column('name', 'name', 'text')],
  missing: (mapped) => fields.filter((field) => field.required && !mapped.has(field.key)).map((field) => field.label),

  async open(about) {
    const areas = await openAreas(about);
    return {
      planned: areas.planned,
      read(values, row) {
        const { street, community, kind, ...rest } = values;
        const problems: RowProblem[] = [];
        const after: Record<string, Json> = {};
        if (typeof kind === 'string') after.kind = kind;
        for (const [key, value] of Object.entries(rest)) after[key] = value as Json;
        const place =
          typeof community === 'string'
            ? areas.findCommunity(placeOf(values))
            : typeof street === 'string'
              ? areas.findStreet(street)
              : { found: { code: about.sender.areaCode } };
        if ('problems' in place) problems.push(...place.problems);
        else if (place.found.code < about.sender.lo || place.found.code >= about.sender.hi)
          problems.push({ key: 'street', problem: '不在您的辖区内' });
        else after.areaCode = place.found.code;
        return {
          label: String(values.name ?? `第 ${row} 行`),
          identity: `${String(kind)}/${after.areaCode ?? ''}/${alone.has(String(kind)) ? '' : String(values.name)}`,
          after,
          problems,
        };
      },
    };
  },

  current: (rows) => sql`
    select r.*,
      case when o.id is not null then jsonb_build_object('kind', o.kind, 'areaCode', o.area_code, ${fieldsOf(columns, 'o')}) end as current,
      case when x.id is not null then 'uscc' end as problem_key,
      case when x.id is not null then '此代码已登记给“' || x.name || '”' end as problem
    from (${rows}) r left join (${named}) o on ${same}
    left join registers.organisation x on x.uscc = r.after->>'uscc' and x.id is distinct from o.id`,

  async write({ tx, rows, batch, today }) {
    const { rows: fresh } = await sql<NewOrganisation>`
      select r.after->>'kind' as kind, r.after->>'name' as name, r.after->>'shortName' as "shortName", r.after->>'areaCode' as "areaCode", r.after->>'uscc' as uscc,
        r.after->>'telephone' as telephone, r.after->>'foundedOn' as "foundedOn"
      from (${rows}) r where r.verdict = 'new' order by r.row_number`.execute(tx);
    if (fresh.length > 0)
      await addOrganisations(
        tx,
        fresh.map((one) => ({ ...one, enrolledOn: today, batchId: batch.id })),
      );
    await sql`
      update registers.organisation t set ${assignments(columns, 't', 'r.after')}
      from (${rows}) r join (${named}) o on ${same} where r.verdict = 'changed' and t.id = o.id`.execute(tx);
  },

  async restore({ tx, rows }) {
    await sql`
      update registers.organisation t set ${assignments(columns, 't', 'r.before')}
      from (${rows}) r join (${named}) o on ${same} where t.id = o.id`.execute(tx);
  },
};

/** One of each in an area, whatever it is called; of the others there may be several, told apart by name. */
const alone = new Set(Object.keys(kinds).filter((kind) => kind !== 'estate-party-branch'));
const named = sql`select * from registers.organisation where dissolved_on is null and scope = area_code`;
const same = sql.raw(
  `o.kind = r.kind and o.area_code = r.area_code and (o.kind <> 'estate-party-branch' or o.name = r.name)`,
);
