/** What outsiders may ask about signing in beyond the password: the second factor, and one's own sessions. */
import { z } from 'zod';
import { contract } from '../../kernel/contract.ts';

const code = z.string().trim().min(1, '请填写验证码').max(40);
/** What every way of signing in answers: who it is, and what is still missing. Who they are in full is asked for afterwards. */
export const entered = z.object({
  name: z.string(),
  missing: z.enum(['second-factor', 'password', 'enrolment']).nullable(),
});
export type Entered = z.infer<typeof entered>;
const id = z.coerce.number().int().positive();

export const showSignIn = contract({
  method: 'GET',
  path: '/api/sign-in',
  label: '登录到哪一步',
  may: ['anyone'],
  input: z.object({}),
  output: z.object({
    /** Somebody whose password was right; null when nobody is, or everything was given. */
    halfway: z
      .object({
        name: z.string(),
        missing: z.enum(['second-factor', 'password', 'enrolment']),
        /** The ways to give what is missing. */
        authenticator: z.boolean(),
        passkey: z.boolean(),
        /** Who gave the password that is to be replaced, when and why; null unless that is what is missing. */
        loan: z.object({ by: z.string(), reason: z.string(), at: z.string() }).nullable(),
      })
      .nullable(),
    /** Whether the address allows passkeys at all. */
    passkeys: z.boolean(),
    /** What the provider's button says; null without one. */
    identityProvider: z.string().nullable(),
  }),
});

export const beginAuthenticator = contract({
  method: 'POST',
  path: '/api/me/authenticator',
  label: '添加动态口令',
  may: ['anyone'],
  input: z.object({}),
  /** What the QR says, and the same to be typed. */
  output: z.object({ uri: z.string(), secret: z.string() }),
});

export const confirmAuthenticator = contract({
  method: 'POST',
  path: '/api/me/authenticator/confirmation',
  label: '启用动态口令',
  may: ['anyone'],
  input: z.object({ code }),
  /** Shown once. */
  output: z.object({ recoveryCodes: z.array(z.string()), entered }),
});

export const giveCode = contract({
  method: 'POST',
  path: '/api/sign-in/code',
  label: '二次验证',
  may: ['anyone'],
  input: z.object({ code }),
  output: entered,
});

export const setOwnPassword = contract({
  method: 'POST',
  path: '/api/sign-in/password',
  label: '设置自己的密码',
  may: ['anyone'],
  input: z.object({ next: z.string().min(1, '请填写新密码').max(200) }),
  output: entered,
});

export const resetPassword = contract({
  method: 'POST',
  path: '/api/people/:id/password/reset',
  label: '重置密码',
  may: ['system'],
  input: z.object({ id, reason: z.string().trim().min(2, '请写明理由').max(200) }),
  /** Shown once; good for some hours and only to set one's own. */
  output: z.object({ account: z.string(), password: z.string(), hours: z.number().int() }),
});

export const endAuthenticator = contract({
  method: 'POST',
  path: '/api/me/authenticator/end',
  label: '停用动态口令',
  may: ['signed-in'],
  input: z.object({ code }),
  output: z.object({}),
});

export const renewRecoveryCodes = contract({
  method: 'POST',
  path: '/api/me/recovery-codes',
  label: '换新恢复码',
  may: ['signed-in'],
  input: z.object({ code }),
  output: z.object({ recoveryCodes: z.array(z.string()) }),
});

export const showSecurity = contract({
  method: 'GET',
  path: '/api/me/security',
  label: '登录安全',
  may: ['signed-in'],
  input: z.object({}),
  output: z.object({
    /** The posts ask for a second factor. */
    demanded: z.boolean(),
    /** They do, but this is a ready sign-in of the demo. */
    exempt: z.boolean(),
    authenticator: z.boolean(),
    recoveryCodesLeft: z.number().int(),
    /** Null where the address allows none. */
    passkeys: z
      .array(
        z.object({
          id: z.number().int(),
          name: z.string(),
          madeAt: z.string(),
          usedAt: z.string().nullable(),
        }),
      )
      .nullable(),
    /** Null without a provider. */
    identity: z.object({ label: z.string(), bound: z.boolean() }).nullable(),
    sessions: z.array(
      z.object({
        id: z.number().int(),
        agent: z.string().nullable(),
        createdAt: z.string(),
        seenAt: z.string(),
        here: z.boolean(),
      }),
    ),
  }),
});

