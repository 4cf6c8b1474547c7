// Whatever is sent to whichever address by whomever: never a fault of the program, never a look inside, always a reason, and no hint of what
// lies out of sight. Longer in tests/deep/fuzz.test.ts.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  compareHidden,
  type Field,
  faultOf,
  fieldsOf,
  fuzz,
  kindNamed,
  namesNothing,
  openField,
  send,
} from './fuzz.ts';

const SEED = 20_261_126;
const kinds = ['未登录的人', '区住建局', '街道', '社区', '物业企业', '业委会', '业主', '管理员'];

let field: Field;
beforeAll(async () => {
  field = await openField();
});
afterAll(() => field?.close());

const callerNamed = (name: string) => field.callers.find((one) => one.name === name)!;

describe('照接口说明随机造的请求', () => {
  it('说明里有每一个接口，各种人都在；每个编号说得出是什么的编号', () => {
    expect(field.operations.length).toBeGreaterThan(60);
    expect(field.callers.map((one) => one.name)).toEqual(kinds);
    const unnamed = field.operations.flatMap((one) =>
      fieldsOf(one)
        .filter((name) => !kindNamed(one, name) && !namesNothing.has(name) && !namesNothing.has(`${one.path} ${name}`))
        .map((name) => `${one.path} ${name}`),
    );
    expect(unnamed).toEqual([]);
  });

  it.each(kinds)('%s：没有 5xx，不露内情，每次拒绝都有中文的理由', async (name) => {
    expect(await fuzz(field, callerNamed(name), { seed: SEED, runs: 3 })).toEqual([]);
  });

  it.each(kinds.slice(1))('%s：看不见的编号和没有的编号，答复一字不差', async (name) => {
    const { pairs, leaks } = await compareHidden(field, callerNamed(name), { seed: SEED, runs: 1 });
    expect(leaks).toEqual([]);
    // Whoever runs the system may ask for little that names a row.
    expect(pairs).toBeGreaterThan(name === '管理员' ? 1 : 10);
  });

  it('不成样子的正文：同样说明理由', async () => {
    const found: string[] = [];
    for (const json of [
      '',
      '{',
      '[]',
      '"字"',
      'null',
      '{"__proto__":{"id":1}}',
      `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
    ])
      for (const { method, path } of field.operations.filter((one) => one.body)) {
        const url = path.replace(/\{\w+\}/g, '1');
        const fault = faultOf(await send(field, callerNamed('区住建局'), { method, url, json }));
        if (fault) found.push(`${url} ${json.slice(0, 30)} → ${fault}`);
      }
    expect(found).toEqual([]);
  });
});
