import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  addressOf,
  contract,
  type FileOutput,
  type InputOf,
  joinTitles,
  type OutputOf,
  page,
  pageFields,
  type ReadInputOf,
  splitTitles,
} from './contract.ts';

const listUnits = contract({
  method: 'GET',
  path: '/api/estates/:id/units',
  label: '小区房屋列表',
  may: ['office', 'body'],
  input: z.object({
    id: z.string(),
    search: z.string().optional(),
    kind: z.array(z.string()).optional(),
    ...pageFields,
  }),
  output: page(z.object({ name: z.string() })),
});

describe('接口契约', () => {
  it('类型由契约推出', () => {
    expectTypeOf<InputOf<typeof listUnits>['id']>().toEqualTypeOf<string>();
    expectTypeOf<ReadInputOf<typeof listUnits>['limit']>().toEqualTypeOf<number>();
    expectTypeOf<OutputOf<typeof listUnits>['rows']>().toEqualTypeOf<{ name: string }[]>();
    const download = contract({
      method: 'GET',
      path: '/api/units.xlsx',
      label: '导出',
      may: ['office'],
      input: z.object({}),
      output: 'workbook',
    });
    expectTypeOf<OutputOf<typeof download>>().toEqualTypeOf<FileOutput>();
    expect(download.body).toBe('json');
  });

  it('清单的导出都可以只要几列；别的工作簿和清单本身没有这一项', () => {
    const of = (path: `/${string}`) =>
      contract({ method: 'GET', path, label: '某', may: ['office'], input: z.object({}), output: 'workbook' });
    expect(
      of('/api/units/export')
        .input.strict()
        .safeParse({ columns: joinTitles(['甲', '乙']) }).success,
    ).toBe(true);
    expect(of('/api/units/template').input.strict().safeParse({ columns: '甲' }).success).toBe(false);
    expect(listUnits.input.strict().safeParse({ id: '1', columns: '甲' }).success).toBe(false);
    expect(splitTitles(joinTitles(['街道、社区', '户数']))).toEqual(['街道、社区', '户数']);
  });

  it('路径参数进路径，其余进查询', () => {
    expect(addressOf(listUnits, { id: '甲/1', search: '3 幢', kind: ['a', 'b'], offset: 0 })).toBe(
      '/api/estates/%E7%94%B2%2F1/units?search=3%20%E5%B9%A2&kind=a&kind=b&offset=0',
    );
    expect(() => addressOf(listUnits, { id: '' })).toThrow('id');
  });

  it('路径参数不在输入中时拒绝声明', () => {
    expect(() =>
      contract({
        method: 'GET',
        path: '/api/estates/:id',
        label: '小区',
        may: ['office'],
        input: z.object({}),
        output: z.object({}),
      }),
    ).toThrow('id');
    expect(() =>
      contract({
        method: 'GET',
        path: '/api/x',
        label: '上传',
        may: ['office'],
        input: z.object({}),
        output: z.object({}),
        body: 'file',
      }),
    ).toThrow('file');
  });

  it.each([
    [{}, { offset: 0, limit: 50 }],
    [
      { offset: '100', limit: '500' },
      { offset: 100, limit: 500 },
    ],
    [{ limit: '501' }, null],
    [{ limit: '0' }, null],
    [{ offset: '-1' }, null],
  ])('分页参数 %o', (query, expected) => {
    const parsed = z.object(pageFields).safeParse(query);
    expect(parsed.success ? parsed.data : null).toEqual(expected);
  });
});
