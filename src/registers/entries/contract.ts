/**
 * The simple registers, each described once: its table, its fields, where a row of it lies. The questions outsiders may ask — for each the same
 * seven, typed by its own fields —, SQL, form, list, import and export follow from the description; each is a table of its own with typed columns
 * and constraints (migration 0035).
 */
import { z } from 'zod';
import { contract, page, pageFields, type Standing } from '../../kernel/contract.ts';
import { isLocalDate } from '../../kernel/local-date.ts';

type ValueKind = 'text' | 'integer' | 'area' | 'date' | 'yesNo' | 'choice';
/** A row of another register, by its id. */
export type Reference = 'organisation' | 'building' | 'grid';

export interface EntryField {
  key: string;
  label: string;
  column: string;
  kind: ValueKind | Reference;
  required?: true;
  choices?: Readonly<Record<string, string>>;
  maxLength?: number;
  synonyms?: readonly string[];
  hint?: string;
  example?: string;
  /** There need not be one: empty says nothing is missing. */
  mayBeNone?: true;
  /** Only on the page of the row, not in lists. */
  detailOnly?: true;
}

/** Where a row lies: in an estate, in a community, in any area, or between two bodies. */
export type EntryPlace = 'estate' | 'community' | 'area' | 'bodies';

export interface EntryKind {
  /** Its address and the name of its roster. */
  code: string;
  table: string;
  label: string;
  /** What one row is called, and how rows are counted. */
  one: string;
  counter: string;
  lead: string;
  place: EntryPlace;
  fields: readonly EntryField[];
  /** Beside where it lies and the day, what two rows may not share: fields by their keys. */
  identity: readonly string[];
  /** The estates a row is about, in a table of its own; `least` of them at least. */
  estates?: { label: string; table: string; least: number };
  /** Seen by companies, committees and owners too, each their own estate's. */
  open: boolean;
  /** Found by its name. */
  findable: boolean;
}

/** As in the estates' contract, which a contract of another room may not import; a test holds the two to each other. */
export const serviceModes = {
  company: '物业服务企业',
  'subdistrict-company': '街道（国有）物业',
  trustee: '社区托管',
  'self-management': '业主自管',
  'social-organisation': '社会组织',
} as const;

const name = (label: string, given: Partial<EntryField> = {}): EntryField => ({
  key: 'name',
  label,
  column: 'name',
  kind: 'text',
  required: true,
  maxLength: 60,
  ...given,
});
const responsible: EntryField = {
  key: 'responsible',
  label: '责任单位',
  column: 'responsible_id',
  kind: 'organisation',
  synonyms: ['管理单位', '维护单位', '维保单位', '责任主体'],
};
const building: EntryField = {
  key: 'building',
  label: '楼栋',
  column: 'building_id',
  kind: 'building',
  synonyms: ['所在楼栋', '楼幢', '楼号'],
};

export const relationKinds = {
  leads: '领导',
  manages: '具体管理',
  guides: '指导',
  vertical: '垂直管理',
  dual: '双重管理',
} as const;
/** Of these a chain may never come back to where it began. Guiding is no rank: two bodies may guide each other. */
export const rankingKinds: readonly string[] = ['leads', 'manages', 'vertical', 'dual'];

export const organisationRelations: EntryKind = {
  code: 'organisation-relations',
  table: 'organisation_relation',
  label: '隶属关系',
  one: '隶属关系',
  counter: '项',
  lead: '谁领导、管理、指导谁：一个单位可以有几个上级，各有起止和依据。',
  place: 'bodies',
  fields: [
    {
      key: 'superior',
      label: '上级单位',
      column: 'superior_id',
      kind: 'organisation',
      required: true,
      synonyms: ['上级', '上级党组织', '领导单位', '主管单位'],
      example: '示范区物业行业党委',
    },
    {
      key: 'kind',
      label: '关系',
      column: 'kind',
      kind: 'choice',
      required: true,
      choices: relationKinds,
      synonyms: ['关系类型', '隶属关系', '管理关系'],
    },
    {
      key: 'subordinate',
      label: '下级单位',
      column: 'subordinate_id',
      kind: 'organisation',
      required: true,
      synonyms: ['下级', '单位', '单位名称', '党组织名称'],
      example: '示范区物业行业协会',
    },
  ],
  identity: ['superior', 'kind', 'subordinate'],
  open: true,
  findable: false,
};

