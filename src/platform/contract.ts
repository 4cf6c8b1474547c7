/** What anybody may ask about the deployment itself, before they are known. */
import { z } from 'zod';
import { contract } from '../kernel/contract.ts';

export const deploymentContract = contract({
  method: 'GET',
  path: '/api/deployment',
  label: '本部署',
  may: ['anyone'],
  input: z.object({}),
  output: z.object({
    demo: z.boolean(),
    mode: z.enum(['demo', 'real', 'unprepared']),
    today: z.string(),
    publicUrl: z.string(),
  }),
});

/** What the last regular verification of the journal found. */
const verification = z.object({
  at: z.string(),
  /** Left out for an hour, or the files for a night: the worker does not run, or was kept from it. */
  late: z.boolean(),
  /** Nothing when it could not be carried through. */
  looked: z
    .object({
      chains: z.number(),
      events: z.number(),
      rows: z.number(),
      sealed: z.number(),
      files: z.number(),
      filesAt: z.string(),
    })
    .partial(),
  /** In words: the chain and the place in it, or the table and its row, and the kind of fault. */
  faults: z.array(z.object({ kind: z.string(), says: z.string() })),
  more: z.number().int(),
});
export type Verification = z.infer<typeof verification>;

export const verificationContract = contract({
  method: 'GET',
  path: '/api/journal/verification',
  label: '最近一次留痕核验',
  may: ['audit', 'system', 'security'],
  input: z.object({}),
  output: z.object({ verification: verification.nullable() }),
});

/** A page that broke by our own fault says so, and gets the name under which it stands in the log (报障码). Nothing of what it showed is told. */
export const reportFault = contract({
  method: 'POST',
  path: '/api/faults',
  label: '报告页面故障',
  may: ['signed-in'],
  input: z.object({
    /** The address, without what was asked for. */
    page: z.string().regex(/^\/[\w/.%-]{0,150}$/),
    kind: z.string().regex(/^\w{1,40}$/),
    /** Where in our own code: file, line, column. */
    where: z.array(z.string().regex(/^[\w.-]{1,80}:\d{1,7}:\d{1,7}$/)).max(12),
  }),
  output: z.object({ code: z.string() }),
});

/** In which post a page believes to act. */
export const POST_HEADER = 'x-gongzhi-post';
