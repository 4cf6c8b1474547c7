// tests/fuzz.test.ts with other seeds and many more requests.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareHidden, type Field, fuzz, openField } from '../fuzz.ts';

let field: Field;
beforeAll(async () => {
  field = await openField();
});
afterAll(() => field?.close());

describe('照接口说明随机造的请求：更多', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    '第 %i 种人：没有 5xx，不露内情，每次拒绝都有理由；看不见的和没有的分不出',
    async (at) => {
      const caller = field.callers[at]!;
      expect(await fuzz(field, caller, { seed: 7_000 + at, runs: 25 })).toEqual([]);
      if (caller.actor) expect((await compareHidden(field, caller, { seed: 9_000 + at, runs: 6 })).leaks).toEqual([]);
    },
  );
});
