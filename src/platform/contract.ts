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

/** In which post a page believes to act. */
export const POST_HEADER = 'x-gongzhi-post';