export const commonParts: EntryKind = {
  code: 'common-parts',
  table: 'common_part',
  label: '共用部位与设施设备',
  one: '共用部位或设施设备',
  counter: '处',
  lead: '电梯、供排水、消防、地下空间等由谁管、现在怎么样。',
  place: 'estate',
  fields: [
    name('名称', { synonyms: ['部位名称', '设备名称', '设施名称'], example: '1幢1号电梯' }),
    {
      key: 'class',
      label: '类别',
      column: 'class',
      kind: 'choice',
      required: true,
      choices: {
        lift: '电梯',
        water: '供水（二次供水）',
        drainage: '排水',
        power: '供配电',
        gas: '燃气',
        firefighting: '消防',
        basement: '地下空间',
        roof: '屋面外墙',
        road: '道路照明',
        other: '其他',
      },
      synonyms: ['设备类别', '种类', '类型'],
    },
    { ...building, mayBeNone: true },
    {
      key: 'state',
      label: '状况',
      column: 'state',
      kind: 'choice',
      choices: { sound: '正常', hazard: '有隐患', faulty: '故障待修', stopped: '停用' },
      synonyms: ['状态', '运行状况', '现状'],
    },
    responsible,
  ],
  identity: ['class', 'name'],
  open: true,
  findable: false,
};

export const cameras: EntryKind = {
  code: 'cameras',
  table: 'camera',
  label: '视频监控',
  one: '视频监控',
  counter: '个',
  lead: '只登记设备：在哪里、归谁管、保存几天、接没接。这里没有画面，也不存任何取流地址。',
  place: 'estate',
  fields: [
    name('安装位置', { synonyms: ['位置', '点位', '点位名称', '名称', '监控点位'], example: '南大门' }),
    {
      key: 'deviceCode',
      label: '设备编码',
      column: 'device_code',
      kind: 'text',
      maxLength: 40,
      synonyms: ['编码', '设备编号', '国标编码'],
    },
    responsible,
    {
      key: 'retentionDays',
      label: '保存天数',
      column: 'retention_days',
      kind: 'integer',
      synonyms: ['存储天数', '录像保存天数', '留存天数'],
    },
    {
      key: 'connected',
      label: '已接入',
      column: 'connected',
      kind: 'yesNo',
      synonyms: ['是否接入', '是否联网', '接入公安'],
    },
  ],
  identity: ['name'],
  open: true,
  findable: false,
};

export const buildingHeads: EntryKind = {
  code: 'building-heads',
  table: 'building_head',
  label: '楼栋长',
  one: '楼栋长',
  counter: '人',
  lead: '每栋楼由谁牵头，从哪天到哪天。只记姓名，不记电话。',
  place: 'estate',
  fields: [
    name('姓名', { maxLength: 30, synonyms: ['楼栋长', '楼长', '楼栋长姓名'], example: '陈秀英' }),
    { ...building, required: true },
  ],
  identity: ['building', 'name'],
  open: false,
  findable: false,
};

export const grids: EntryKind = {
  code: 'grids',
  table: 'grid',
  label: '网格',
  one: '网格',
  counter: '个',
  lead: '社区划分的网格和它的党组织。',
  place: 'community',
  fields: [
    name('网格名称', { synonyms: ['网格', '名称'], example: '第一网格' }),
    {
      key: 'boundary',
      label: '范围',
      column: 'boundary',
      kind: 'text',
      maxLength: 200,
      synonyms: ['四至', '网格范围', '管辖范围'],
    },
    {
      key: 'partyOrganisation',
      label: '网格党组织',
      column: 'party_organisation_id',
      kind: 'organisation',
      synonyms: ['党组织', '党支部', '网格党支部'],
    },
  ],
  identity: ['name'],
  open: false,
  findable: true,
};

export const gridWorkers: EntryKind = {
  code: 'grid-workers',
  table: 'grid_worker',
  label: '网格员',
  one: '网格员',
  counter: '人',
  lead: '专职网格员，和从四种人里请的兼职网格员。只记姓名，不记电话，也不考核人。',
  place: 'community',
  fields: [
    name('姓名', { maxLength: 30, synonyms: ['网格员', '网格员姓名'], example: '林小梅' }),
    {
      key: 'grid',
      label: '网格',
      column: 'grid_id',
      kind: 'grid',
      required: true,
      synonyms: ['所在网格', '网格名称', '所属网格'],
    },
    {
      key: 'worktime',
      label: '专兼职',
      column: 'worktime',
      kind: 'choice',
      required: true,
      choices: { full: '专职', part: '兼职' },
      synonyms: ['类别', '专职兼职', '性质'],
    },
    {
      key: 'source',
      label: '兼职来源',
      column: 'source',
      kind: 'choice',
      choices: {
        'company-staff': '物业企业员工',
        'committee-member': '业委会委员',
        'building-head': '楼栋长',
        volunteer: '志愿者',
      },
      synonyms: ['来源', '人员来源'],
      hint: '兼职的填写',
      mayBeNone: true,
    },
  ],
  identity: ['grid', 'name'],
  open: false,
  findable: false,
};

