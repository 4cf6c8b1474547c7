/** What outsiders may ask about estates: the estates, their units and owners, service projects and committees. Null is 待补, never 0. */
import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

export const estateKinds = {
  commodity: '商品房小区',
  old: '老旧小区',
  resettlement: '安置房小区',
  affordable: '保障性住房小区',
  unmanaged: '无物业小区',
  mixed: '混合',
} as const;
export type EstateKind = keyof typeof estateKinds;

export const unitKinds = { dwelling: '住宅', shop: '商铺', parking: '车位', other: '其他' } as const;
export type UnitKind = keyof typeof unitKinds;

export const serviceModes = {
  company: '物业服务企业',
  'subdistrict-company': '街道（国有）物业',
  trustee: '社区托管',
  'self-management': '业主自管',
  'social-organisation': '社会组织',
} as const;
export type ServiceMode = keyof typeof serviceModes;

export const committeeKinds = { owners: '业主委员会', management: '物业管理委员会' } as const;
export type CommitteeKind = keyof typeof committeeKinds;

export const memberTitles = {
  director: '主任',
  'deputy-director': '副主任',
  member: '委员',
  alternate: '候补委员',
} as const;
export type MemberTitle = keyof typeof memberTitles;

/** How an estate organises its owners. */
export const committeeStates = { owners: '有业委会', management: '有物管会', none: '均无', unknown: '待补' } as const;
export const termStates = { 'in-term': '任期内', expired: '已届满', unknown: '待补' } as const;

const kind = z.enum(Object.keys(estateKinds) as [EstateKind, ...EstateKind[]]);
const unitKind = z.enum(Object.keys(unitKinds) as [UnitKind, ...UnitKind[]]);
const mode = z.enum(Object.keys(serviceModes) as [ServiceMode, ...ServiceMode[]]);
const committeeKind = z.enum(Object.keys(committeeKinds) as [CommitteeKind, ...CommitteeKind[]]);
const threeAnswer = z.enum(['yes', 'no', 'unknown']);
const id = z.coerce.number().int().positive();
const areaCode = z.string().regex(/^(?!00)\d{12}$/, '区划代码应为 12 位数字');
const order = z.enum(['asc', 'desc']).default('asc');
/** Hundredths of a square metre, as digits: an integer too large for JSON stays exact. */
const areaCentiM2 = z.string().regex(/^\d+$/);

export const estate = z.object({
  id: z.number().int(),
  name: z.string(),
  kind: kind.nullable(),
  communityCode: z.string(),
  communityName: z.string(),
  subdistrictName: z.string().nullable(),
  address: z.string().nullable(),
  urban: z.boolean().nullable(),
  floorAreaCentiM2: areaCentiM2.nullable(),
  households: z.number().int().nullable(),
  buildingCount: z.number().int().nullable(),
  completedYear: z.number().int().nullable(),
  served: z.boolean().nullable(),
  surveyedUnserved: z.boolean().nullable(),
  longTermManaged: z.boolean().nullable(),
  hasCommittee: z.boolean().nullable(),
  hasManagementCommittee: z.boolean().nullable(),
  fundAlarmUnits: z.number().int().nullable(),
  companyId: z.number().int().nullable(),
  companyName: z.string().nullable(),
  enrolledOn: z.string(),
});
export type Estate = z.infer<typeof estate>;

const estateListInput = z.object({
  area: areaCode.optional(),
  estate: id.optional(),
  kind: z.union([kind, z.literal('unknown')]).optional(),
  served: threeAnswer.optional(),
  committee: z.enum(['owners', 'management', 'none', 'unknown']).optional(),
  longTermManaged: threeAnswer.optional(),
  company: id.optional(),
  search: z.string().optional(),
  sort: z
    .enum([
      'area',
      'name',
      'kind',
      'households',
      'floorArea',
      'completedYear',
      'fundAlarmUnits',
      'company',
      'enrolledOn',
    ])
    .default('area'),
  order,
  ...pageFields,
});

