import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, testDistrict, today } from '../../../tests/district.ts';
import { localDate } from '../../kernel/local-date.ts';
import type { Person } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import { addEntries, entryKinds } from '../entries/index.ts';
import { resolvePerson } from '../people/index.ts';
import { findByWords } from './queries.ts';
import { folded, readWords, refusalsOfWords, spells } from './rules.ts';

describe('要找的话', () => {
  it.each([
    ['春江花园', ['春江花园'], null],
    ['春江 花园', ['春江', '花园'], null],
    ['ＣＪＨＹ', ['cjhy'], null],
    ['春江花园3-502', ['春江花园3-502'], { words: ['春江花园'], numbers: '3-502' }],
    ['春江花园 3栋502室', ['春江花园', '3栋502室'], { words: ['春江花园'], numbers: '3-502' }],
    ['cjhy 502', ['cjhy', '502'], { words: ['cjhy'], numbers: '502' }],
    ['502', ['502'], { words: [], numbers: '502' }],
    ['LC-3.6e', ['lc-3.6e'], null],
  ])('%s', (text, words, room) => {
    expect(readWords(text)).toEqual({ words, room });
  });

  it.each(['13800000000', '138 0000 0000', '+8613800000000', '990102199001010010', '99010219900101001X'])(
    '不按电话或证件号查找：%s',
    (text) => {
      expect(refusalsOfWords(text).map((one) => one.reason)).toEqual([
        '这里不按电话或证件号查找。请填写名称、拼音、代码或房号',
      ]);
    },
  );

  it.each(['990102001001', '91990102MA0000000X', '502', '12345', '春江花园138'])('代码和房号照找：%s', (text) => {
    expect(refusalsOfWords(text)).toEqual([]);
  });

  const spring = ['chun', 'jiang', 'hua', 'yuan'];
  it.each([
    ['cjhy', true],
    ['chunjianghuayuan', true],
    ['chunj', true],
    ['cjhuay', true],
    ['hy', true],
    ['jianghua', true],
    ['cjy', false],
    ['unjiang', false],
    ['cjhyx', false],
    ['', true],
  ])('拼音 %s 是不是“春江花园”：%s', (letters, is) => {
    expect(spells(letters, spring)).toBe(is);
  });

  it('任何一段首字母、任何一段全拼都拼得出自己', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 8 }),
        fc.nat(7),
        fc.nat(7),
        (syllables, a, b) => {
          const part = syllables.slice(Math.min(a, b), Math.max(a, b) + 1);
          expect(spells(part.join(''), syllables)).toBe(true);
          expect(spells(part.map((one) => one[0]).join(''), syllables)).toBe(true);
        },
      ),
    );
  });

  it('全角、大小写、空白不影响', () => {
    expect(folded('　Ａ区  3 栋 ')).toBe('a区 3 栋');
  });
});

describe('查找', () => {
  let district: District;
  let lin: Person;
  let chen: Person;
  let zhou: Person;
  let deng: Person;
  beforeAll(async () => {
    district = await testDistrict();
    await district.database.transaction(engine, async (tx) => {
      const grids = entryKinds.find((one) => one.code === 'grids')!;
      await addEntries(tx, grids, [
        { areaCode: codes.spring, name: '江畔网格', fromOn: '2026-01-01' },
        { areaCode: codes.stone, name: '江头网格', fromOn: '2026-01-01' },
        { areaCode: codes.stone, name: '江尾网格', fromOn: '2025-01-01', toOn: '2026-01-01' },
      ]);
      await record(tx, {
        chain: `organisation:${district.organisations.bureau}`,
        act: 'tests.entered',
        object: 'tests',
      });
    });
    const as = (account: number) =>
      district.database.transaction(
        { standing: 'door', today },
        async (tx) => (await resolvePerson(tx, account, null))!,
      );
    const { accounts } = district;
    [lin, chen, zhou, deng] = [
      await as(accounts.lin),
      await as(accounts.chen),
      await as(accounts.zhou),
      await as(accounts.deng),
    ];
  });
  afterAll(() => district?.close());

  const find = async (person: Person, words: string, each = 6) => {
    const groups = await district.database.transaction(person.actor, (tx) =>
      findByWords(tx, { words, each }, person, localDate(today)),
    );
    return Object.fromEntries(groups.map((one) => [one.kind, one.rows.map((row) => row.name)]));
  };

  it('同一个小区：名称、一部分、拼音首字母、全拼、所在社区，都找得到', async () => {
    for (const words of ['春江花园', '江花', 'cjhy', 'chunjianghuayuan', '春江 花园', '东湖 hy'])
      expect((await find(lin, words)).estate, words).toContain('春江花园');
  });

  it('最接近的在前', async () => {
    expect((await find(lin, '春江')).area).toEqual(['春江社区']);
    const { estate } = await find(lin, '春江花园');
    expect(estate![0]).toBe('春江花园');
  });

  it('看不见的查不到：街道查不到别的街道的小区和人员，企业只查到服务的小区，业主只查到自己的', async () => {
    expect((await find(lin, 'shiqiao')).area).toEqual(['石桥社区']);
    expect((await find(chen, 'shiqiao')).area).toBeUndefined();
    expect((await find(chen, '石桥')).estate).toBeUndefined();
    expect((await find(zhou, 'cjhy')).estate).toEqual(['春江花园']);
    for (const one of [zhou, deng]) {
      const found = await find(one, '石');
      expect(found.estate ?? []).toEqual([]);
      expect(found.person ?? []).toEqual([]);
    }
  });

  it('业主不按姓名查找，任职人员可以', async () => {
    expect((await find(lin, '邓小舟')).person).toBeUndefined();
    expect((await find(lin, '陈晓岚')).person).toEqual(['陈晓岚']);
    expect((await find(lin, 'cxl')).person).toEqual(['陈晓岚']);
    expect((await find(chen, '吴建国')).person).toBeUndefined();
  });

  it.each([
    ['春江花园2-101', ['2幢 101']],
    ['cjhy 101', ['1幢 101', '2幢 101']],
    ['春江花园 1幢10', ['1幢 101', '1幢 102']],
    ['春江花园9-101', undefined],
    ['石桥新村301', ['3幢 301']],
  ])('房号 %s', async (words, units) => {
    expect((await find(lin, words)).unit).toEqual(units);
  });

  it('只看得到几个小区的人不必写小区；看不到的小区写了也没有', async () => {
    expect((await find(zhou, '101')).unit).toEqual(['1幢 101', '2幢 101']);
    expect((await find(zhou, '石桥新村301')).unit).toBeUndefined();
  });

  it('其他底册：现行的按名称、拼音找得到，只在自己的辖区里', async () => {
    expect((await find(lin, 'jiangwg')).entry).toBeUndefined();
    expect((await find(lin, '网格 江')).entry?.toSorted()).toEqual(['江头网格', '江畔网格'].toSorted());
    expect((await find(lin, 'jpwg')).entry).toEqual(['江畔网格']);
    expect((await find(chen, '网格')).entry).toEqual(['江畔网格']);
    expect((await find(zhou, '网格')).entry).toBeUndefined();
  });

  it('每类最多给几项，多的说明还有', async () => {
    const groups = await district.database.transaction(lin.actor, (tx) =>
      findByWords(tx, { words: '社区', each: 1 }, lin, localDate(today)),
    );
    expect(groups.find((one) => one.kind === 'area')).toMatchObject({ more: true, rows: [{ place: '东湖街道' }] });
  });
});
