import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

/** What stands behind a filing. */
export const evidenceLabels = { attached: '已附材料', 'to-follow': '材料后补', none: '无须材料' } as const;
export type Evidence = keyof typeof evidenceLabels;
const evidence = z.enum(['attached', 'to-follow', 'none']);

/** Which bodies and places a filing may be about; the word is the pack's `over`. */
export const subjectKinds = [
  'provinces',
  'cities',
  'districts',
  'subdistricts',
  'communities',
  'estates',
  'companies',
  'projects',
  'committees',
  'managementCommittees',
] as const;

const day = z.iso.date('日期应写成 2026-07-10 的样子');

export const filing = z.object({
  id: z.number().int(),
  matter: z.string(),
  label: z.string(),
  subjectKind: z.enum(subjectKinds),
  subjectId: z.string(),
  subjectLabel: z.string(),
  period: z.string(),
  doneOn: day,
  filedOn: day,
  filedBy: z.string(),
  organisationId: z.number().int(),
  organisationName: z.string(),
  summary: z.string().nullable(),
  evidence,
  files: z.number().int(),
  withdrawn: z.string().nullable(),
});
export type Filing = z.infer<typeof filing>;

export const filingFilter = {
  area: z
    .string()
    .regex(/^(?!00)\d{12}$/)
    .optional(),
  estate: z.coerce.number().int().optional(),
  matter: z.string().optional(),
  subjectKind: z.enum(subjectKinds).optional(),
  subjectId: z.string().optional(),
  evidenceDue: z.enum(['yes', 'no']).optional(),
  text: z.string().trim().optional(),
};

export const listFilings = contract({
  method: 'GET',
  path: '/api/filings',
  label: '报备清单',
  may: ['office', 'body', 'resident'],
  input: z.object({ ...filingFilter, ...pageFields }),
  output: page(filing),
});

export const exportFilings = contract({
  method: 'GET',
  path: '/api/filings/export',
  label: '导出报备清单',
  may: ['office', 'body'],
  input: z.object(filingFilter),
  output: 'workbook',
});

export const readFiling = contract({
  method: 'GET',
  path: '/api/filings/:id',
  label: '一件报备',
  may: ['office', 'body', 'resident'],
  input: z.object({ id: z.coerce.number().int() }),
  output: filing.extend({
    evidenceFiles: z.array(
      z.object({ id: z.number().int(), name: z.string(), addedBy: z.string(), addedAt: z.string() }),
    ),
    acts: z.array(
      z.object({ act: z.string(), label: z.string(), allowed: z.boolean(), refusals: z.array(z.string()) }),
    ),
  }),
});

export const fileDeed = contract({
  method: 'POST',
  path: '/api/filings',
  label: '报备一件事',
  may: ['office', 'body'],
  input: z.object({
    matter: z.string().min(1),
    subjectKind: z.enum(subjectKinds),
    subjectId: z.string().min(1),
    period: z.string().min(1),
    doneOn: day,
    summary: z.string().trim().max(2000).optional(),
    evidence: z.enum(['to-follow', 'none']),
  }),
  output: filing,
});

export const addEvidence = contract({
  method: 'POST',
  path: '/api/filings/:id/evidence',
  label: '补交材料',
  may: ['office', 'body'],
  input: z.object({ id: z.coerce.number().int() }),
  output: filing,
  body: 'file',
});

export const readEvidence = contract({
  method: 'GET',
  path: '/api/filings/:id/evidence/:evidence',
  label: '查看材料',
  may: ['office', 'body'],
  input: z.object({ id: z.coerce.number().int(), evidence: z.coerce.number().int() }),
  output: 'file',
});

export const withdrawFiling = contract({
  method: 'POST',
  path: '/api/filings/:id/withdrawal',
  label: '撤回报备',
  may: ['office', 'body'],
  input: z.object({ id: z.coerce.number().int(), reason: z.string().trim().min(2, '请写明撤回的理由') }),
  output: filing,
});