export const endSession = contract({
  method: 'POST',
  path: '/api/me/sessions/:id/end',
  label: '结束一个会话',
  may: ['signed-in'],
  input: z.object({ id }),
  output: z.object({}),
});

export const endOtherSessions = contract({
  method: 'POST',
  path: '/api/me/sessions/end',
  label: '结束其他会话',
  may: ['signed-in'],
  input: z.object({}),
  output: z.object({ ended: z.number().int() }),
});

export const clearSecondFactor = contract({
  method: 'POST',
  path: '/api/people/:id/second-factor/end',
  label: '清除二次验证',
  may: ['security'],
  input: z.object({ id, reason: z.string().trim().min(2, '请写明理由').max(200) }),
  output: z.object({}),
});

/** What a browser and its device say to each other is theirs; the platform's library reads it. */
const ofDevice = z.record(z.string(), z.unknown());
const passkeyName = z.string().trim().min(1, '请填写名称').max(40, '名称最多 40 字');

export const beginPasskey = contract({
  method: 'POST',
  path: '/api/me/passkeys/options',
  label: '准备添加通行密钥',
  may: ['anyone'],
  input: z.object({}),
  output: z.object({ options: ofDevice }),
});

export const addPasskey = contract({
  method: 'POST',
  path: '/api/me/passkeys',
  label: '添加通行密钥',
  may: ['anyone'],
  input: z.object({ name: passkeyName, response: ofDevice }),
  output: entered,
});

export const renamePasskey = contract({
  method: 'POST',
  path: '/api/me/passkeys/:id/name',
  label: '给通行密钥改名',
  may: ['signed-in'],
  input: z.object({ id, name: passkeyName }),
  output: z.object({}),
});

export const endPasskey = contract({
  method: 'POST',
  path: '/api/me/passkeys/:id/end',
  label: '删除通行密钥',
  may: ['signed-in'],
  input: z.object({ id }),
  output: z.object({}),
});

export const beginPasskeySignIn = contract({
  method: 'POST',
  path: '/api/sign-in/passkey/options',
  label: '准备用通行密钥登录',
  may: ['anyone'],
  input: z.object({}),
  output: z.object({ options: ofDevice }),
});

export const signInByPasskey = contract({
  method: 'POST',
  path: '/api/sign-in/passkey',
  label: '用通行密钥登录',
  may: ['anyone'],
  input: z.object({ response: ofDevice }),
  output: entered,
});

export const leaveForProvider = contract({
  method: 'POST',
  path: '/api/sign-in/provider/leaving',
  label: '去统一身份认证',
  may: ['anyone'],
  /** `bind`: to bind the identity to the account signed in, instead of signing in by it. */
  input: z.object({ bind: z.boolean().default(false) }),
  output: z.object({ url: z.string() }),
});

export const returnFromProvider = contract({
  method: 'POST',
  path: '/api/sign-in/provider',
  label: '从统一身份认证回来',
  may: ['anyone'],
  input: z.object({
    code: z.string().min(1).max(4000),
    state: z.string().min(1).max(500),
    iss: z.string().max(500).optional(),
  }),
  output: entered.extend({ bound: z.boolean() }),
});

export const unbindIdentity = contract({
  method: 'POST',
  path: '/api/me/identity/end',
  label: '解除统一身份绑定',
  may: ['signed-in'],
  input: z.object({}),
  output: z.object({}),
});

export const bindIdentityOf = contract({
  method: 'POST',
  path: '/api/people/:id/identity',
  label: '绑定统一身份',
  may: ['security'],
  /** As the provider names the person (`sub`). */
  input: z.object({ id, subject: z.string().trim().min(1, '请填写统一身份标识').max(255) }),
  output: z.object({}),
});

export const unbindIdentityOf = contract({
  method: 'POST',
  path: '/api/people/:id/identity/end',
  label: '解除他人的统一身份绑定',
  may: ['security'],
  input: z.object({ id }),
  output: z.object({}),
});
