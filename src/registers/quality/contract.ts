/** What outsiders may ask about the quality of the registers. */
import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

/** Every kind of flaw: what it is called, what to do about it, and the page on which that is done. `:id` is the record, `:estate` its estate. */
export const flawKinds = {
  'floor-area-exceeded': {
    label: '房屋面积之和大于小区建筑面积',
    remedy: '核对小区的建筑面积和房屋名册，改错的一边',
    at: '/estates/:estate/units',
  },
  'household-count': {
    label: '户数与住宅套数不符',
    remedy: '核对户数；房屋名册不齐的补齐',
    at: '/estates/:estate/units',
  },
  'building-count': { label: '楼栋数与楼栋名册不符', remedy: '核对楼栋数；缺的楼栋补上', at: '/estates/:estate' },
  'owner-twice': {
    label: '同一业主登记了两次',
    remedy: '核对是不是同一个人；是的，用业主名册合为一人',
    at: '/estates/:estate/owners',
  },
  'project-overlap': {
    label: '同时登记了两家物业服务',
    remedy: '给已经退出的一家填上退场日期',
    at: '/estates/:estate',
  },
  'committee-overlap': { label: '同类业主组织任期重叠', remedy: '核对两届的起止日期', at: '/committees/:id' },
  'post-twice': { label: '同一人同一职务重复在任', remedy: '结束多出的一项任职', at: '/people' },
  'company-twice': {
    label: '同名企业登记了两次',
    remedy: '核对统一社会信用代码，停用多出的一家',
    at: '/companies/:id',
  },
  'management-area-exceeded': {
    label: '所含小区的面积之和大于物业管理区域',
    remedy: '核对划定的面积和所含小区',
    at: '/registers/management-areas/:id',
  },
  'project-lapsed': {
    label: '物业服务已到期，没有登记后续',
    remedy: '登记续签或新进场的物业；没有的，登记为无物业',
    at: '/estates/:estate',
  },
  'committee-lapsed': {
    label: '业主组织已届满，没有登记下一届',
    remedy: '登记换届结果；没有换届的，督促换届',
    at: '/committees/:id',
  },
  'body-unstaffed': { label: '单位没有在任人员', remedy: '由安全管理员登记任职', at: '/people' },
  'company-unanswered': {
    label: '企业没有责任单位',
    remedy: '登记企业所在地的责任单位，或改正企业的所在地',
    at: '/companies/:id',
  },
  'community-provisional': {
    label: '小区没有正式的社区',
    remedy: '用小区名册填上社区的 12 位代码',
    at: '/estates/:estate',
  },
  'estate-missing': { label: '小区的基本情况待补', remedy: '用小区名册补上所列各项', at: '/estates/:estate' },
  'service-unsurveyed': {
    label: '没有摸排过物业服务',
    remedy: '摸排后登记：有物业的登记企业，没有的登记为无',
    at: '/estates/:estate',
  },
  'committee-unsurveyed': {
    label: '没有摸排过业主组织',
    remedy: '摸排后登记：有的登记任期，没有的登记为无',
    at: '/estates/:estate',
  },
  'units-none': { label: '没有房屋名册', remedy: '导入房屋名册', at: '/estates/:estate/units' },
  'units-unmeasured': { label: '房屋面积待补', remedy: '用房屋名册补上面积', at: '/estates/:estate/units' },
  'units-unowned': { label: '房屋没有登记业主', remedy: '用业主名册补上业主', at: '/estates/:estate/units' },
  'project-missing': { label: '物业项目的情况待补', remedy: '补上所列各项', at: '/estates/:estate' },
  'committee-missing': { label: '业主组织的情况待补', remedy: '用业主组织名册补上所列各项', at: '/committees/:id' },
  'committee-roll': { label: '委员人数与名单不符', remedy: '核对委员人数和名单', at: '/committees/:id' },
  'committee-undirected': { label: '委员名单里没有主任', remedy: '补上委员的职务', at: '/committees/:id' },
  'company-missing': { label: '企业的情况待补', remedy: '用企业名册补上所列各项', at: '/companies/:id' },
  'equipment-unassigned': {
    label: '设施设备没有责任单位',
    remedy: '登记归谁管',
    at: '/registers/common-parts?estate=:estate',
  },
  'cameras-unassigned': {
    label: '视频监控没有责任单位',
    remedy: '登记归谁管',
    at: '/registers/cameras?estate=:estate',
  },
} as const satisfies Record<string, { label: string; remedy: string; at: string }>;
export type FlawKind = keyof typeof flawKinds;

const kind = z.enum(Object.keys(flawKinds) as [FlawKind, ...FlawKind[]]);
const id = z.coerce.number().int().positive();
const order = z.enum(['asc', 'desc']).default('asc');
const areaCode = z.string().regex(/^(?!00)\d{12}$/, '区划代码应为 12 位数字');

export const flaw = z.object({
  kind,
  /** Of the record it is about. */
  id: z.number().int(),
  name: z.string(),
  estateId: z.number().int().nullable(),
  areaName: z.string(),
  detail: z.string(),
  /** Null where nobody can know. */
  since: z.string().nullable(),
  keeperId: z.number().int().nullable(),
  keeperName: z.string().nullable(),
  /** The posts of the keeper in sight, by the name of the office. */
  posts: z.array(z.string()),
});
export type Flaw = z.infer<typeof flaw>;

const filter = { area: areaCode.optional(), kind: kind.optional(), keeper: id.optional() };

export const listFlaws = contract({
  method: 'GET',
  path: '/api/flaws',
  label: '数据质量',
  may: ['office', 'body'],
  input: z.object({ ...filter, sort: z.enum(['kind', 'area', 'since']).default('kind'), order, ...pageFields }),
  output: page(flaw),
});

export const countFlaws = contract({
  method: 'GET',
  path: '/api/flaws/counts',
  label: '数据质量各种问题的件数',
  may: ['office', 'body'],
  input: z.object({ area: areaCode.optional(), keeper: id.optional() }),
  output: z.object({ items: z.array(z.object({ kind, total: z.number().int() })) }),
});

export const exportFlaws = contract({
  method: 'GET',
  path: '/api/flaws/export',
  label: '导出数据质量清单',
  may: ['office', 'body'],
  input: z.object(filter),
  output: 'workbook',
});
