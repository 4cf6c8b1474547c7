import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { localDate } from '../kernel/local-date.ts';
import { readDocument } from './documents.ts';
import { type OfficialDocument, titleLines, writeOfficialDocument } from './official-document.ts';
import { qrPng } from './qr.ts';
import { readDirectory, readEntryText } from './spreadsheets/index.ts';

const letter: OfficialDocument = {
  title: '关于限期补报的函',
  addressee: '东湖街道办事处',
  passages: [{ text: '一、逾期的事项', as: 'heading' }, { text: '请于 12 月 10 日前 <补报> & 答复。' }],
  issuer: '示范区住房和城乡建设局',
  writtenOn: localDate('2026-11-26'),
  blankHead: false,
  verify: { url: 'https://gz.example.cn/v/ABCDEFGHJK', code: 'ABCDE-FGHJK' },
  demo: false,
};

async function partOf(bytes: Buffer, name: string): Promise<string> {
  const entry = readDirectory(bytes).find((one) => one.name === name);
  return entry ? readEntryText(bytes, entry, 1_000_000) : '';
}

describe('公文 docx', () => {
  it('版心每页 22 行、每行 28 字：页边距、网格、行距、字号、字距都是定数', async () => {
    const xml = await partOf(await writeOfficialDocument(letter), 'word/document.xml');
    const margin = /<w:pgMar [^>]*>/.exec(xml)![0];
    const twips = (name: string) => Number(new RegExp(`w:${name}="(\\d+)"`).exec(margin)![1]);
    const inMm = (twip: number) => (twip / 1440) * 25.4;
    expect(['top', 'bottom', 'left', 'right'].map((side) => Math.round(inMm(twips(side))))).toEqual([37, 35, 28, 26]);
    const [, width, height] = /<w:pgSz w:w="(\d+)" w:h="(\d+)"/.exec(xml)!.map(Number);
    expect(xml).toContain('w:linePitch="579"');
    expect(Math.floor((height! - twips('top') - twips('bottom')) / 579)).toBe(22);
    // 三号字 16 磅，字距紧缩 0.25 磅：一字 315 缇。
    expect(Math.floor((width! - twips('left') - twips('right')) / 315)).toBe(28);
    expect(xml).toMatch(/<w:spacing w:val="-5"\/>/);
    expect(xml).toMatch(/<w:sz w:val="32"\/>/);
    const exact = [...xml.matchAll(/<w:spacing [^>]*w:line="(\d+)" w:lineRule="(\w+)"/g)];
    expect(exact.length).toBeGreaterThan(6);
    expect(new Set(exact.map(([, line, rule]) => `${line} ${rule}`))).toEqual(new Set(['579 exact']));
  });

  it('标题二号居中，正文三号仿宋首行空两字，一级标题黑体；字体只写名字和替代，不带字体文件', async () => {
    const bytes = await writeOfficialDocument(letter);
    const xml = await partOf(bytes, 'word/document.xml');
    const paragraphs = xml.split('</w:p>');
    const of = (words: string) => paragraphs.find((one) => one.includes(words))!;
    expect(of('关于限期补报的函')).toMatch(/w:jc w:val="center".*w:eastAsia="方正小标宋简体".*w:sz w:val="44"/s);
    expect(of('一、逾期')).toMatch(/w:firstLine="640".*w:eastAsia="黑体"/s);
    expect(of('请于 12 月')).toMatch(/w:firstLine="640".*w:eastAsia="仿宋_GB2312"/s);
    expect(await partOf(bytes, 'word/fontTable.xml')).toMatch(/仿宋_GB2312"><w:altName w:val="仿宋,FangSong/);
    expect(readDirectory(bytes).filter((one) => /font.*\.(ttf|odttf)$/i.test(one.name))).toEqual([]);
  });

  it.each([
    ['短的不分', '关于限期补报的函', 1],
    [
      '长的按词分成长短相近的几行',
      '关于进一步做好全区住宅小区二次供水设施清洗消毒和水质检测信息公示工作有关事项的通知',
      3,
    ],
    ['刚好多一个字，也不留一个字一行', '关于开展全区住宅小区底数摸排核对工作的通知', 2],
    ['书名号、引号不在行首行尾落单', '关于转发《住宅小区物业服务企业信息公示办法》并做好“底数摸排”的通知', 2],
  ])('标题回行：%s', (_, title, lines) => {
    const broken = titleLines(title);
    expect(broken.join('')).toBe(title);
    expect(broken).toHaveLength(lines);
    const lengths = broken.map((one) => [...one].length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(20);
    if (lines > 1) expect(Math.min(...lengths)).toBeGreaterThan(Math.max(...lengths) / 2);
    for (const one of broken) expect(one).not.toMatch(/^[》”，、）]|[《“（]$/);
  });

  it('署名在成文日期之上居中，日期右空四字，与核验码同在一页；页码单页居右、双页居左', async () => {
    const bytes = await writeOfficialDocument(letter);
    const xml = await partOf(bytes, 'word/document.xml');
    const paragraphs = xml.split('</w:p>');
    const of = (words: string) => paragraphs.find((one) => one.includes(words))!;
    const right = (words: string) => Number(/w:right="(\d+)"/.exec(of(words))![1]);
    expect(of('2026年11月26日')).toMatch(/<w:keepNext\/><w:keepLines\/>/);
    expect(right('2026年11月26日')).toBe(4 * 315);
    expect(of('示范区住房和城乡建设局<')).toMatch(/<w:keepNext\/>/);
    // 局名 11 字，日期 7 字：各让两字，中线相同。
    expect(right('示范区住房和城乡建设局<')).toBe(2 * 315);
    const footers = await Promise.all(['word/footer1.xml', 'word/footer2.xml'].map((name) => partOf(bytes, name)));
    expect(footers.map((one) => /w:jc w:val="(\w+)"/.exec(one)?.[1]).sort()).toEqual(['left', 'right']);
    for (const one of footers) expect(one).toMatch(/— .*PAGE.* —/s);
    expect(await partOf(bytes, 'word/settings.xml')).toContain('w:evenAndOddHeaders');
  });

  it('读得回原来的字；数据里的尖括号只是字', async () => {
    const { text } = await readDocument(await writeOfficialDocument(letter));
    expect(text).toContain('请于 12 月 10 日前 <补报> & 答复。');
    expect(text).toContain('核验码 ABCDE-FGHJK');
  });

  it('红头只留空白；演示部署的每一页都写明是演示', async () => {
    const paragraphsOf = async (change: Partial<OfficialDocument>) => {
      const xml = await partOf(await writeOfficialDocument({ ...letter, ...change }), 'word/document.xml');
      return xml.slice(0, xml.indexOf(letter.title)).split('<w:p>').length;
    };
    expect((await paragraphsOf({ blankHead: true })) - (await paragraphsOf({}))).toBe(6);
    const headers = async (demo: boolean) =>
      readDirectory(await writeOfficialDocument({ ...letter, demo })).filter((one) => /header\d\.xml$/.test(one.name));
    expect(await headers(false)).toEqual([]);
    expect(await headers(true)).toHaveLength(2);
  });
});

describe('二维码图', () => {
  it('四周留白四格，三个角上有定位图形', () => {
    const png = qrPng('https://gz.example.cn/v/ABCDEFGHJK');
    const side = png.readUInt32BE(16);
    const at = png.indexOf('IDAT');
    const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
    const width = 1 + Math.ceil(side / 8);
    const dark = (y: number, x: number) => !(rows[y * width + 1 + (x >> 3)]! & (0x80 >> (x & 7)));
    for (let one = 0; one < side; one += 1)
      for (const edge of [0, 3, side - 4, side - 1]) expect(dark(edge, one)).toBe(false);
    const finder = (y: number, x: number) => [0, 1, 2, 3, 4, 5, 6].map((step) => dark(y + 3, x + step));
    for (const [y, x] of [
      [4, 4],
      [4, side - 11],
      [side - 11, 4],
    ] as const)
      expect(finder(y, x)).toEqual([true, false, true, true, true, false, true]);
  });
});
