import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

/** The templates there are. What needs data of oversight is written there and drafted here. */
export const documentKinds = {
  notice: '通知',
  'directive-letter': '督办函',
  reminder: '限期补报提醒函',
  'month-notice': '本月清单通知',
  'survey-notice': '摸排通知',
  'correction-answer': '纠错答复',
} as const;
export type DocumentKind = keyof typeof documentKinds;

export const documentStandings = { drafted: '已起草，待盖章', valid: '有效', withdrawn: '已撤回' } as const;
export type DocumentStanding = keyof typeof documentStandings;

export const copyStandings = { valid: '有效', superseded: '已被替代', withdrawn: '已撤回' } as const;
export type CopyStanding = keyof typeof copyStandings;

/** Whose documents are listed. */
export const documentSides = { sent: '本单位起草的', received: '发给本单位的', public: '公开的', all: '全部' } as const;

const id = z.coerce.number().int();
const day = z.iso.date('日期应写成 2026-07-10 的样子');
const kind = z.enum(Object.keys(documentKinds) as [DocumentKind, ...DocumentKind[]]);
const standing = z.enum(Object.keys(documentStandings) as [DocumentStanding, ...DocumentStanding[]]);
const copyStanding = z.enum(Object.keys(copyStandings) as [CopyStanding, ...CopyStanding[]]);

export const document = z.object({
  id: z.number().int(),
  kind,
  title: z.string(),
  organisationId: z.number().int(),
  organisationName: z.string(),
  toId: z.number().int().nullable(),
  addressee: z.string().nullable(),
  placeName: z.string(),
  isPublic: z.boolean(),
  draftedOn: day,
  standing,
  /** Of the valid copy. */
  documentNumber: z.string().nullable(),
  issuedOn: day.nullable(),
});
export type Document = z.infer<typeof document>;

const filter = {
  side: z.enum(['sent', 'received', 'public', 'all']).default('all'),
  standing: standing.optional(),
  kind: kind.optional(),
};

export const listDocuments = contract({
  method: 'GET',
  path: '/api/documents',
  label: '文件清单',
  may: ['office', 'body'],
  input: z.object({ ...filter, ...pageFields }),
  output: page(document),
});

export const exportDocuments = contract({
  method: 'GET',
  path: '/api/documents/export',
  label: '导出文件清单',
  may: ['office', 'body'],
  input: z.object(filter),
  output: 'workbook',
});

const passage = z.object({ text: z.string(), as: z.enum(['heading', 'item']).optional() });

export const listToPost = contract({
  method: 'GET',
  path: '/api/documents/to-post',
  label: '还没有发到群里的通知',
  may: ['signed-in'],
  input: z.object({}),
  output: z.object({
    items: z.array(
      z.object({
        id: z.number().int(),
        title: z.string(),
        issuedOn: day,
        /** The groups one's own body looks after that it has not reached. */
        groups: z.number().int(),
        postId: z.number().int(),
      }),
    ),
  }),
});

export const readDocument = contract({
  method: 'GET',
  path: '/api/documents/:id',
  label: '一份文件',
  may: ['office', 'body'],
  input: z.object({ id }),
  output: document.extend({
    passages: z.array(passage),
    /** As printed, in two groups, and the address a code on paper leads to. */
    code: z.string(),
    url: z.string(),
    draftDigest: z.string(),
    mine: z.boolean(),
    withdrawn: z.object({ reason: z.string(), on: day }).nullable(),
    copies: z.array(
      z.object({
        place: z.number().int(),
        documentNumber: z.string(),
        issuedOn: day,
        addedOn: day,
        name: z.string(),
        digest: z.string(),
        standing: copyStanding,
      }),
    ),
    /** For a chat; only of a public document that is valid. */
    chat: z.string().nullable(),
    /** Groups within the place of a public document, and when and by which body it was posted there. */
    groups: z.array(
      z.object({
        id: z.number().int(),
        name: z.string(),
        estateName: z.string(),
        organisationName: z.string(),
        posted: z.object({ on: day, by: z.string() }).nullable(),
        mayPost: z.boolean(),
      }),
    ),
    acts: z.array(
      z.object({ act: z.string(), label: z.string(), allowed: z.boolean(), refusals: z.array(z.string()) }),
    ),
  }),
});

