/** Identifiers with their check digits. Each check gives the normalised identifier or a reason in Chinese. */
import { isLocalDate } from './local-date.ts';
import { type Parsed, read, unread } from './results.ts';
import { normaliseNumberText } from './text.ts';

/** 统一社会信用代码, GB 32100-2015. */
export function checkCreditCode(text: string): Parsed<string> {
  const code = normaliseNumberText(text).toUpperCase();
  if (code.length !== 18) return unread(`统一社会信用代码应为 18 位，现为 ${code.length} 位`);
  const wrong = [...code].find((character) => !CREDIT_ALPHABET.includes(character));
  if (wrong !== undefined) return unread(`统一社会信用代码不使用字符“${wrong}”（无 I、O、S、V、Z）`);
  if (creditCheckOf(code.slice(0, 17)) !== code.charAt(17)) {
    return unread('统一社会信用代码校验位不符，请核对是否有误写');
  }
  return read(code);
}

/** The check character of the first 17; the outer modulo turns 31 into 0. */
export function creditCheckOf(body: string): string {
  const sum = CREDIT_WEIGHTS.reduce(
    (total, weight, at) => total + weight * CREDIT_ALPHABET.indexOf(body.charAt(at)),
    0,
  );
  return CREDIT_ALPHABET.charAt((31 - (sum % 31)) % 31);
}

/** 公民身份号码, GB 11643-1999. Division codes change, so the first six digits are not looked up. */
export function checkIdentityNumber(text: string): Parsed<string> {
  const number = normaliseNumberText(text).toUpperCase();
  if (/^\d{15}$/.test(number)) return unread('15 位旧号码已停用，请填写 18 位公民身份号码');
  if (!/^\d{17}[\dX]$/.test(number)) return unread('公民身份号码应为 18 位：17 位数字加 1 位数字或 X');
  const birthOn = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  if (!isLocalDate(birthOn)) return unread(`公民身份号码中的出生日期 ${birthOn} 不存在`);
  if (identityCheckOf(number.slice(0, 17)) !== number.charAt(17))
    return unread('公民身份号码校验位不符，请核对是否有误写');
  return read(number, birthOn < '1900-01-01' ? `出生日期 ${birthOn} 过早，请核对` : undefined);
}

export function identityCheckOf(body: string): string {
  const sum = IDENTITY_WEIGHTS.reduce((total, weight, at) => total + weight * Number(body.charAt(at)), 0);
  return '10X98765432'.charAt(sum % 11);
}

/** 手机号码 of the mainland; +86 and separators are stripped. */
export function checkMobile(text: string): Parsed<string> {
  const number = normaliseNumberText(text)
    .replace(/^(?:\+86|0086|86(?=1\d{10}$))/, '')
    .replaceAll('-', '');
  return /^1[3-9]\d{9}$/.test(number) ? read(number) : unread('手机号码应为 11 位数字，以 13 至 19 开头');
}

/** 不动产单元代码, GB/T 37346-2019: 28 characters, often printed in groups. */
export function checkPropertyUnitCode(text: string): Parsed<string> {
  const code = normaliseNumberText(text).toUpperCase();
  if (code.length !== 28) return unread(`不动产单元代码应为 28 位，现为 ${code.length} 位`);
  return /^\d{12}[GJZ][A-Z]\d{5}[FLQW]\d{8}$/.test(code)
    ? read(code)
    : unread('不动产单元代码格式不符，应如 350502001002GB00012F00010023');
}

export type DivisionLevel = 'province' | 'city' | 'district' | 'subdistrict' | 'community';

/** 统计用区划代码: twelve digits; the six- and nine-digit forms are completed with zeros. */
export function checkDivisionCode(text: string): Parsed<string> {
  const digits = normaliseNumberText(text);
  if (!/^(?:\d{6}|\d{9}|\d{12})$/.test(digits)) return unread('区划代码应为 12 位数字（或 6 位、9 位）');
  if (digits.startsWith('00')) return unread('区划代码的前两位（省级）不能为 00');
  return read(digits.padEnd(12, '0'));
}

