/**
 * An official document (公文) as docx by GB/T 9704: A4, 22 lines of 28 characters, title in size 2, body in size 3. The looks are here, the
 * words come from the rooms. It is a draft: number, red head and seal are given in the office's own system.
 */
import {
  AlignmentType,
  BorderStyle,
  convertMillimetersToTwip,
  Document,
  DocumentGridType,
  Footer,
  Header,
  ImageRun,
  type IParagraphOptions,
  LineRuleType,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlignTable,
  WidthType,
} from 'docx';
import { dayInWords, type LocalDate } from '../kernel/local-date.ts';
import { qrPng } from './qr.ts';

/** `heading`: 一、 in 黑体; `item`: （一） in 楷体; otherwise the body. */
export interface Passage {
  text: string;
  as?: 'heading' | 'item';
}

export interface OfficialDocument {
  title: string;
  /** 主送机关. */
  addressee: string | null;
  passages: readonly Passage[];
  issuer: string;
  writtenOn: LocalDate;
  /** Lines left blank above the title, for the red head of the office's own system. */
  blankHead: boolean;
  /** Where the sealed copy is looked up. */
  verify: { url: string; code: string };
  demo: boolean;
}

const FANGSONG = '仿宋_GB2312';
const SONG = '方正小标宋简体';
const HEI = '黑体';
const KAI = '楷体_GB2312';

