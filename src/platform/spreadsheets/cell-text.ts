/** Raw spreadsheet values as the exact text a person meant: no float noise, dates as dates, percent with its sign. */

/** What a number format does to a number: '' leaves it, `pad:4` shows 7 as 0007. */
export type NumberLook = '' | 'date' | 'time' | 'percent' | `pad:${number}`;

/** Stands in a cell whose formula was never computed by the program that wrote the file. */
export const uncomputed = '#未计算';

/** Built-in formats that files name by number only; 27 to 58 are the Chinese ones. */
export function lookOfBuiltIn(id: number): NumberLook {
  if ((id >= 14 && id <= 17) || id === 22) return 'date';
  if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47)) return 'time';
  if ((id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 54) || id === 57 || id === 58) return 'date';
  if ((id >= 32 && id <= 35) || id === 55 || id === 56) return 'time';
  if (id === 9 || id === 10) return 'percent';
  return '';
}

export function lookOfCode(code: string): NumberLook {
  const bare = code
    .replace(/\\./g, '')
    .replace(/"[^"]*"/g, '')
    .replace(/[_*]./g, '')
    .replace(/\[(h+|m+|s+)\]/gi, '$1')
    .replace(/\[[^\]]*\]/g, '')
    .split(';')[0]!
    .trim()
    .toLowerCase();
  if (bare === '' || bare === '@' || bare.includes('general') || bare.includes('通用')) return '';
  if (bare.includes('%')) return 'percent';
  if (/^0+$/.test(bare)) return bare.length > 1 ? `pad:${bare.length}` : '';
  const withoutFraction = bare.replace(/s\.0+/g, 's');
  if (/[0#?]/.test(withoutFraction)) return '';
  if (/[ydg]|aaa|e/.test(bare)) return 'date';
  if (/[hs]/.test(bare)) return 'time';
  return bare.includes('m') ? 'date' : '';
}

export function numberText(value: number, look: NumberLook, date1904 = false): string {
  if (look === 'date' || look === 'time') return serialText(value, date1904) ?? plainNumber(value);
  if (look === 'percent') return `${plainNumber(value * 100)}%`;
  const text = plainNumber(value);
  if (look !== '' && /^\d+$/.test(text)) return text.padStart(Number(look.slice(4)), '0');
  return text;
}

/** 13 significant digits hide what binary fractions add (89.33999999999999 → 89.34); whole numbers stay whole. */
export function plainNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (Number.isInteger(value)) return BigInt(value).toString();
  const rounded = Number(value.toPrecision(13));
  const text = String(rounded);
  if (!text.includes('e')) return text;
  return rounded.toFixed(20).replace(/0+$/, '').replace(/\.$/, '');
}

/** A day number of Excel as 2024-03-18, with 08:30 behind it when a time was given; undefined outside Excel's calendar. */
export function serialText(serial: number, date1904 = false): string | undefined {
  const minutes = Math.round((serial + (date1904 ? 1462 : 0)) * 1440);
  const day = Math.floor(minutes / 1440);
  if (!Number.isFinite(serial) || day < 0 || day > 2_958_465) return undefined;
  const clock = `${pad(Math.floor((minutes % 1440) / 60))}:${pad(minutes % 60)}`;
  if (day === 0) return clock;
  // Excel believes in 29 February 1900, so days before it are one off.
  const date = new Date(Date.UTC(1899, 11, day < 60 ? 31 : 30) + day * 86_400_000);
  const text = date.toISOString().slice(0, 10);
  return minutes % 1440 === 0 ? text : `${text} ${clock}`;
}

/** Cell text as it is kept: line ends unified, Excel's escaped control characters undone, outer blanks gone. */
export function tidyText(text: string): string {
  let clean = text;
  if (clean.includes('_x')) {
    clean = clean.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
  if (clean.includes('\r')) clean = clean.replace(/\r\n?/g, '\n');
  return clean.trim();
}

const pad = (value: number) => String(value).padStart(2, '0');
