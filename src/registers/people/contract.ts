/** What outsiders may ask about people: who is signed in, in which post, and who holds which post. */
import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

export const roles = {
  head: '负责人',
  officer: '工作人员',
  secretary: '书记',
  director: '主任',
  member: '委员',
  manager: '经理',
  owner: '业主',
  administrator: '系统管理员',
  'security-administrator': '安全管理员',
  'audit-administrator': '审计管理员',
} as const;
export type PostRole = keyof typeof roles;

/** No two of these are ever one person. */
export const administratorRoles = ['administrator', 'security-administrator', 'audit-administrator'] as const;

const role = z.enum(Object.keys(roles) as [PostRole, ...PostRole[]]);
const id = z.coerce.number().int().positive();
const day = z.iso.date('请填写日期，如 2026-03-31');

/** A post as it is shown in the header of every screen. */
export const post = z.object({
  id: z.number().int(),
  role: z.string(),
  title: z.string(),
  organisationId: z.number().int().nullable(),
  organisationName: z.string(),
  organisationKind: z.string(),
  areaCode: z.string().nullable(),
  areaName: z.string(),
  level: z.enum(['province', 'city', 'district', 'subdistrict', 'community']).nullable(),
  /** The holder of the post, when it is exercised as deputy during leave. */
  behalf: z.object({ personId: z.number().int(), name: z.string() }).nullable(),
});

export const me = z.object({
  personId: z.number().int(),
  name: z.string(),
  post,
  posts: z.array(post),
  deployment: z.object({
    mode: z.enum(['demo', 'real']).nullable(),
    anchorOn: z.string().nullable(),
    today: z.string(),
  }),
});
export type Me = z.infer<typeof me>;

/** Known by a password alone; a code, or the enrolment that the post demands, is still to come. */
export const halfway = z.object({ name: z.string(), missing: z.enum(['second-factor', 'password', 'enrolment']) });
/** What every way of signing in answers. */
export const entered = z.union([me, halfway]);
export type Entered = z.infer<typeof entered>;

export const signInHere = contract({
  method: 'POST',
  path: '/api/sign-in',
  label: '登录',
  may: ['anyone'],
  input: z.object({
    name: z.string().trim().min(1, '请填写账号').max(100),
    password: z.string().min(1, '请填写密码').max(200),
  }),
  output: entered,
});

export const signOutHere = contract({
  method: 'POST',
  path: '/api/sign-out',
  label: '退出登录',
  may: ['anyone'],
  input: z.object({}),
  output: z.object({}),
});

export const switchPost = contract({
  method: 'POST',
  path: '/api/posts/:id/session',
  label: '切换身份',
  may: ['signed-in'],
  input: z.object({ id }),
  output: me,
});

export const showMe = contract({
  method: 'GET',
  path: '/api/me',
  label: '我是谁',
  may: ['signed-in'],
  input: z.object({}),
  output: me,
});

export const changePassword = contract({
  method: 'POST',
  path: '/api/me/password',
  label: '修改密码',
  may: ['signed-in'],
  input: z.object({ current: z.string().min(1, '请填写现在的密码'), next: z.string().min(1, '请填写新密码').max(200) }),
  output: z.object({}),
});

export const openAccount = contract({
  method: 'POST',
  path: '/api/people/:id/account',
  label: '开通账号',
  may: ['system'],
  input: z.object({ id, account: z.string().trim().min(2, '账号至少 2 个字').max(60, '账号最多 60 个字') }),
  /** The first password, shown once; the person changes it after signing in. */
  output: z.object({ account: z.string(), password: z.string() }),
});

export const heldPost = z.object({
  id: z.number().int(),
  personId: z.number().int(),
  personName: z.string(),
  role,
  title: z.string(),
  organisationId: z.number().int().nullable(),
  organisationName: z.string().nullable(),
  areaName: z.string().nullable(),
  fromOn: z.string(),
  toOn: z.string().nullable(),
  document: z.string().nullable(),
  /** Of a post brought to an end: by which document, and why. */
  endDocument: z.string().nullable(),
  endReason: z.string().nullable(),
  hasAccount: z.boolean(),
});
export type HeldPost = z.infer<typeof heldPost>;

