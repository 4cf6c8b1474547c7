/** The numbers a Word file shows but does not contain: 一、（一）1. 第三条 counted as Word and WPS count them. */

interface Level {
  start: number;
  format: string;
  /** `%1、`, with a place for the number of each level. */
  words: string;
  suffix: string;
  decimals: boolean;
  style: string | undefined;
}

interface Numbering {
  /** Which list a number belongs to, and where it begins anew. */
  lists: Map<string, { list: string; starts: Map<number, number> }>;
  levels: Map<string, Map<number, Level>>;
  /** What a paragraph style brings along. */
  styles: Map<string, Partial<Numbered> & { basedOn: string | undefined }>;
}

/** How a paragraph is numbered. */
export interface Numbered {
  style: string | undefined;
  number: string | undefined;
  level: number | undefined;
}

/** Gives, paragraph after paragraph in the order of the text, what stands before its words. */
export function numberer(numberingXml: string, stylesXml: string): (paragraph: Numbered) => string {
  const { lists, levels, styles } = readNumbering(numberingXml, stylesXml);
  const counts = new Map<string, number[]>();
  const begun = new Set<string>();
  return (paragraph) => {
    const own = { ...inherited(styles, paragraph.style), ...defined(paragraph) };
    const { list, starts } = lists.get(own.number ?? '') ?? {};
    const of = levels.get(list ?? '');
    if (list === undefined || starts === undefined || of === undefined) return '';
    const level = own.level ?? [...of].find(([, one]) => one.style !== undefined && one.style === own.style)?.[0] ?? 0;
    const look = of.get(level);
    if (look === undefined || look.format === 'none') return '';
    const count = counts.get(list) ?? [];
    counts.set(list, count);
    const anew = `${own.number} ${level}`;
    if (starts.has(level) && !begun.has(anew)) count[level] = starts.get(level)! - 1;
    begun.add(anew);
    count[level] = (count[level] ?? look.start - 1) + 1;
    count.length = level + 1;
    if (look.format === 'bullet') return '';
    const words = look.words.replaceAll(/%([1-9])/g, (_, digit: string) => {
      const at = Number(digit) - 1;
      const number = count[at] ?? of.get(at)?.start ?? 1;
      return inWords(number, look.decimals ? 'decimal' : (of.get(at)?.format ?? 'decimal'));
    });
    return words === '' || look.suffix === 'nothing' ? words : `${words} `;
  };
}

function defined({ style, number, level }: Numbered): Partial<Numbered> {
  return {
    ...(style !== undefined && { style }),
    ...(number !== undefined && { number }),
    ...(level !== undefined && { level }),
  };
}

/** What a style brings, or the style it is based on; a file may say that two are based on one another. */
function inherited(styles: Numbering['styles'], style: string | undefined, seen = 0): Partial<Numbered> {
  const found = styles.get(style ?? '');
  if (found === undefined || seen > 20) return {};
  const { basedOn, number, level } = found;
  if (number === undefined) return inherited(styles, basedOn, seen + 1);
  return { style, number, ...(level !== undefined && { level }) };
}

function readNumbering(numberingXml: string, stylesXml: string): Numbering {
  const styles: Numbering['styles'] = new Map();
  for (const [, tag, inner] of stylesXml.matchAll(/<w:style\s([^>]*)>(.*?)<\/w:style>/gs)) {
    const level = settingOf(inner!, 'ilvl');
    styles.set(attribute(tag!, 'styleId') ?? '', {
      basedOn: settingOf(inner!, 'basedOn'),
      number: settingOf(inner!, 'numId'),
      level: level === undefined ? undefined : Number(level),
    });
  }
  const levels: Numbering['levels'] = new Map();
  const links = new Map<string, string>();
  for (const [, tag, inner] of numberingXml.matchAll(/<w:abstractNum\s([^>]*)>(.*?)<\/w:abstractNum>/gs)) {
    const list = attribute(tag!, 'abstractNumId') ?? '';
    const link = settingOf(inner!, 'numStyleLink');
    if (link !== undefined) links.set(list, link);
    levels.set(list, levelsIn(inner!));
  }
  const lists: Numbering['lists'] = new Map();
  for (const [, tag, inner] of numberingXml.matchAll(/<w:num\s([^>]*)>(.*?)<\/w:num>/gs)) {
    const starts = new Map<number, number>();
    for (const [, over, start] of inner!.matchAll(/<w:lvlOverride\s([^>]*)>\s*<w:startOverride\s([^>]*)\/>/g))
      starts.set(Number(attribute(over!, 'ilvl')), Number(attribute(start!, 'val')));
    lists.set(attribute(tag!, 'numId') ?? '', { list: settingOf(inner!, 'abstractNumId') ?? '', starts });
  }
  // A list that only names a style is the list of that style.
  for (const one of lists.values()) {
    const linked = styles.get(links.get(one.list) ?? '')?.number;
    one.list = (linked !== undefined && lists.get(linked)?.list) || one.list;
  }
  return { lists, levels, styles };
}

