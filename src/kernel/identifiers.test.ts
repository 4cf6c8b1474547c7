import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkCreditCode,
  checkDivisionCode,
  checkEstateScope,
  checkIdentityNumber,
  checkMobile,
  checkPropertyUnitCode,
  checkVerifyCode,
  creditCheckOf,
  divisionRange,
  estateScope,
  identityCheckOf,
  kindOfSubdistrict,
  levelOfDivision,
  parentDivision,
  spokenVerifyCode,
  VERIFY_ALPHABET,
  verifyCheckOf,
} from './identifiers.ts';

describe('FMT-01 统一社会信用代码', () => {
  it.each(['91350100M000100Y43', '9144030071526726XG', '914403001922038216', '91330106673959654P'])(
    '%s 有效',
    (code) => {
      expect(checkCreditCode(code)).toEqual({ ok: true, value: code });
    },
  );

  it.each([
    ['51350500MJC123456', 'E'],
    ['91320100MA1N00001', 'A'],
    ['91350502MAQ6HXUH7', '0'],
  ])('%s 的校验位是 %s', (body, check) => {
    expect(creditCheckOf(body)).toBe(check);
    expect(checkCreditCode(body + check).ok).toBe(true);
  });

  it('小写、全角和空格先规范', () => {
    expect(checkCreditCode(' ９1350100m000100y43 ')).toEqual({ ok: true, value: '91350100M000100Y43' });
  });

  it.each([
    ['91350100M000100Y44', '校验位'],
    ['9135010OM000100Y43', '不使用字符“O”'],
    ['9135010IM000100Y43', '不使用字符“I”'],
    ['9135010SM000100Y43', '不使用字符“S”'],
    ['9135010VM000100Y43', '不使用字符“V”'],
    ['9135010ZM000100Y43', '不使用字符“Z”'],
    ['91350100M000100Y4', '现为 17 位'],
    ['91350100M000100Y433', '现为 19 位'],
    ['', '现为 0 位'],
  ])('“%s” 无效：%s', (code, reason) => {
    expect(checkCreditCode(code)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });

  it('任何一位写错都能发现', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 17 }),
        fc.constantFrom(...'0123456789ABCDEFGHJKLMNPQRTUWXY'),
        (at, other) => {
          const code = '91330106673959654P';
          fc.pre(code[at] !== other);
          expect(checkCreditCode(code.slice(0, at) + other + code.slice(at + 1)).ok).toBe(false);
        },
      ),
    );
  });
});

describe('FMT-02 公民身份号码', () => {
  it.each(['11010519491231002X', '350502198002290010', '11010519491231002x'])('%s 有效', (number) => {
    expect(checkIdentityNumber(number)).toEqual({ ok: true, value: number.toUpperCase() });
  });

  it('校验位相符但出生日期不存在，无效', () => {
    expect(identityCheckOf('35050219000229001')).toBe('4');
    expect(checkIdentityNumber('350502190002290014')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('不存在'),
    });
  });

  it('出生年份过早只作提醒', () => {
    expect(checkIdentityNumber('440524188001010014')).toMatchObject({
      ok: true,
      warning: expect.stringContaining('1880'),
    });
  });

  it.each([
    ['350502198002290011', '校验位'],
    ['350502800229001', '15 位'],
    ['35050219800229001', '18 位'],
    ['3505021980022900100', '18 位'],
    ['X10105194912310020', '17 位数字'],
  ])('“%s” 无效：%s', (number, reason) => {
    expect(checkIdentityNumber(number)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });
});