const postListInput = z.object({
  organisation: id.optional(),
  area: z
    .string()
    .regex(/^(?!00)\d{12}$/, '区划代码应为 12 位数字')
    .optional(),
  role: role.optional(),
  /** Also posts that have ended. */
  past: z.enum(['yes', 'no']).default('no'),
  search: z.string().optional(),
  ...pageFields,
});

export const listPosts = contract({
  method: 'GET',
  path: '/api/posts',
  label: '任职名录',
  may: ['office', 'system', 'security', 'audit'],
  input: postListInput,
  output: page(heldPost),
});

export const exportPosts = contract({
  method: 'GET',
  path: '/api/posts/export',
  label: '导出任职名录',
  may: ['office', 'system', 'security', 'audit'],
  input: postListInput,
  output: 'workbook',
});

/** A flat somebody owns or owned. */
const owned = z.object({
  unitId: z.number().int(),
  estateId: z.number().int(),
  estateName: z.string(),
  buildingName: z.string(),
  unitName: z.string(),
  areaCentiM2: z.string().regex(/^\d+$/).nullable(),
  fromOn: z.string().nullable(),
  toOn: z.string().nullable(),
});

/** What happened to a post, or by whom it was exercised meanwhile. */
const absence = z.object({
  /** `deputising`: this person, for somebody else. */
  kind: z.enum(['leave', 'deputy', 'deputising']),
  title: z.string(),
  organisationName: z.string(),
  /** The deputy, or whom this person deputises for. */
  other: z.string().nullable(),
  fromOn: z.string(),
  toOn: z.string().nullable(),
  document: z.string(),
});

export const showPerson = contract({
  method: 'GET',
  path: '/api/people/:id',
  label: '一个人',
  may: ['office', 'system', 'security', 'audit'],
  input: z.object({ id }),
  /** Each part as far as the lists of posts, owners and absences show it to the one who asks. */
  output: z.object({
    id: z.number().int(),
    name: z.string(),
    place: z.string().nullable(),
    hasAccount: z.boolean(),
    posts: z.array(heldPost),
    /** Owners and telephones are for offices: null for an administrator, and where no flat of theirs is in sight. */
    owner: z.object({ phoneTail: z.string().nullable(), units: z.array(owned) }).nullable(),
    absences: z.array(absence),
  }),
});

const appointable = z.enum(['head', 'officer', 'secretary', 'director', 'member', 'manager', ...administratorRoles]);

export const appointHere = contract({
  method: 'POST',
  path: '/api/organisations/:id/posts',
  label: '任职',
  may: ['security'],
  input: z.object({
    id,
    name: z.string().trim().min(1, '请填写姓名').max(60, '姓名最多 60 字'),
    role: appointable,
    fromOn: day,
    document: z.string().trim().max(100, '文件最多 100 字').optional(),
  }),
  output: z.object({ postId: z.number().int(), personId: z.number().int() }),
});

export const addPostHere = contract({
  method: 'POST',
  path: '/api/people/:id/posts',
  label: '增加任职',
  may: ['security'],
  input: z.object({
    id,
    organisationId: id,
    role: appointable,
    fromOn: day,
    /** The first day no longer in the post, where the term is set beforehand. */
    toOn: day.optional(),
    document: z.string().trim().min(1, '请填写依据文件').max(100, '文件最多 100 字'),
  }),
  output: z.object({ postId: z.number().int() }),
});

export const endPost = contract({
  method: 'POST',
  path: '/api/posts/:id/end',
  label: '离任',
  may: ['security'],
  input: z.object({
    id,
    toOn: day,
    document: z.string().trim().min(1, '请填写依据文件').max(100, '文件最多 100 字'),
    reason: z.string().trim().min(1, '请填写理由').max(200, '理由最多 200 字'),
  }),
  output: z.object({ toOn: z.string() }),
});
