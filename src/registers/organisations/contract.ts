/** What outsiders may ask about organisations: offices, party bodies, companies, committees. */
import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

export const organisationKinds = {
  'housing-bureau': '住建部门',
  'organisation-department': '组织部',
  'political-legal-commission': '政法委',
  'civil-affairs-bureau': '民政部门',
  'party-work-committee': '“两新”工委',
  'industry-party-committee': '物业行业党委',
  'property-association': '物业行业协会',
  'subdistrict-office': '街道办事处（乡镇政府）',
  'subdistrict-party-committee': '街道党工委',
  'residents-committee': '社区居委会',
  'community-party-organisation': '社区党组织',
  'estate-party-branch': '小区党支部',
  'property-company': '物业服务企业',
  'company-party-organisation': '物业企业党组织',
  'owners-committee': '业主委员会',
  'management-committee': '物业管理委员会',
  court: '人民法院',
  'urban-management': '城市管理部门',
  'market-supervision': '市场监管部门',
  'finance-bureau': '财政部门',
  'development-reform': '发展改革部门',
  'public-security': '公安机关',
} as const;
export type OrganisationKind = keyof typeof organisationKinds;

export const partyForms = { own: '单独组建', joint: '联合组建', regional: '区域联建', industry: '行业统建' } as const;
export type PartyForm = keyof typeof partyForms;

/** How a company stands with the party: what was surveyed and found, or nobody has looked yet. */
export const partyCoverages = { own: '已单独组建', joint: '已纳入联合组建', none: '未覆盖', unknown: '待补' } as const;

/** Answers to a question that may not have been asked yet. */
export const threeAnswers = { yes: '是', no: '否', unknown: '待补' } as const;

const kind = z.enum(Object.keys(organisationKinds) as [OrganisationKind, ...OrganisationKind[]]);
const threeAnswer = z.enum(['yes', 'no', 'unknown']);
const id = z.coerce.number().int().positive();
const areaCode = z.string().regex(/^(?!00)\d{12}$/, '区划代码应为 12 位数字');
const order = z.enum(['asc', 'desc']).default('asc');

export const organisation = z.object({
  id: z.number().int(),
  kind,
  name: z.string(),
  shortName: z.string().nullable(),
  uscc: z.string().nullable(),
  areaCode: z.string().nullable(),
  areaName: z.string().nullable(),
  parentId: z.number().int().nullable(),
  parentName: z.string().nullable(),
  foundedOn: z.string().nullable(),
  dissolvedOn: z.string().nullable(),
  enrolledOn: z.string(),
  telephone: z.string().nullable(),
});
export type Organisation = z.infer<typeof organisation>;

const organisationListInput = z.object({
  kind: kind.optional(),
  area: areaCode.optional(),
  search: z.string().optional(),
  sort: z.enum(['name', 'kind', 'area', 'foundedOn', 'enrolledOn']).default('area'),
  order,
  ...pageFields,
});

export const listOrganisations = contract({
  method: 'GET',
  path: '/api/organisations',
  label: '单位名录',
  may: ['signed-in'],
  input: organisationListInput,
  output: page(organisation),
});

export const exportOrganisations = contract({
  method: 'GET',
  path: '/api/organisations/export',
  label: '导出单位名录',
  may: ['office'],
  input: organisationListInput,
  output: 'workbook',
});

export const showOrganisation = contract({
  method: 'GET',
  path: '/api/organisations/:id',
  label: '一个单位',
  may: ['signed-in'],
  input: z.object({ id }),
  output: organisation.extend({ subordinates: z.array(organisation) }),
});

export const registerOrganisationHere = contract({
  method: 'POST',
  path: '/api/organisations',
  label: '登记单位',
  may: ['system', 'office'],
  input: z.object({
    kind,
    name: z.string().trim().min(2, '请填写单位全称').max(100, '名称最多 100 字'),
    shortName: z.string().trim().max(40, '简称最多 40 字').optional(),
    uscc: z.string().trim().optional(),
    areaCode,
    parentId: id.optional(),
    foundedOn: z.iso.date('请填写日期，如 2026-03-31').optional(),
    enrolledOn: z.iso.date('请填写日期，如 2026-03-31'),
    telephone: z.string().trim().max(30, '电话最多 30 字').optional(),
  }),
  output: z.object({ id: z.number().int() }),
});

export const company = z.object({
  id: z.number().int(),
  name: z.string(),
  uscc: z.string().nullable(),
  areaName: z.string().nullable(),
  registeredOn: z.string().nullable(),
  enrolledOn: z.string(),
  partySurveyed: z.boolean(),
  /** Numbers and answers: null is 待补. */
  fullMembers: z.number().int().nullable(),
  eligible: z.boolean().nullable(),
  hasPartyOrganisation: z.boolean().nullable(),
  inJointOrganisation: z.boolean().nullable(),
  organisationCovered: z.boolean().nullable(),
  hasInstructor: z.boolean().nullable(),
  workCovered: z.boolean().nullable(),
  projects: z.number().int(),
  /** The one body that answers for it; null is 待补. */
  responsibleName: z.string().nullable(),
});
export type Company = z.infer<typeof company>;

const companyListInput = z.object({
  area: areaCode.optional(),
  search: z.string().optional(),
  party: z.enum(['own', 'joint', 'none', 'unknown']).optional(),
  eligible: threeAnswer.optional(),
  instructor: threeAnswer.optional(),
  workCovered: threeAnswer.optional(),
  sort: z.enum(['name', 'area', 'registeredOn', 'fullMembers', 'projects']).default('name'),
  order,
  ...pageFields,
});

export const listCompanies = contract({
  method: 'GET',
  path: '/api/companies',
  label: '物业服务企业',
  may: ['office', 'body'],
  input: companyListInput,
  output: page(company),
});

export const exportCompanies = contract({
  method: 'GET',
  path: '/api/companies/export',
  label: '导出物业服务企业',
  may: ['office'],
  input: companyListInput,
  output: 'workbook',
});

export const showCompany = contract({
  method: 'GET',
  path: '/api/companies/:id',
  label: '一家物业服务企业',
  may: ['office', 'body'],
  input: z.object({ id }),
  output: company.extend({
    areaCode: z.string().nullable(),
    telephone: z.string().nullable(),
    arrangements: z.array(
      z.object({
        form: z.enum(['own', 'joint', 'regional', 'industry']),
        name: z.string().nullable(),
        foundedOn: z.string().nullable(),
        endedOn: z.string().nullable(),
      }),
    ),
    instructors: z.array(
      z.object({
        name: z.string(),
        dispatchedBy: z.string().nullable(),
        estateName: z.string().nullable(),
        fromOn: z.string().nullable(),
        toOn: z.string().nullable(),
      }),
    ),
    estates: z.array(
      z.object({
        id: z.number().int(),
        projectId: z.number().int(),
        name: z.string(),
        areaName: z.string(),
        managerName: z.string().nullable(),
        startedOn: z.string().nullable(),
        endedOn: z.string().nullable(),
        inForce: z.boolean(),
      }),
    ),
  }),
});
