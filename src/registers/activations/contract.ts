/** What outsiders may ask about an owner's way to an account. */
import { z } from 'zod';
import { contract } from '../../kernel/contract.ts';

const id = z.coerce.number().int().positive();
const name = z.string().trim().min(1, '请填写姓名').max(60, '姓名最多 60 字');
const account = z.string().trim().min(2, '账号至少 2 个字').max(60, '账号最多 60 个字');
const phone = z
  .string()
  .trim()
  .transform((text) => text.normalize('NFKC').replace(/[\s-]/g, ''))
  .pipe(z.string().regex(/^1[3-9]\d{9}$/, '请填写 11 位手机号'));
const entered = z.object({ name: z.string(), missing: z.enum(['second-factor', 'password', 'enrolment']).nullable() });

export const askPhoneCode = contract({
  method: 'POST',
  path: '/api/sign-in/phone',
  label: '发送手机验证码',
  may: ['anyone'],
  input: z.object({ phone }),
  /** The same whether or not the number is known. */
  output: z.object({ minutes: z.number().int() }),
});

export const signInByPhone = contract({
  method: 'POST',
  path: '/api/sign-in/phone/code',
  label: '用手机验证码登录',
  may: ['anyone'],
  input: z.object({
    phone,
    code: z
      .string()
      .trim()
      .regex(/^\d{6}$/, '验证码是六位数字'),
  }),
  output: entered,
});

export const showActivation = contract({
  method: 'GET',
  path: '/api/activation',
  label: '业主怎样登录',
  may: ['anyone'],
  input: z.object({}),
  output: z.object({ phone: z.boolean() }),
});

export const activate = contract({
  method: 'POST',
  path: '/api/activation',
  label: '用激活信开通',
  may: ['anyone'],
  input: z.object({
    code: z.string().trim().min(1, '请填写信上的码').max(60),
    name,
    account,
    password: z.string().min(1, '请填写密码').max(200),
  }),
  output: entered,
});

const letter = z.object({
  letterId: z.number().int(),
  /** Shown once; only its hash is kept. */
  code: z.string(),
  /** For the QR: the code stands after the #, where it reaches no server and no log. */
  url: z.string(),
  ownerName: z.string(),
  estateName: z.string(),
  unitName: z.string(),
  issuer: z.string(),
  issuedOn: z.string(),
  expiresOn: z.string(),
});
export type Letter = z.infer<typeof letter>;

export const listOwnersOfUnit = contract({
  method: 'GET',
  path: '/api/units/:id/activations',
  label: '一套房屋的业主账号',
  may: ['office'],
  input: z.object({ id }),
  output: z.object({
    estateName: z.string(),
    unitName: z.string(),
    owners: z.array(
      z.object({
        personId: z.number().int(),
        name: z.string(),
        phoneTail: z.string().nullable(),
        hasIdentity: z.boolean(),
        hasAccount: z.boolean(),
        letter: z.object({ issuedOn: z.string(), expiresOn: z.string() }).nullable(),
      }),
    ),
  }),
});

export const issueLetter = contract({
  method: 'POST',
  path: '/api/units/:id/letters',
  label: '出激活信',
  may: ['office'],
  input: z.object({ id, personId: id }),
  output: letter,
});

export const openAtCounter = contract({
  method: 'POST',
  path: '/api/units/:id/counter',
  label: '柜台开通业主账号',
  may: ['office'],
  input: z.object({
    id,
    name,
    /** What the owner shows: last four digits of the telephone, or the identity number in full. */
    proof: z.string().trim().min(1, '请填写手机号后四位或证件号').max(30),
    account,
  }),
  /** The first password, shown once. */
  output: z.object({ account: z.string(), password: z.string() }),
});

export const vouch = contract({
  method: 'POST',
  path: '/api/units/:id/vouchers',
  label: '为业主担保',
  may: ['body'],
  input: z.object({ id, name }),
  output: z.object({ voucherId: z.number().int() }),
});

export const listVouchers = contract({
  method: 'GET',
  path: '/api/estates/:id/vouchers',
  label: '业主担保',
  may: ['office', 'body'],
  input: z.object({ id }),
  output: z.object({
    vouchers: z.array(
      z.object({
        id: z.number().int(),
        unitName: z.string(),
        ownerName: z.string(),
        /** Null to whom the name is not shown. */
        vouchedBy: z.string().nullable(),
        vouchedOn: z.string(),
        state: z.enum(['waiting', 'confirmed', 'declined']),
        declined: z.string().nullable(),
      }),
    ),
  }),
});

export const confirmVoucher = contract({
  method: 'POST',
  path: '/api/vouchers/:id/confirmation',
  label: '核对担保',
  may: ['office'],
  input: z.object({ id }),
  output: letter,
});

export const declineVoucher = contract({
  method: 'POST',
  path: '/api/vouchers/:id/declining',
  label: '不予确认',
  may: ['office'],
  input: z.object({ id, reason: z.string().trim().min(2, '请写明理由').max(200) }),
  output: z.object({}),
});