function levelsIn(xml: string): Map<number, Level> {
  return new Map(
    [...xml.matchAll(/<w:lvl\s([^>]*)>(.*?)<\/w:lvl>/gs)].map(([, tag, inner]) => [
      Number(attribute(tag!, 'ilvl')),
      {
        start: Number(settingOf(inner!, 'start') ?? 1),
        format: settingOf(inner!, 'numFmt') ?? 'decimal',
        words: settingOf(inner!, 'lvlText') ?? '',
        suffix: settingOf(inner!, 'suff') ?? 'tab',
        decimals: /<w:isLgl\s*\/>/.test(inner!),
        style: settingOf(inner!, 'pStyle'),
      },
    ]),
  );
}

const attribute = (tag: string, name: string) => new RegExp(`\\bw:${name}="([^"]*)"`).exec(tag)?.[1];
const settingOf = (xml: string, name: string) => {
  const tag = new RegExp(`<w:${name}\\s([^>]*)>`).exec(xml)?.[1];
  return tag === undefined ? undefined : attribute(tag, 'val');
};

const CHINESE = /^(?:chinese|japanese|taiwanese|koreanCounting|ideograph)(?!Enclosed|Legal)/;
const LEGAL = [...'零壹贰叁肆伍陆柒捌玖'];
const PLAIN = [...'〇一二三四五六七八九'];

function inWords(number: number, format: string): string {
  if (CHINESE.test(format)) return inChinese(number, PLAIN, '十');
  if (format === 'chineseLegalSimplified') return inChinese(number, LEGAL, '拾');
  if (format === 'decimalEnclosedCircle' || format === 'decimalEnclosedCircleChinese')
    return number >= 1 && number <= 20 ? String.fromCodePoint(0x245f + number) : String(number);
  if (format === 'decimalZero') return String(number).padStart(2, '0');
  if (format === 'lowerLetter' || format === 'upperLetter') {
    const letter = String.fromCharCode(97 + ((number - 1) % 26)).repeat(Math.floor((number - 1) / 26) + 1);
    return format === 'upperLetter' ? letter.toUpperCase() : letter;
  }
  return String(number);
}

/** 1 … 99 in the words of headings: 十二, not 一十二; what is larger digit by digit. */
function inChinese(number: number, digits: readonly string[], ten: string): string {
  if (number < 10) return digits[number]!;
  if (number > 99) return inHundreds(number, digits, ten);
  const [tens, ones] = [Math.floor(number / 10), number % 10];
  return `${tens === 1 && ten === '十' ? '' : digits[tens]}${ten}${ones === 0 ? '' : digits[ones]}`;
}

/** 第一百零五条: the articles of a long regulation. */
function inHundreds(number: number, digits: readonly string[], ten: string): string {
  const [hundreds, rest] = [Math.floor(number / 100), number % 100];
  if (hundreds > 9) return String(number);
  const hundred = ten === '十' ? '百' : '佰';
  if (rest === 0) return `${digits[hundreds]}${hundred}`;
  if (rest < 10) return `${digits[hundreds]}${hundred}零${digits[rest]}`;
  return `${digits[hundreds]}${hundred}${digits[Math.floor(rest / 10)]}${ten}${rest % 10 === 0 ? '' : digits[rest % 10]}`;
}
