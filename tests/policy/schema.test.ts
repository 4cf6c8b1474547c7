// The schemas an editor uses: fresh, and of one mind with the files. To write them anew: GONGZHI_WRITE_DOCS=1 bin/test tests/policy/schema.test.ts

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { SUBJECTS } from '../../src/law/conditions.ts';
import { FIELDS } from '../../src/law/pack.ts';
import { policySchemas } from '../../src/law/schema.ts';
import { ownPolicyFolder, readPolicyFolders } from '../../src/platform/policy-files.ts';

const again = 'GONGZHI_WRITE_DOCS=1 bin/test tests/policy/schema.test.ts';
const schemas = policySchemas();
const names = Object.keys(schemas) as (keyof typeof schemas)[];
const files = await readPolicyFolders([ownPolicyFolder]);
const judges = Object.fromEntries(names.map((name) => [name, z.fromJSONSchema(schemas[name] as never)])) as Record<
  keyof typeof schemas,
  z.ZodType
>;

function kindOf(path: string): keyof typeof schemas | null {
  if (/\/clauses\/vocabulary\.yaml$/.test(path)) return null;
  if (/\/clauses\//.test(path)) return 'clauses';
  if (/\/calendars\//.test(path)) return 'calendar';
  return path.endsWith('/pack.yaml') ? 'pack' : 'topic';
}

describe('编辑器用的 JSON Schema', () => {
  it.each(names)('policy/schema/%s.json 就是代码现在的样子', (name) => {
    const path = join(ownPolicyFolder, 'schema', `${name}.json`);
    const printed = `${JSON.stringify(schemas[name], null, 2)}\n`;
    if (process.env.GONGZHI_WRITE_DOCS) {
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, printed);
    }
    expect(existsSync(path) && readFileSync(path, 'utf8') === printed, `已过时，请运行 ${again}`).toBe(true);
  });

  it.each(files.filter(({ path }) => kindOf(path) !== null))('$path 符合', ({ path, text }) => {
    const judged = judges[kindOf(path)!].safeParse(parse(text) ?? {});
    expect(judged.error?.issues).toBeUndefined();
  });

  it('条目的字段与读取器认识的一样多', () => {
    const { entry } = schemas.topic.$defs as { entry: { oneOf: { properties: object; required: string[] }[] } };
    const fields = (mark: string) =>
      new Set(
        entry.oneOf
          .filter(({ required }) => required.includes(mark))
          .flatMap(({ properties }) => Object.keys(properties)),
      );
    expect(fields('values')).toEqual(new Set(FIELDS.parameter));
    expect(fields('due')).toEqual(new Set(FIELDS.duty));
    expect(fields('target')).toEqual(new Set(FIELDS.indicator));
    expect(entry.oneOf.length).toBe(2 + 2 * Object.keys(SUBJECTS).length);
  });

  const report =
    'reports.monthly: { label: 月报, group: reports, force: binding, over: subdistricts, bearer: subdistrict-office, due: { every: month }, metBy: filings.filed, source: { text: 某办法, article: 第一条 } }';
  it.each([
    ['好的', report, true],
    ['没有这种对象', report.replace('over: subdistricts', 'over: streets'), false],
    ['没有这种单位', report.replace('bearer: subdistrict-office', 'bearer: street'), false],
    ['没有这个周期', report.replace('month }', 'week }'), false],
    ['少了依据', report.replace(/, source.*\}/, ' }'), false],
    ['多了字段', report.replace('label', 'colour: red, label'), false],
    ['对象没有这个属性', report.replace('bearer', 'where: { households: { atLeast: 1 } }, bearer'), false],
    ['写成小数', 'a.b: { label: 比例, force: binding, values: { 2024-01-01: { is: { atLeast: 0.5 } } } }', false],
    ['写成分数', 'a.b: { label: 比例, force: binding, values: { 2024-01-01: { is: { atLeast: 1/2 } } } }', true],
  ])('条目%s', (_, text, fits) => {
    expect(judges.topic.safeParse(parse(text)).success).toBe(fits);
  });
});