export const listEstates = contract({
  method: 'GET',
  path: '/api/estates',
  label: '小区',
  may: ['office', 'body', 'resident'],
  input: estateListInput,
  output: page(estate),
});

export const exportEstates = contract({
  method: 'GET',
  path: '/api/estates/export',
  label: '导出小区',
  may: ['office', 'body'],
  input: estateListInput,
  output: 'workbook',
});

export const project = z.object({
  id: z.number().int(),
  estateId: z.number().int(),
  estateName: z.string(),
  communityName: z.string(),
  mode,
  companyId: z.number().int().nullable(),
  companyName: z.string().nullable(),
  managerName: z.string().nullable(),
  supervised: z.boolean().nullable(),
  startedOn: z.string().nullable(),
  endedOn: z.string().nullable(),
  inForce: z.boolean(),
});
export type Project = z.infer<typeof project>;

export const committee = z.object({
  /** The organisation's. */
  id: z.number().int(),
  name: z.string(),
  kind: committeeKind,
  estateId: z.number().int(),
  estateName: z.string(),
  communityName: z.string(),
  subdistrictName: z.string().nullable(),
  termFrom: z.string().nullable(),
  termTo: z.string().nullable(),
  inTerm: z.boolean().nullable(),
  members: z.number().int().nullable(),
  partyMembers: z.number().int().nullable(),
  ownerMembers: z.number().int().nullable(),
  hasPartyUnit: z.boolean().nullable(),
  enrolledOn: z.string(),
});
export type Committee = z.infer<typeof committee>;

export const showEstate = contract({
  method: 'GET',
  path: '/api/estates/:id',
  label: '一个小区',
  may: ['office', 'body', 'resident'],
  input: z.object({ id }),
  output: estate.extend({
    scope: z.string(),
    chain: z.array(z.object({ code: z.string(), name: z.string(), level: z.string() })),
    serviceSurveyed: z.boolean(),
    committeeSurveyed: z.boolean(),
    source: z.string().nullable(),
    /** Numbers of the whole estate; null for an owner, who sees only their own units. */
    units: z.number().int().nullable(),
    owners: z.number().int().nullable(),
    buildings: z.array(
      z.object({
        id: z.number().int(),
        name: z.string(),
        units: z.number().int().nullable(),
        areaCentiM2: areaCentiM2.nullable(),
      }),
    ),
    projects: z.array(project),
    committees: z.array(
      committee.extend({
        roll: z.array(
          z.object({
            name: z.string(),
            title: z.enum(['director', 'deputy-director', 'member', 'alternate']),
            fromOn: z.string().nullable(),
            toOn: z.string().nullable(),
          }),
        ),
      }),
    ),
  }),
});

export const unit = z.object({
  id: z.number().int(),
  buildingId: z.number().int(),
  buildingName: z.string(),
  name: z.string(),
  kind: unitKind,
  areaCentiM2: areaCentiM2.nullable(),
  owners: z.number().int(),
});
export type Unit = z.infer<typeof unit>;

const unitListInput = z.object({
  id,
  building: id.optional(),
  kind: unitKind.optional(),
  search: z.string().optional(),
  ...pageFields,
});

export const listUnits = contract({
  method: 'GET',
  path: '/api/estates/:id/units',
  label: '小区的房屋',
  may: ['office', 'body', 'resident'],
  input: unitListInput,
  output: page(unit),
});

export const showUnit = contract({
  method: 'GET',
  path: '/api/units/:id',
  label: '一套房屋',
  may: ['office', 'body', 'resident'],
  input: z.object({ id }),
  output: unit.extend({
    estateId: z.number().int(),
    estateName: z.string(),
    /** Who owns it, who did and who will, the latest first, as far as the list of owners goes: null for a body, of an owner only their own. */
    ownerships: z
      .array(
        z.object({
          personId: z.number().int(),
          name: z.string(),
          current: z.boolean(),
          /** The last four digits, of those who own it today. */
          phoneTail: z.string().nullable(),
          fromOn: z.string().nullable(),
          toOn: z.string().nullable(),
        }),
      )
      .nullable(),
  }),
});