/** The level a code stands for: that of its last group which is not zero. */
export function levelOfDivision(code: string): DivisionLevel | null {
  if (!/^\d{12}$/.test(code)) return null;
  return DIVISION_GROUPS.findLast(([, from, to]) => /[1-9]/.test(code.slice(from, to)))?.[0] ?? null;
}

/** The unit directly above, passing over groups that a place does not use (a city without counties); null for a province. */
export function parentDivision(code: string): string | null {
  const level = levelOfDivision(code);
  const group = DIVISION_GROUPS.find(([name]) => name === level);
  if (!group) return null;
  const parent = code.slice(0, group[1]).padEnd(12, '0');
  return levelOfDivision(parent) === null ? null : parent;
}

/** The code without its trailing zero groups: what every code below it begins with. */
export function divisionPrefix(code: string): string {
  const level = levelOfDivision(code);
  const group = DIVISION_GROUPS.find(([name]) => name === level);
  if (!group) throw new RangeError(`not a division code: ${code}`);
  return code.slice(0, group[2]);
}

/** Every code and scope below this one lies in lo ≤ scope < hi, in byte order (':' follows '9'). */
export function divisionRange(code: string): { lo: string; hi: string } {
  const lo = divisionPrefix(code);
  return { lo, hi: `${lo}:` };
}

/** What the third group of a code says about a sub-district. */
export function kindOfSubdistrict(code: string): '街道' | '镇' | '乡' | '其他' | null {
  if (levelOfDivision(code) === null) return null;
  const number = Number(code.slice(6, 9));
  if (number === 0) return null;
  if (number < 100) return '街道';
  if (number < 200) return '镇';
  return number < 400 ? '乡' : '其他';
}

/** The scope of an estate: its community's code and a serial of four digits. */
export function estateScope(communityCode: string, serial: number): string {
  if (!/^\d{12}$/.test(communityCode) || !Number.isInteger(serial) || serial < 1 || serial > 9999) {
    throw new RangeError(`not an estate scope: ${communityCode} ${serial}`);
  }
  return communityCode + String(serial).padStart(4, '0');
}

export function checkEstateScope(text: string): Parsed<string> {
  const scope = normaliseNumberText(text);
  return /^\d{16}$/.test(scope) && levelOfDivision(scope.slice(0, 12)) !== null && !scope.endsWith('0000')
    ? read(scope)
    : unread('小区编号应为 12 位区划代码加 4 位序号');
}

/** 核验码 of a document: nine drawn characters and a check character, printed in two groups; none that is taken for another when read. */
export function checkVerifyCode(text: string): Parsed<string> {
  const code = normaliseNumberText(text).toUpperCase().replaceAll('-', '');
  if (code.length !== 10) return unread(`核验码应为 10 位，现为 ${code.length} 位`);
  const wrong = [...code].find((character) => !VERIFY_ALPHABET.includes(character));
  if (wrong !== undefined) return unread(`核验码不使用字符“${wrong}”（无 0、1、I、L、O）`);
  return verifyCheckOf(code.slice(0, 9)) === code.charAt(9)
    ? read(code)
    : unread('核验码的校验位不符，请对照纸上的码重新填写');
}

/** Weights that differ modulo a prime: one character misread, or two neighbours exchanged, never goes unnoticed. */
export function verifyCheckOf(body: string): string {
  const sum = [...body].reduce((total, character, at) => total + (at + 1) * VERIFY_ALPHABET.indexOf(character), 0);
  return VERIFY_ALPHABET.charAt(sum % VERIFY_ALPHABET.length);
}

export function spokenVerifyCode(code: string): string {
  return `${code.slice(0, 5)}-${code.slice(5)}`;
}

export const VERIFY_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const IDENTITY_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const DIVISION_GROUPS: readonly (readonly [DivisionLevel, number, number])[] = [
  ['province', 0, 2],
  ['city', 2, 4],
  ['district', 4, 6],
  ['subdistrict', 6, 9],
  ['community', 9, 12],
];
