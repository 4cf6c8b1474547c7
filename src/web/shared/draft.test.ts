import { describe, expect, it } from 'vitest';
import { keepable } from './draft.ts';

describe('草稿里留什么', () => {
  it.each([
    [
      '理由、日期、单位的编号',
      { reason: '工程未完工', to: '2026-12-31', awaited: 7, below: true },
      ['reason', 'to', 'awaited', 'below'],
    ],
    ['空的不留', { reason: '', document: undefined, file: null }, []],
    ['文件和对象不留', { file: { name: '章程.pdf' }, list: [1] }, []],
    [
      '密码、验证码、电话、证件号，按名字不留',
      { password: 'a', newPassword: 'b', code: '123456', phone: '1', identityNumber: '2' },
      [],
    ],
    [
      '像电话或证件号的值，写在哪里都不留',
      { reason: '请打 138 0000 0000', note: '990102199001010010', document: '泉政〔2026〕12号' },
      ['document'],
    ],
    ['全角的也认得出', { reason: '１３８００００００００' }, []],
    ['条款号和区划代码照留', { clauseId: 'LC-5.3a', area: '990102001001' }, ['clauseId', 'area']],
  ])('%s', (_, fields, kept) => expect(Object.keys(keepable(fields))).toEqual(kept));
});