export const stationedUnits: EntryKind = {
  code: 'stationed-units',
  table: 'stationed_unit',
  label: '驻区单位',
  one: '驻区单位',
  counter: '家',
  lead: '社区里的机关、学校、医院、企业：共建的一方。',
  place: 'community',
  fields: [
    name('单位名称', { maxLength: 100, synonyms: ['名称', '驻区单位', '共建单位'], example: '示范区第一小学' }),
    {
      key: 'kind',
      label: '类别',
      column: 'kind',
      kind: 'choice',
      choices: {
        office: '机关',
        school: '学校',
        hospital: '医院',
        bank: '金融机构',
        company: '企业',
        social: '社会组织',
        other: '其他',
      },
      synonyms: ['单位类别', '单位性质', '类型'],
    },
    { key: 'address', label: '地址', column: 'address', kind: 'text', maxLength: 120, synonyms: ['单位地址'] },
    {
      key: 'partyOrganisation',
      label: '党组织名称',
      column: 'party_organisation',
      kind: 'text',
      maxLength: 100,
      synonyms: ['党组织', '单位党组织'],
      mayBeNone: true,
    },
  ],
  identity: ['name'],
  open: false,
  findable: true,
};

export const servicePlaces: EntryKind = {
  code: 'service-places',
  table: 'service_place',
  label: '服务场所',
  one: '服务场所',
  counter: '处',
  lead: '物业用房、服务站点、党群服务中心、办事窗口：在哪里、几点开、管什么、服务哪些小区。',
  place: 'community',
  fields: [
    name('名称', { synonyms: ['场所名称', '站点名称', '窗口名称'], example: '春江党群服务中心' }),
    {
      key: 'kind',
      label: '种类',
      column: 'kind',
      kind: 'choice',
      required: true,
      choices: {
        'property-room': '物业用房',
        'stilt-floor': '架空层',
        'party-mass-centre': '党群服务中心（邻里中心）',
        station: '服务站点',
        window: '办事窗口',
      },
      synonyms: ['类型', '类别', '场所种类'],
    },
    { key: 'address', label: '地址', column: 'address', kind: 'text', maxLength: 120 },
    {
      key: 'hours',
      label: '开放时间',
      column: 'hours',
      kind: 'text',
      maxLength: 80,
      synonyms: ['服务时间', '办公时间'],
    },
    {
      key: 'services',
      label: '服务内容',
      column: 'services',
      kind: 'text',
      maxLength: 200,
      synonyms: ['服务事项', '功能'],
      detailOnly: true,
    },
    { key: 'areaCentiM2', label: '面积', column: 'area_centi_m2', kind: 'area', synonyms: ['建筑面积', '用房面积'] },
    { ...responsible, label: '运营单位', synonyms: ['管理单位', '责任单位'] },
  ],
  identity: ['kind', 'name'],
  estates: { label: '服务的小区', table: 'service_place_estate', least: 0 },
  open: true,
  findable: true,
};

export const managementAreas: EntryKind = {
  code: 'management-areas',
  table: 'management_area',
  label: '物业管理区域',
  one: '物业管理区域',
  counter: '个',
  lead: '区域怎么划、谁定的、凭哪份文件，包含哪些小区。',
  place: 'community',
  fields: [
    name('区域名称', { synonyms: ['名称', '物业管理区域', '物业区域名称'], example: '春江花园物业管理区域' }),
    {
      key: 'boundary',
      label: '四至范围',
      column: 'boundary',
      kind: 'text',
      maxLength: 300,
      synonyms: ['范围', '四至', '边界'],
      detailOnly: true,
    },
    {
      key: 'floorAreaCentiM2',
      label: '建筑面积',
      column: 'floor_area_centi_m2',
      kind: 'area',
      synonyms: ['总建筑面积', '面积'],
    },
    {
      key: 'decidedBy',
      label: '划定单位',
      column: 'decided_by_id',
      kind: 'organisation',
      required: true,
      synonyms: ['决定单位', '划定机关'],
    },
    {
      key: 'decidedOn',
      label: '划定日期',
      column: 'decided_on',
      kind: 'date',
      synonyms: ['决定日期', '划定时间'],
    },
  ],
  identity: ['name'],
  estates: { label: '包含的小区', table: 'management_area_estate', least: 1 },
  open: true,
  findable: true,
};

