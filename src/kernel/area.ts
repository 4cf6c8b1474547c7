/** Areas in hundredths of a square metre, as property titles print them. */
import { type Parsed, read, unread } from './results.ts';
import { normaliseNumberText } from './text.ts';

export type AreaCentiM2 = bigint;

/** Reads '89.34', '89.34㎡', '1,289.3 平方米'. A third decimal is refused, never rounded. */
export function parseArea(text: string): Parsed<AreaCentiM2> {
  const plain = normaliseNumberText(text);
  if (plain === '') return unread('未填写面积');
  const match = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?(㎡|m2|m²|平方米|平米|平)?$/i.exec(plain);
  if (!match) return unread(`“${text.trim()}”不是面积，请填写如 89.34（平方米）`);
  const [, whole = '', decimals = ''] = match;
  if (decimals.length > 2) return unread('面积最多两位小数（0.01 平方米）');
  return read(BigInt(whole.replaceAll(',', '') + decimals.padEnd(2, '0')));
}

/** '1,289.30' */
export function formatArea(areaCentiM2: AreaCentiM2): string {
  const digits = areaCentiM2.toString().padStart(3, '0');
  return `${digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')}.${digits.slice(-2)}`;
}
