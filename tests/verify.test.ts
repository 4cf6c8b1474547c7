// The verifier of verify/ against the journal of a real database: the golden vectors a third time, an export checked in Node, and what it says of
// every way to spoil one.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../src/platform/database.ts';
import { exportJournal } from '../src/platform/export-journal.ts';
import { encodeC1 as encodeInPlatform, type HashName, record } from '../src/platform/journal.ts';
import { buildPage } from '../verify/build.ts';
import {
  checker,
  decodeC1,
  decodeEvent,
  digest,
  type Event,
  encodeC1,
  genesisOf,
  hex,
  leafOf,
  linkOf,
  sayReport,
} from '../verify/check.ts';
import { testDatabase } from './database.ts';

const root = join(import.meta.dirname, '..');
const golden = JSON.parse(readFileSync(join(root, 'verify/vectors.json'), 'utf8'));
const hashes: HashName[] = ['sha256', 'sm3'];
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
interface Vector {
  title: string;
  format: number;
  tag: string;
  fields: (string | { hex: string } | null)[];
  encoded: string;
  leaf: Record<HashName, string>;
  event?: Record<string, string | null>;
}
const vectors = golden.vectors as Vector[];

describe('金标准：独立的核验者', () => {
  it.each(golden.hashes as Record<string, string>[])('SHA-256 与 SM3：$hex', (one) => {
    for (const hash of hashes) expect(hex(digest(hash, bytes(one.hex!)))).toBe(one[hash]);
  });

  it.each(vectors)('$title', ({ format, tag, fields, encoded, leaf, event }) => {
    const given = fields.map((one) => (one !== null && typeof one === 'object' ? bytes(one.hex) : one));
    for (const hash of hashes) {
      const payload = encodeC1(tag, given, format, hash);
      expect(hex(payload.subarray(2))).toBe(encoded);
      expect(hex(leafOf(hash, payload))).toBe(leaf[hash]);
      const back = decodeC1(payload)!.map((one) => (one === null ? null : hex(one)));
      expect(back).toEqual(
        [tag, ...given].map((one) =>
          one === null ? null : typeof one === 'string' ? Buffer.from(one.normalize('NFC')).toString('hex') : hex(one),
        ),
      );
      const read = decodeEvent(payload, hash);
      if (!event) expect(read).toBeNull();
      else {
        const { rowsDigest = null, ...said } = event;
        expect({ ...read, rowsDigest: read!.rowsDigest && hex(read!.rowsDigest) }).toEqual({
          ...said,
          format,
          rowsDigest,
        });
      }
    }
  });

  it.each(hashes)('链的起点与相接：%s', (hash) => {
    const { chain, deployment, leafOf: title } = golden.chain;
    expect(hex(genesisOf(chain, 1, deployment, hash))).toBe(golden.chain.genesisOfFormat1);
    const genesis = genesisOf(chain, 2, deployment, hash);
    expect(hex(genesis)).toBe(golden.chain[hash].genesis);
    const leaf = vectors.find((one) => one.title === title)!.leaf[hash];
    expect(hex(linkOf(hash, genesis, bytes(leaf)))).toBe(golden.chain[hash].link);
  });

  it('任意字段：与平台的编码逐字节相同，解得回来；不同的字段编码不同', () => {
    const field = fc.option(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', '\u0000', 'e\u0301', '区')), {
      nil: null,
    });
    fc.assert(
      fc.property(fc.array(field, { maxLength: 6 }), fc.array(field, { maxLength: 6 }), (one, other) => {
        const encoded = encodeC1('z', one, 2, 'sha256');
        expect(hex(encoded)).toBe(encodeInPlatform('z', one, { format: 2 }).toString('hex'));
        const composed = one.map((text) => text?.normalize('NFC') ?? null);
        expect(
          decodeC1(encoded)!
            .slice(1)
            .map((part) => (part === null ? null : Buffer.from(part).toString())),
        ).toEqual(composed);
        const same = JSON.stringify(composed) === JSON.stringify(other.map((text) => text?.normalize('NFC') ?? null));
        expect(hex(encodeC1('z', other, 2, 'sha256')) === hex(encoded)).toBe(same);
      }),
      { numRuns: 500 },
    );
  });
});