export const bundles: EntryKind = {
  code: 'bundles',
  table: 'bundle',
  label: '捆绑打包',
  one: '打包项目',
  counter: '个',
  lead: '几个小区连片打包，由同一家来服务。',
  place: 'area',
  fields: [
    name('打包名称', { synonyms: ['名称', '片区名称', '打包项目', '项目名称'], example: '东湖老旧小区一片' }),
    {
      key: 'mode',
      label: '服务方式',
      column: 'mode',
      kind: 'choice',
      choices: serviceModes,
      synonyms: ['服务模式', '管理方式'],
    },
    {
      key: 'provider',
      label: '服务单位',
      column: 'provider_id',
      kind: 'organisation',
      synonyms: ['服务企业', '物业企业', '物业服务企业'],
    },
  ],
  identity: ['name'],
  estates: { label: '打包的小区', table: 'bundle_estate', least: 2 },
  open: true,
  findable: true,
};

export const renovations: EntryKind = {
  code: 'renovations',
  table: 'renovation',
  label: '改造项目',
  one: '改造项目',
  counter: '个',
  lead: '完整社区、老旧小区、城中村改造：改完由谁管、服务中心放哪里，开工前就定下来。',
  place: 'area',
  fields: [
    name('项目名称', { maxLength: 100, synonyms: ['名称', '改造项目'], example: '春江片区老旧小区改造' }),
    {
      key: 'kind',
      label: '类别',
      column: 'kind',
      kind: 'choice',
      required: true,
      choices: { 'complete-community': '完整社区', 'old-estate': '老旧小区改造', 'urban-village': '城中村改造' },
      synonyms: ['改造类别', '类型', '项目类别'],
    },
    {
      key: 'stage',
      label: '进度',
      column: 'stage',
      kind: 'choice',
      choices: { planned: '计划中', building: '施工中', completed: '已完工' },
      synonyms: ['阶段', '状态', '项目进度'],
    },
    {
      key: 'plannedMode',
      label: '改造后服务方式',
      column: 'planned_mode',
      kind: 'choice',
      choices: serviceModes,
      synonyms: ['拟采用服务方式', '长效管理方式', '改造后管理方式'],
    },
    {
      key: 'plannedCentre',
      label: '规划的服务中心',
      column: 'planned_centre',
      kind: 'text',
      maxLength: 100,
      synonyms: ['规划党群服务中心', '服务中心', '邻里中心'],
      detailOnly: true,
    },
  ],
  identity: ['name'],
  estates: { label: '涉及的小区', table: 'renovation_estate', least: 0 },
  open: true,
  findable: true,
};

/** In the order in which they are shown. */
export const entryKinds: readonly EntryKind[] = [
  organisationRelations,
  commonParts,
  cameras,
  buildingHeads,
  grids,
  gridWorkers,
  stationedUnits,
  servicePlaces,
  managementAreas,
  bundles,
  renovations,
];

export const isReference = (kind: EntryField['kind']): kind is Reference =>
  kind === 'organisation' || kind === 'building' || kind === 'grid';

// ── What may be asked about each

export const entryPhases = { 'in-force': '现行', coming: '尚未开始', over: '已终止' } as const;

const id = z.coerce.number().int().positive();
const areaCode = z.string().regex(/^(?!00)\d{12}$/, '区划代码应为 12 位数字');
const day = z.string().refine(isLocalDate, '应为日期，如 2026-03-31');
const text = (most: number) => z.string().trim().min(1, '不能为空').max(most, `最多 ${most} 字`);
const named = z.object({ id: z.number().int(), name: z.string() });
const codesOf = ({ choices = {} }: EntryField) => z.enum(Object.keys(choices) as [string, ...string[]]);

/** What a person may fill in; null is 待补. */
function filledIn(field: EntryField): z.ZodType {
  const plain: Record<EntryField['kind'], () => z.ZodType> = {
    text: () => text(field.maxLength ?? 100),
    integer: () => z.coerce.number().int().min(1).max(100_000),
    area: () => z.string().regex(/^[1-9]\d{0,14}$/, '应为以 0.01 平方米计的整数'),
    date: () => day,
    yesNo: () => z.boolean(),
    choice: () => codesOf(field),
    organisation: () => id,
    building: () => id,
    grid: () => id,
  };
  const value = plain[field.kind]();
  return field.required ? value : value.nullish();
}

const shownAs = (field: EntryField): z.ZodType =>
  isReference(field.kind)
    ? named.nullable()
    : ({ integer: z.number().int(), yesNo: z.boolean(), choice: codesOf(field) as z.ZodType }[
        field.kind as string
      ]?.nullable() ?? z.string().nullable());

