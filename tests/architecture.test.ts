// The picture of the house as a table, and every import of the source held against it (docs/decisions/0001).

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'src');

/** Each floor and the floors it may stand on. Law and platform do not know each other. */
const floors: Record<string, readonly string[]> = {
  kernel: [],
  law: ['kernel'],
  platform: ['kernel'],
  registers: ['law', 'platform', 'kernel'],
  procedures: ['registers', 'law', 'platform', 'kernel'],
  matters: ['procedures', 'registers', 'law', 'platform', 'kernel'],
  oversight: ['matters', 'procedures', 'registers', 'law', 'platform', 'kernel'],
  app: ['oversight', 'matters', 'procedures', 'registers', 'law', 'platform', 'kernel'],
  web: ['kernel'],
};

/** Floors whose folders are rooms, entered by index.ts only. */
const roomed = ['registers', 'procedures', 'matters', 'oversight'];

/** Inside the registers a room may import those before it. */
const registersOrder = [
  'requirements',
  'areas',
  'organisations',
  'people',
  'accounts',
  'offices',
  'sealed',
  'estates',
  'entries',
  'groups',
  'quality',
  'corrections',
  'surveys',
  'activations',
  'subjects',
  'rosters',
  'finding',
  'lists',
  'exports',
];

interface Import {
  file: string;
  target: string;
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
const imports: Import[] = files.flatMap((file) =>
  [...readFileSync(join(source, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => ({
    file: file.split(sep).join('/'),
    target: relative(source, resolve(source, dirname(file), match[1]!))
      .split(sep)
      .join('/'),
  })),
);

const floorOf = (path: string) => path.split('/')[0]!;
const roomOf = (path: string) => path.split('/').slice(0, 2).join('/');
const isTest = (file: string) => /\.test\.tsx?$/.test(file);

/** Why an import does not belong, or null. */
function faultOf({ file, target }: Import): string | null {
  if (target.startsWith('..')) {
    if (isTest(file) && target.startsWith('../tests/')) return null;
    if (target === '../package.json') return null;
    return '引用了 src 之外的文件';
  }
  const [from, to] = [floorOf(file), floorOf(target)];
  if (from === 'web' && to !== 'web' && to !== 'kernel')
    return target.endsWith('/contract.ts') ? null : '网页只能引用 kernel 和 contract.ts';
  if (from !== to) {
    if (isTest(file)) return null; // a test may build its world from any floor; doors still hold below
    if (!floors[from]!.includes(to)) return `${from} 不能引用 ${to}`;
    if (roomed.includes(to) && !/\/(?:index|contract)\.ts$/.test(target)) return '只能从 index.ts 进入别的房间';
    return null;
  }
  if (!roomed.includes(from) || roomOf(file) === roomOf(target)) return null;
  if (!target.endsWith('/index.ts') && !isTest(file)) return '只能从 index.ts 进入别的房间';
  if (from !== 'registers') return isTest(file) ? null : '同层的房间互不相识';
  const [own, other] = [file.split('/')[1]!, target.split('/')[1]!];
  return isTest(file) || registersOrder.indexOf(other) < registersOrder.indexOf(own)
    ? null
    : `底册的次序：${own} 不能引用 ${other}`;
}

describe('房子的图', () => {
  it('看得见源码：文件、引用和每一层都在', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(imports.length).toBeGreaterThan(300);
    for (const floor of ['kernel', 'law', 'platform', 'registers', 'procedures', 'oversight', 'app', 'web']) {
      expect(
        imports.some((one) => floorOf(one.file) === floor),
        floor,
      ).toBe(true);
    }
    expect(new Set(files.map((file) => floorOf(file.split(sep).join('/'))))).toEqual(
      new Set(Object.keys(floors).filter((floor) => floor !== 'matters')),
    );
  });

  it('每一处引用都向下', () => {
    expect(imports.flatMap((one) => (faultOf(one) ? [`${one.file} → ${one.target}：${faultOf(one)}`] : []))).toEqual(
      [],
    );
  });

  it.each([
    ['kernel/money.ts', 'law/pack.ts', 'kernel 不能引用 law'],
    ['law/pack.ts', 'platform/database.ts', 'law 不能引用 platform'],
    ['platform/http.ts', 'law/pack.ts', 'platform 不能引用 law'],
    ['registers/people/store.ts', 'registers/estates/index.ts', '底册的次序：people 不能引用 estates'],
    ['registers/estates/store.ts', 'registers/people/store.ts', '只能从 index.ts 进入别的房间'],
    ['oversight/duties/queries.ts', 'oversight/indicators/index.ts', '同层的房间互不相识'],
    ['oversight/duties/queries.ts', 'procedures/filings/store.ts', '只能从 index.ts 进入别的房间'],
    ['procedures/filings/queries.ts', 'oversight/duties/index.ts', 'procedures 不能引用 oversight'],
    ['web/console/main.tsx', 'registers/estates/queries.ts', '网页只能引用 kernel 和 contract.ts'],
    ['web/console/main.tsx', 'registers/estates/contract.ts', null],
    ['app/server.ts', 'oversight/duties/index.ts', null],
  ])('认得出越界：%s → %s', (file, target, fault) => {
    expect(faultOf({ file, target })).toBe(fault);
  });

  it('契约只引用 kernel 和 zod，页面才能放心引用它', () => {
    const contracts = files.filter((file) => file.endsWith('contract.ts') && !file.startsWith('kernel'));
    expect(contracts.length).toBeGreaterThan(5);
    for (const file of contracts) {
      const text = readFileSync(join(source, file), 'utf8');
      for (const match of text.matchAll(/^(?:import|export)[^;]*?from\s+'([^']+)'/gms)) {
        if (/^import type|^export type/.test(match[0])) continue;
        expect(match[1], file).toMatch(/^zod$|kernel\/|\/contract\.ts$/);
      }
    }
  });

  it('只有平台直接取用连接池', () => {
    const offenders = files.filter(
      (file) =>
        !file.startsWith('platform') && /\.pool\b/.test(readFileSync(join(source, file), 'utf8')) && !isTest(file),
    );
    expect(offenders).toEqual([]);
  });

  it('没有 utils、helpers、common、manager', () => {
    expect(files.filter((file) => /(?:^|[/\\-])(?:utils?|helpers?|common|manager)(?:[/\\.-]|$)/.test(file))).toEqual(
      [],
    );
  });
});

/** The verifier of verify/: it shares nothing with what it checks, and its heart needs nothing at all. */
function verifierFault(file: string, target: string): string | null {
  if (file === 'check.ts') return 'check.ts 什么也不引用';
  if (target.startsWith('node:') || /^\.\/[\w-]+\.ts$/.test(target)) return null;
  return 'verify 只引用自己和 Node';
}

describe('独立的核验者', () => {
  const folder = join(root, 'verify');
  const own = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  const found = own.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
      (match) => ({
        file,
        target: match[1]!,
      }),
    ),
  );