describe('FMT-03 区划代码', () => {
  it.each([
    ['220000000000', 'province', null],
    ['220500000000', 'city', '220000000000'],
    ['220581000000', 'district', '220500000000'],
    ['220581102000', 'subdistrict', '220581000000'],
    ['220581102001', 'community', '220581102000'],
    ['441900003000', 'subdistrict', '441900000000'],
    ['441900003001', 'community', '441900003000'],
    ['000000000000', null, null],
  ])('%s 的层级为 %s，上级为 %s', (code, level, parent) => {
    expect(levelOfDivision(code)).toBe(level);
    expect(parentDivision(code)).toBe(parent);
  });

  it('220581102001 是镇下的社区', () => {
    expect(kindOfSubdistrict('220581102001')).toBe('镇');
    expect(kindOfSubdistrict('350502001000')).toBe('街道');
    expect(kindOfSubdistrict('350502200000')).toBe('乡');
    expect(kindOfSubdistrict('350502400000')).toBe('其他');
    expect(kindOfSubdistrict('350502000000')).toBeNull();
  });

  it.each([
    ['350502', '350502000000'],
    ['350502001', '350502001000'],
    [' 350502001001 ', '350502001001'],
  ])('%s 补足为 %s', (text, code) => {
    expect(checkDivisionCode(text)).toEqual({ ok: true, value: code });
  });

  it.each(['3505', '35050200100', '3505020010011', '35050200100A', '000000000000'])('“%s” 无效', (text) => {
    expect(checkDivisionCode(text).ok).toBe(false);
  });

  it.each([
    ['350000000000', '35', '35:'],
    ['350500000000', '3505', '3505:'],
    ['350502000000', '350502', '350502:'],
    ['350502001000', '350502001', '350502001:'],
    ['350502001001', '350502001001', '350502001001:'],
    ['350510000000', '350510', '350510:'],
  ])('%s 的范围为 %s 至 %s', (code, lo, hi) => {
    expect(divisionRange(code)).toEqual({ lo, hi });
  });

  it('范围恰好包含下级和下辖小区', () => {
    const digits = fc.stringMatching(/^[1-9]\d{11}$/);
    fc.assert(
      fc.property(digits, digits, fc.integer({ min: 1, max: 9999 }), (code, other, serial) => {
        const { lo, hi } = divisionRange(code);
        const scope = estateScope(code, serial);
        expect(scope >= lo && scope < hi).toBe(true);
        expect(other >= lo && other < hi).toBe(other.startsWith(lo));
        expect(checkEstateScope(scope)).toEqual({ ok: true, value: scope });
      }),
    );
  });

  it('小区编号为社区代码加四位序号', () => {
    expect(estateScope('350502001001', 7)).toBe('3505020010010007');
    expect(() => estateScope('350502001001', 0)).toThrow();
    expect(() => estateScope('350502001001', 10_000)).toThrow();
    expect(checkEstateScope('3505020010010000').ok).toBe(false);
  });
});

describe('FMT-04 不动产单元代码', () => {
  it.each([
    ['350502001002GB00012F00010023', true],
    ['350502 001002 GB00012 F00010023', true],
    ['350502001002GB00012W00000000', true],
    ['350502001002GB00012F0001002', false],
    ['350502001002XB00012F00010023', false],
    ['350502001002GB00012A00010023', false],
  ])('“%s” 是否有效：%s', (text, valid) => {
    expect(checkPropertyUnitCode(text).ok).toBe(valid);
  });
});

describe('FMT-05 手机号码', () => {
  it.each([
    ['13800138000', true],
    ['+86 138-0013-8000', true],
    ['8613800138000', true],
    ['１３８００１３８０００', true],
    ['19912345678', true],
    ['12800138000', false],
    ['1380013800', false],
    ['138001380000', false],
    ['95598', false],
    ['0595-22282345', false],
  ])('“%s” 是否有效：%s', (text, valid) => {
    expect(checkMobile(text).ok).toBe(valid);
  });
});

describe('核验码', () => {
  const body = 'K7WQ2M9TX';
  const code = body + verifyCheckOf(body);

  it('按纸上的写法、小写、带横线或空格都认得', () => {
    for (const text of [code, code.toLowerCase(), spokenVerifyCode(code), ` ${code.slice(0, 5)} ${code.slice(5)} `])
      expect(checkVerifyCode(text)).toEqual({ ok: true, value: code });
  });

  it('错一个字、相邻两字颠倒，都看得出', () => {
    for (let at = 0; at < code.length; at += 1) {
      for (const other of VERIFY_ALPHABET)
        if (other !== code[at])
          expect(checkVerifyCode(code.slice(0, at) + other + code.slice(at + 1)).ok, `${at} ${other}`).toBe(false);
      const [a, b] = [code[at]!, code[at + 1]];
      if (b !== undefined && a !== b)
        expect(checkVerifyCode(code.slice(0, at) + b + a + code.slice(at + 2)).ok, `${at}`).toBe(false);
    }
  });

  it.each([
    ['K7WQ2M9T', /现为 8 位/],
    [`${body}0`, /不使用字符“0”/],
    ['', /现为 0 位/],
  ])('%s 不是核验码', (text, reason) => {
    expect(checkVerifyCode(text)).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
  });
});