const fieldsOf = (kind: EntryKind, of: (field: EntryField) => z.ZodType) =>
  Object.fromEntries(kind.fields.map((field) => [field.key, of(field)]));

const place = (kind: EntryKind) =>
  ({ estate: { estate: id }, community: { area: areaCode }, area: { area: areaCode }, bodies: {} })[
    kind.place
  ] as Record<string, z.ZodType>;

const period = { fromOn: day.nullish(), toOn: day.nullish(), document: text(200).nullish() };

/** What every row of every simple register has, beside its own fields. */
const common = z.object({
  id: z.number().int(),
  /** How people call it. */
  title: z.string(),
  estate: named.nullable(),
  areaCode: z.string(),
  areaName: z.string(),
  fromOn: z.string().nullable(),
  toOn: z.string().nullable(),
  phase: z.enum(['in-force', 'coming', 'over']),
  document: z.string().nullable(),
  endReason: z.string().nullable(),
  /** The estates it is about, as far as in sight. */
  estates: z.array(named),
});
export type Entry = z.infer<typeof common> & Readonly<Record<string, unknown>>;

function contractsOf(kind: EntryKind) {
  const path = `/api/${kind.code}` as const;
  const seen: readonly [Standing, ...Standing[]] = kind.open ? ['office', 'body', 'resident'] : ['office'];
  const row = common.extend(fieldsOf(kind, shownAs));
  const choices = kind.fields.filter((field) => field.kind === 'choice');
  const filter = z.object({
    area: areaCode.optional(),
    estate: id.optional(),
    /** As it held on that day; without it, today. */
    on: day.optional(),
    phase: z.enum(['in-force', 'coming', 'over', 'all']).default('in-force'),
    ...Object.fromEntries(choices.map((field) => [field.key, codesOf(field).optional()])),
    search: z.string().max(60).optional(),
    sort: z.enum(['area', 'title', 'fromOn']).default('area'),
    order: z.enum(['asc', 'desc']).default('asc'),
    ...pageFields,
  });
  const members = kind.estates ? { estates: z.array(id).max(200, '最多 200 个小区').default([]) } : {};
  const made = z.object({ id: z.number().int() });
  const reason = z.string().trim().min(4, '理由至少 4 个字').max(200, '理由最多 200 字');
  return {
    list: contract({ method: 'GET', path, label: kind.label, may: seen, input: filter, output: page(row) }),
    export: contract({
      method: 'GET',
      path: `${path}/export`,
      label: `导出${kind.label}`,
      may: kind.open ? ['office', 'body'] : ['office'],
      input: filter,
      output: 'workbook',
    }),
    show: contract({
      method: 'GET',
      path: `${path}/:id`,
      label: `一${kind.counter}${kind.one}`,
      may: seen,
      input: z.object({ id }),
      /** All that it was and will be, the latest first. */
      output: row.extend({ history: z.array(row) }),
    }),
    add: contract({
      method: 'POST',
      path,
      label: `登记${kind.one}`,
      may: ['office'],
      input: z.object({ ...place(kind), ...fieldsOf(kind, filledIn), ...members, ...period }),
      output: made,
    }),
    /** It was written down wrongly. */
    correct: contract({
      method: 'POST',
      path: `${path}/:id/correction`,
      label: `更正${kind.one}`,
      may: ['office'],
      input: z.object({ id, ...fieldsOf(kind, filledIn), ...period, reason }),
      output: made,
    }),
    /** It became something else on a day: what it was until then stays. */
    change: contract({
      method: 'POST',
      path: `${path}/:id/change`,
      label: `变更${kind.one}`,
      may: ['office'],
      input: z.object({ id, ...fieldsOf(kind, filledIn), ...members, ...period, fromOn: day }),
      output: made,
    }),
    end: contract({
      method: 'POST',
      path: `${path}/:id/end`,
      label: `终止${kind.one}`,
      may: ['office'],
      input: z.object({ id, toOn: day, reason }),
      output: made,
    }),
  };
}
export type EntryContracts = ReturnType<typeof contractsOf>;

export const entryContracts: Readonly<Record<string, EntryContracts>> = Object.fromEntries(
  entryKinds.map((kind) => [kind.code, contractsOf(kind)]),
);

/** How many rows of each register are in force. */
export const countEntries = contract({
  method: 'GET',
  path: '/api/entries',
  label: '其他底册',
  may: ['office', 'body', 'resident'],
  input: z.object({ area: areaCode.optional(), estate: id.optional() }),
  output: z.object({
    items: z.array(
      z.object({ code: z.string(), label: z.string(), counter: z.string(), lead: z.string(), total: z.number().int() }),
    ),
  }),
});
