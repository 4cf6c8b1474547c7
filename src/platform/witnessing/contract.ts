/** What anybody may ask about the journal as a whole: proofs that name nobody. */
import { z } from 'zod';
import { contract } from '../../kernel/contract.ts';

const size = z.coerce.number().int().min(0).max(999_999_999_999_999);

export const readCheckpoint = contract({
  method: 'GET',
  path: '/api/journal/checkpoint',
  label: '最新的检查点',
  may: ['anyone'],
  input: z.object({}),
  output: z.object({
    origin: z.string(),
    /** The deployment's Ed25519 key, base64. */
    publicKey: z.string(),
    size: z.number().int(),
    /** Base64. */
    root: z.string(),
    /** Text and signatures, the witnesses' among them. */
    note: z.string(),
    sealedAt: z.string(),
  }),
});

export const proveConsistency = contract({
  method: 'GET',
  path: '/api/journal/consistency',
  label: '两个检查点前后相接的证明',
  may: ['anyone'],
  input: z.object({ first: size, second: size }),
  output: z.object({ proof: z.array(z.string()) }),
});

export const cosignCheckpoint = contract({
  method: 'POST',
  path: '/api/journal/cosignatures',
  label: '见证方会签检查点',
  may: ['anyone'],
  /** A checkpoint of ours as the witness keeps it, with the witness's own signature among the lines. */
  input: z.object({ note: z.string().min(1).max(4_000) }),
  output: z.object({ agreed: z.boolean() }),
});

export const listRecoveries = contract({
  method: 'GET',
  path: '/api/journal/recoveries',
  label: '恢复声明',
  may: ['anyone'],
  input: z.object({}),
  output: z.object({ notes: z.array(z.string()) }),
});