export const exportUnits = contract({
  method: 'GET',
  path: '/api/estates/:id/units/export',
  label: '导出小区的房屋',
  may: ['office', 'body'],
  input: unitListInput,
  output: 'workbook',
});

export const owner = z.object({
  personId: z.number().int(),
  name: z.string(),
  /** The last four digits; the number itself stays sealed. */
  phoneTail: z.string().nullable(),
  unitId: z.number().int(),
  buildingName: z.string(),
  unitName: z.string(),
  areaCentiM2: areaCentiM2.nullable(),
  fromOn: z.string().nullable(),
});
export type Owner = z.infer<typeof owner>;

const ownerListInput = z.object({ estate: id, building: id.optional(), search: z.string().optional(), ...pageFields });

export const listOwners = contract({
  method: 'GET',
  path: '/api/owners',
  label: '小区的业主',
  may: ['office', 'resident'],
  input: ownerListInput,
  output: page(owner),
});

export const exportOwners = contract({
  method: 'GET',
  path: '/api/owners/export',
  label: '导出小区的业主',
  may: ['office'],
  input: ownerListInput,
  output: 'workbook',
});

/** Whole telephones of an estate at once: for a reason, as a workbook, and one trace for each of them. A POST, so that no reason stands in an address. */
export const exportOwnerPhones = contract({
  method: 'POST',
  path: '/api/estates/:id/phones/export',
  label: '导出业主电话',
  may: ['office'],
  input: z.object({
    id,
    reason: z.string().trim().min(4, '理由至少 4 个字').max(200, '理由最多 200 字'),
  }),
  output: 'workbook',
});

const committeeListInput = z.object({
  area: areaCode.optional(),
  estate: id.optional(),
  kind: committeeKind.optional(),
  term: z.enum(['in-term', 'expired', 'unknown']).optional(),
  partyUnit: threeAnswer.optional(),
  search: z.string().optional(),
  sort: z.enum(['area', 'name', 'termFrom', 'termTo', 'members']).default('area'),
  order,
  ...pageFields,
});

export const listCommittees = contract({
  method: 'GET',
  path: '/api/committees',
  label: '业主组织',
  may: ['office', 'body', 'resident'],
  input: committeeListInput,
  output: page(committee),
});

export const exportCommittees = contract({
  method: 'GET',
  path: '/api/committees/export',
  label: '导出业主组织',
  may: ['office'],
  input: committeeListInput,
  output: 'workbook',
});

export const showCommittee = contract({
  method: 'GET',
  path: '/api/committees/:id',
  label: '一个业主组织',
  may: ['office', 'body', 'resident'],
  input: z.object({ id }),
  output: showEstate.output.shape.committees.element,
});

const projectListInput = z.object({
  area: areaCode.optional(),
  estate: id.optional(),
  mode: mode.optional(),
  company: id.optional(),
  supervised: threeAnswer.optional(),
  inForce: z.enum(['yes', 'no']).optional(),
  search: z.string().optional(),
  sort: z.enum(['area', 'estate', 'company', 'startedOn']).default('area'),
  order,
  ...pageFields,
});

export const listProjects = contract({
  method: 'GET',
  path: '/api/projects',
  label: '物业项目',
  may: ['office', 'body', 'resident'],
  input: projectListInput,
  output: page(project),
});

export const showProject = contract({
  method: 'GET',
  path: '/api/projects/:id',
  label: '一个物业项目',
  may: ['office', 'body', 'resident'],
  input: z.object({ id }),
  output: project.extend({
    /** Who else served the estate, before and after, the latest first. */
    others: z.array(project),
    instructors: z.array(
      z.object({
        name: z.string(),
        dispatchedBy: z.string().nullable(),
        fromOn: z.string().nullable(),
        toOn: z.string().nullable(),
      }),
    ),
  }),
});

export const exportProjects = contract({
  method: 'GET',
  path: '/api/projects/export',
  label: '导出物业项目',
  may: ['office', 'body'],
  input: projectListInput,
  output: 'workbook',
});