describe.each(hashes)('导出的留痕（%s）', (hash) => {
  let place: Awaited<ReturnType<typeof testDatabase>>;
  let database: Database;
  let lines: string[];
  const export_ = async (chain?: 'organisation:3') => {
    const written: string[] = [];
    const told = await exportJournal(database, {
      today: '2026-11-22',
      ...(chain && { chain }),
      write: async (line) => void written.push(line),
    });
    return { told, lines: written.join('').split('\n') };
  };
  beforeAll(async () => {
    place = await testDatabase();
    const admin = new pg.Client({ connectionString: place.adminUrl });
    await admin.connect();
    await admin.query('select platform.choose_hash($1)', [hash]);
    await admin.end();
    database = await openDatabase({ url: place.loginUrl });
    for (const [chain, count] of [
      ['organisation:3', 4],
      ['estate:12', 3],
      ['estate:7', 3],
    ] as const)
      for (let n = 1; n <= count; n += 1)
        await database.transaction(
          { standing: 'office', lo: '99', hi: '99:', personId: 7, organisationId: 3, postId: 11, today: '2026-11-22' },
          (tx) =>
            record(tx, {
              chain,
              act: `act${n}`,
              object: `c:${n}`,
              detail: { 名: `小区${n}` },
              ...(n === 2 && { reason: 'e\u0301' }),
            }),
        );
    ({ lines } = await export_());
  });
  afterAll(async () => {
    await database?.close();
    await place?.drop();
  });

  const check = (of: readonly string[], told?: (event: Event) => void) => {
    const one = checker(told);
    for (const line of of) one.line(line);
    return one.end();
  };
  const said = (of: readonly string[]) => sayReport(check(of));
  const at = (chain: string, seq: number) =>
    lines.findIndex((line) => line.includes(`"chain":"${chain}","seq":"${seq}"`));
  const without = (...places: number[]) => lines.filter((_, place) => !places.includes(place));
  const changed = (place: number, change: (entry: Record<string, string>) => Record<string, unknown>) =>
    lines.map((line, n) => (n === place ? JSON.stringify(change(JSON.parse(line))) : line));

  it('完整，每一条都读得出；只导一条链也完整', async () => {
    const read: Event[] = [];
    const report = check(lines, (event) => read.push(event));
    expect(sayReport(report)).toBe('完整：3 条链、10 条留痕，一条不少，一字未改。');
    expect(report.ends.map(({ chain, seq }) => `${chain} ${seq}`)).toEqual([
      'estate:12 3',
      'estate:7 3',
      'organisation:3 4',
    ]);
    expect(read[1]).toMatchObject({
      chain: 'estate:12',
      seq: '2',
      act: 'act2',
      reason: '\u00e9',
      person: '7',
      detail: '{"名":"小区2"}',
    });
    const one = await export_('organisation:3');
    expect(one.told).toEqual({ events: 4, chains: 1 });
    expect(said(one.lines)).toBe('完整：1 条链、4 条留痕，一条不少，一字未改。');
  });

  it.each<[title: string, spoil: () => string[], sentence: RegExp]>([
    [
      '改一个字节',
      () => changed(at('estate:7', 2), (one) => ({ ...one, payload: altered(one.payload!) })),
      /^在 小区 7 的第 2 条断开：内容与哈希不符/,
    ],
    [
      '改内容并重算哈希',
      () => changed(at('estate:7', 2), (one) => ({ ...one, hash: hex(digest(hash, bytes('00'))) })),
      /^在 小区 7 的第 2 条断开/,
    ],
    ['删中间一条', () => without(at('estate:7', 2)), /^在 小区 7 的第 2 条断开：缺了一条/],
    ['删第一条', () => without(at('estate:7', 1)), /^在 小区 7 的第 1 条断开：缺了一条/],
    ['删末条', () => without(at('organisation:3', 4)), /^在 单位 3 的第 4 条断开：末端与所记的不符/],
    [
      '重复一条',
      () => lines.toSpliced(at('estate:7', 2), 0, lines[at('estate:7', 2)]!),
      /^在 小区 7 的第 2 条断开：同一编号有两条/,
    ],
    [
      '对调两条',
      () => lines.with(at('estate:7', 2), lines[at('estate:7', 3)]!).with(at('estate:7', 3), lines[at('estate:7', 2)]!),
      /^在 小区 7 的第 2 条断开：缺了一条/,
    ],
    [
      '换成别的链的一条',
      () => changed(at('estate:7', 2), (one) => ({ ...one, payload: JSON.parse(lines[at('estate:12', 2)]!).payload })),
      /^在 小区 7 的第 2 条断开：存证内容与所在的链或编号不符/,
    ],
    ['改编号', () => changed(at('estate:7', 3), (one) => ({ ...one, seq: '9' })), /^在 小区 7 的第 3 条断开：缺了一条/],
    [
      '别的部署的链',
      () => changed(0, (one) => ({ ...one, deployment: '00000000-0000-0000-0000-000000000000' })),
      /^在 小区 12 的第 1 条断开：内容与哈希不符，.*（另有 2 处）/,
    ],
    [
      '换一种哈希',
      () => changed(0, (one) => ({ ...one, hash: hash === 'sha256' ? 'sm3' : 'sha256' })),
      /^在 小区 12 的第 1 条断开：存证内容的格式或哈希算法不对/,
    ],
    [
      '改末端',
      () =>
        changed(
          lines.findIndex((line) => line.includes('"head":"estate:7"')),
          (one) => ({ ...one, seq: '4' }),
        ),
      /^在 小区 7 的第 4 条断开：末端与所记的不符/,
    ],
    [
      '删末端',
      () => without(lines.findIndex((line) => line.includes('"head":"estate:7"'))),
      /^在 小区 7 的第 3 条断开：末端与所记的不符/,
    ],
    ['删整条链', () => lines.filter((line) => !line.includes('estate:7"')), /^不完整：文件不完整/],
    [
      '同一条链两次',
      () => lines.toSpliced(-2, 0, ...lines.filter((line) => line.includes('estate:7"'))),
      /^在 小区 7 的第 1 条断开：同一编号有两条/,
    ],
    ['文件没传完', () => lines.slice(0, -2), /^不完整：文件不完整/],
    ['后面又接了东西', () => [...lines, lines[1]!], /^不完整：文件不完整/],
    ['不是字的一行', () => lines.with(2, '{"chain":'), /断开：这一行读不懂/],
    ['别的文件', () => ['你好', '{}'], /^这不是留痕的导出文件。$/],
    ['空文件', () => [], /^这不是留痕的导出文件。$/],
  ])('%s：说出在哪里、是哪一类', (_, spoil, sentence) => {
    expect(said(spoil())).toMatch(sentence);
  });

  /** The same text with one letter of its last field changed: still a payload, of another content. */
  function altered(payload: string): string {
    const content = Buffer.from(payload, 'base64');
    const place = content.indexOf('act2');
    content[place + 3] = '9'.charCodeAt(0);
    return content.toString('base64');
  }

  it('时间倒退也认得出，即使哈希都重算', () => {
    const content = Buffer.from(JSON.parse(lines[at('estate:7', 3)]!).payload, 'base64');
    content.write('2001', content.indexOf('2026-'));
    const prev = bytes(JSON.parse(lines[at('estate:7', 2)]!).hash);
    const link = hex(linkOf(hash, prev, leafOf(hash, content)));
    const forged = changed(at('estate:7', 3), (one) => ({ ...one, payload: content.toString('base64'), hash: link }));
    const head = forged.findIndex((line) => line.includes('"head":"estate:7"'));
    expect(said(forged.with(head, JSON.stringify({ ...JSON.parse(forged[head]!), hash: link })))).toMatch(
      /^在 小区 7 的第 3 条断开：时间早于上一条/,
    );
  });

  it('命令 node verify/verify.ts：完整为 0，断开为 1，没有文件为 2', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gongzhi-verify-'));
    try {
      const run = (name: string, of: readonly string[]) => {
        writeFileSync(join(folder, name), of.join('\n'));
        return spawnSync(process.execPath, [join(root, 'verify/verify.ts'), join(folder, name)], { encoding: 'utf8' });
      };
      expect(run('whole', lines)).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/^完整：3 条链、10 条留痕/),
      });
      expect(run('broken', without(at('estate:7', 2)))).toMatchObject({
        status: 1,
        stdout: expect.stringMatching(/^在 小区 7 的第 2 条断开/),
      });
      expect(spawnSync(process.execPath, [join(root, 'verify/verify.ts'), join(folder, 'none')]).status).toBe(2);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('离线网页', () => {
  it('verify.html 由 check.ts 生成，没有落后；不引用任何别的东西', () => {
    const page = readFileSync(join(root, 'verify/verify.html'), 'utf8');
    expect(page === buildPage(), '请运行 node verify/build.ts').toBe(true);
    expect(page).not.toMatch(/\bsrc=|\bhref=|https?:|^import |import\(|fetch\(/m);
    expect(page).toContain(`default-src 'none'`);
  });

  it('金标准由另一种语言算出，与文件一致', () => {
    const version = spawnSync('python3', ['-c', 'import hashlib; hashlib.new("sm3")']);
    if (version.status !== 0) return expect(golden.vectors.length).toBeGreaterThan(30); // no Python with SM3 here: the file stands for itself
    const anew = JSON.parse(execFileSync('python3', [join(root, 'verify/vectors.py')], { encoding: 'utf8' }));
    expect(anew).toEqual(golden);
  });
});