export const draftNotice = contract({
  method: 'POST',
  path: '/api/documents',
  label: '起草通知',
  may: ['office'],
  input: z.object({
    title: z.string().trim().min(4, '请写标题').max(60),
    addressee: z.string().trim().max(60).optional(),
    /** One paragraph a line. */
    text: z.string().trim().min(4, '请写正文').max(5000),
    /** By default the office's own area. */
    area: z.string().optional(),
    estate: id.optional(),
    isPublic: z.boolean(),
    blankHead: z.boolean().default(false),
  }),
  output: z.object({ id: z.number().int() }),
});

export const draftSurveyNotice = contract({
  method: 'POST',
  path: '/api/surveys/:id/notice',
  label: '起草摸排通知',
  may: ['office'],
  input: z.object({ id }),
  output: z.object({ id: z.number().int() }),
});

export const draftCorrectionAnswer = contract({
  method: 'POST',
  path: '/api/corrections/:id/letter',
  label: '起草纠错答复',
  may: ['office'],
  input: z.object({ id }),
  output: z.object({ id: z.number().int() }),
});

export const readDraft = contract({
  method: 'GET',
  path: '/api/documents/:id/draft',
  label: '下载起草稿',
  may: ['office'],
  input: z.object({ id }),
  output: 'file',
});

export const addSealedCopy = contract({
  method: 'POST',
  path: '/api/documents/:id/sealed-copies',
  label: '上传盖章件',
  may: ['office'],
  input: z.object({
    id,
    documentNumber: z.string().trim().min(2, '请填写发文字号').max(60),
    issuedOn: day,
  }),
  output: z.object({ id: z.number().int() }),
  body: 'file',
});

export const readSealedCopy = contract({
  method: 'GET',
  path: '/api/documents/:id/sealed-copies/:place',
  label: '下载盖章件',
  may: ['office', 'body'],
  input: z.object({ id, place: id }),
  output: 'file',
});

export const withdrawDocument = contract({
  method: 'POST',
  path: '/api/documents/:id/withdrawal',
  label: '撤回文件',
  may: ['office'],
  input: z.object({ id, reason: z.string().trim().min(4, '请写明撤回的理由').max(500) }),
  output: z.object({ id: z.number().int() }),
});

export const listPostings = contract({
  method: 'GET',
  path: '/api/groups/:id/postings',
  label: '一个群里发过的通知',
  may: ['office', 'body'],
  input: z.object({ id }),
  output: z.object({
    items: z.array(z.object({ documentId: z.number().int(), title: z.string(), on: day, by: z.string() })),
  }),
});

export const tickPosting = contract({
  method: 'POST',
  path: '/api/documents/:id/postings',
  label: '记下已发到群里',
  may: ['office', 'body'],
  input: z.object({ id, group: id }),
  output: z.object({ id: z.number().int() }),
});

/** What a code on paper leads to; nothing of a draft, no person, no addressee. */
export const verifyDocument = contract({
  method: 'GET',
  path: '/api/verify/:code',
  label: '凭核验码查文件',
  may: ['anyone'],
  input: z.object({ code: z.string().max(40) }),
  output: z.object({
    code: z.string(),
    kind,
    title: z.string(),
    issuer: z.string(),
    standing: z.enum(['valid', 'withdrawn']),
    withdrawn: z.object({ reason: z.string(), on: day }).nullable(),
    isPublic: z.boolean(),
    copies: z.array(
      z.object({
        place: z.number().int(),
        documentNumber: z.string(),
        issuedOn: day,
        digest: z.string(),
        standing: copyStanding,
      }),
    ),
  }),
});

export const readPublicCopy = contract({
  method: 'GET',
  path: '/api/verify/:code/copy',
  label: '凭核验码取公开的盖章件',
  may: ['anyone'],
  input: z.object({ code: z.string().max(40) }),
  output: 'file',
});