/** Named, never bundled; whoever has none of the first gets the next. */
const fontTable = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">${Object.entries({
  [FANGSONG]: '仿宋,FangSong,STFangsong,华文仿宋,FandolFang',
  [SONG]: '小标宋,华文中宋,宋体,SimSun',
  [HEI]: 'SimHei,STHeiti,Noto Sans CJK SC',
  [KAI]: '楷体,KaiTi,STKaiti',
})
  .map(([name, instead]) => `<w:font w:name="${name}"><w:altName w:val="${instead}"/><w:charset w:val="86"/></w:font>`)
  .join('')}</w:fonts>`;

const mm = convertMillimetersToTwip;
/** 版心 225 mm in 22 lines, in twips. */
const LINE = 579;
/** A character of size 3 with its spacing: 28 of them in 156 mm. */
const CHARACTER = 315;
const HEAD_LINES = 6;

const half = (points: number) => points * 2;
const run = (text: string, { font = FANGSONG, size = 16 }: { font?: string; size?: number } = {}) =>
  new TextRun({
    text,
    size: half(size),
    font: { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: font, hint: 'eastAsia' },
    ...(size === 16 && { characterSpacing: -5 }),
  });

const line = (children: TextRun[], options: IParagraphOptions = {}) =>
  new Paragraph({
    ...options,
    spacing: { line: LINE, lineRule: LineRuleType.EXACT },
    children,
  });

export async function writeOfficialDocument(of: OfficialDocument): Promise<Buffer> {
  const { addressee, passages } = of;
  const document = new Document({
    creator: of.issuer,
    title: of.title,
    evenAndOddHeaderAndFooters: true,
    styles: { default: { document: { run: { size: half(16), font: FANGSONG } } } },
    sections: [
      {
        properties: {
          page: {
            size: { width: mm(210), height: mm(297) },
            margin: { top: mm(37), bottom: mm(35), left: mm(28), right: mm(26), header: mm(15), footer: mm(24) },
          },
          grid: { type: DocumentGridType.LINES, linePitch: LINE },
        },
        ...(of.demo && { headers: { default: demoHeader(), even: demoHeader() } }),
        footers: { default: pageNumber(AlignmentType.RIGHT), even: pageNumber(AlignmentType.LEFT) },
        children: [
          ...(of.blankHead ? Array.from({ length: HEAD_LINES }, () => line([])) : []),
          ...titleLines(of.title).map((text) =>
            line([run(text, { font: SONG, size: 22 })], {
              alignment: AlignmentType.CENTER,
              keepNext: true,
            }),
          ),
          line([]),
          ...(addressee === null ? [] : [line([run(`${addressee}：`)])]),
          ...passages.map(({ text, as }, at) =>
            line([run(text, { font: as === 'heading' ? HEI : as === 'item' ? KAI : FANGSONG })], {
              indent: { firstLine: 640 },
              alignment: AlignmentType.BOTH,
              // No page holds the signature alone.
              ...((as || at === passages.length - 1) && { keepNext: true }),
            }),
          ),
          line([], { keepNext: true }),
          ...signature(of),
          verification(of.verify),
        ],
      },
    ],
  });
  return Packer.toBuffer(document, undefined, [{ path: 'word/fontTable.xml', data: fontTable }]);
}

/** Characters of size 2 in a line. */
const TITLE_WIDTH = 20;

/** A title too long for one line is broken between words, into as few lines as it takes and those as even as they can be. */
export function titleLines(title: string): string[] {
  const words: string[] = [];
  for (const { segment } of new Intl.Segmenter('zh', { granularity: 'word' }).segment(title)) {
    const last = words.at(-1);
    // What closes stays with what it closes, what opens with what it opens.
    if (last !== undefined && (/^[\p{Pe}\p{Pf}，、：；]/u.test(segment) || /[\p{Ps}\p{Pi}]$/u.test(last)))
      words[words.length - 1] = last + segment;
    else words.push(segment);
  }
  const within = (width: number) =>
    words.reduce<string[]>((lines, word) => {
      const last = lines.at(-1);
      if (last === undefined || widthOf(last + word) > width) lines.push(word);
      else lines[lines.length - 1] = last + word;
      return lines;
    }, []);
  const fewest = within(TITLE_WIDTH);
  const widths = Array.from({ length: TITLE_WIDTH }, (_, at) => at + 1);
  return widths.map(within).find((lines) => lines.length === fewest.length) ?? fewest;
}

/** The issuer centred over the date, the date four characters from the right; both stay with what is below. */
function signature({ issuer, writtenOn }: OfficialDocument): Paragraph[] {
  const date = dayInWords(writtenOn);
  const together = { alignment: AlignmentType.RIGHT, keepNext: true, keepLines: true };
  const inset = Math.max(0, 4 + (widthOf(date) - widthOf(issuer)) / 2);
  return [
    line([run(issuer)], { ...together, indent: { right: Math.round(inset * CHARACTER) } }),
    line([run(date)], { ...together, indent: { right: 4 * CHARACTER } }),
  ];
}

/** In characters; a digit is half of one. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (character < '\x80' ? 0.5 : 1), 0);
}

/** The code and what it is for, side by side. */
function verification({ url, code }: OfficialDocument['verify']): Table {
  const none = { style: BorderStyle.NONE, size: 0, color: 'auto' };
  const cell = (width: number, child: Paragraph) =>
    new TableCell({
      width: { size: width, type: WidthType.DXA },
      verticalAlign: VerticalAlignTable.CENTER,
      children: [child],
    });
  const code20mm = new ImageRun({
    type: 'png',
    data: qrPng(url),
    transformation: { width: 76, height: 76 },
    altText: { name: '核验二维码', title: '核验二维码', description: '扫码查看盖章件' },
  });
  const words = [`核验码 ${code}`, `扫码，或打开 ${url}，查看盖章件。没有盖章件的只是草稿。`];
  return new Table({
    layout: TableLayoutType.FIXED,
    columnWidths: [1300, 7500],
    borders: { top: none, bottom: none, left: none, right: none, insideHorizontal: none, insideVertical: none },
    rows: [
      new TableRow({
        cantSplit: true,
        children: [
          cell(1300, new Paragraph({ children: [code20mm] })),
          cell(
            7500,
            new Paragraph({
              children: words.map(
                (text, at) =>
                  new TextRun({
                    text,
                    size: half(10.5),
                    font: { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: FANGSONG },
                    ...(at > 0 && { break: 1 }),
                  }),
              ),
            }),
          ),
        ],
      }),
    ],
  });
}

function pageNumber(alignment: typeof AlignmentType.RIGHT | typeof AlignmentType.LEFT): Footer {
  const side = { [alignment === AlignmentType.LEFT ? 'left' : 'right']: CHARACTER };
  return new Footer({
    children: [
      new Paragraph({
        alignment,
        indent: side,
        children: [
          new TextRun({
            children: ['— ', PageNumber.CURRENT, ' —'],
            size: half(14),
            font: { eastAsia: '宋体', ascii: 'Times New Roman', hAnsi: 'Times New Roman' },
          }),
        ],
      }),
    ],
  });
}

function demoHeader(): Header {
  return new Header({
    children: [
      new Paragraph({ alignment: AlignmentType.CENTER, children: [run('演示数据，不是正式文件', { size: 12 })] }),
    ],
  });
}
