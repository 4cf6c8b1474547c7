/** Money in whole fen. */
import { type Parsed, read, unread } from './results.ts';
import { normaliseNumberText } from './text.ts';

export type Fen = bigint;

/** Reads '1,234.5 元', '￥100', '3.2万元'. Nothing is rounded: more decimals than the unit has are refused. */
export function parseMoney(text: string): Parsed<Fen> {
  const plain = normaliseNumberText(text)
    .replace(/^(?:人民币|RMB|CNY)/i, '')
    .replace(/^[¥￥]/, '');
  if (plain === '') return unread('未填写金额');
  const match = /^(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?(万元|万|元)?$/.exec(plain);
  if (!match) return unread(`“${text.trim()}”不是金额，请填写如 1234.50`);
  const [, sign, whole = '', decimals = '', unit = '元'] = match;
  if (sign) return unread('金额不能为负数');
  const places = unit === '元' ? 2 : 6;
  if (decimals.length > places)
    return unread(unit === '元' ? '金额最多两位小数（精确到分）' : '以万元填写时最多六位小数');
  return read(BigInt(whole.replaceAll(',', '') + decimals.padEnd(places, '0')));
}

/** '1,234.50' */
export function formatMoney(amountFen: Fen): string {
  const digits = (amountFen < 0n ? -amountFen : amountFen).toString().padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${amountFen < 0n ? '-' : ''}${whole}.${digits.slice(-2)}`;
}