  it('看得见它，它什么也不从 src 引用', () => {
    expect(own).toEqual(expect.arrayContaining(['build.ts', 'check.ts', 'verify.ts']));
    expect(found.length).toBeGreaterThan(4);
    expect(found.filter(({ file, target }) => verifierFault(file, target) !== null)).toEqual([]);
    // And the program does not use the verifier: a fault they shared would be seen by neither.
    expect(imports.filter((one) => one.target.startsWith('../verify'))).toEqual([]);
  });

  it.each([
    ['verify.ts', '../src/platform/journal.ts', 'verify 只引用自己和 Node'],
    ['verify.ts', 'pg', 'verify 只引用自己和 Node'],
    ['check.ts', 'node:crypto', 'check.ts 什么也不引用'],
    ['verify.ts', './check.ts', null],
    ['verify.ts', 'node:fs', null],
  ])('认得出越界：%s → %s', (file, target, fault) => {
    expect(verifierFault(file, target)).toBe(fault);
  });
});

describe('纯净', () => {
  it('kernel、law、rules、procedure 不碰时钟、随机数和环境', () => {
    const pure = files.filter(
      (file) => /^(?:kernel|law)[/\\]|[/\\](?:rules|procedure)\.ts$/.test(file) && !isTest(file),
    );
    expect(pure.length).toBeGreaterThan(20);
    for (const file of pure) {
      const text = readFileSync(join(source, file), 'utf8');
      expect(text, file).not.toMatch(/\bnew Date\b|\bDate\.|Math\.random|process\.|from 'node:/);
    }
  });
});
