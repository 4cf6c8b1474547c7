// The pages of docs/procedures are printed from the tables that guard the acts; a page that says something else is stale.
// To print them anew: GONGZHI_WRITE_DOCS=1 bin/test tests/procedures.test.ts

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Procedure, printGrid, printPicture } from '../src/law/procedure.ts';

type AnyProcedure = Procedure<never, string, string, string>;

const root = join(import.meta.dirname, '..');
const pages = join(root, 'docs/procedures');
const again = 'GONGZHI_WRITE_DOCS=1 bin/test tests/procedures.test.ts';

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => basename(file) === 'procedure.ts')
  .map((file) => join('src', file));

/** A room's table: its procedure.ts exports one or several. The engine itself, in src/law, exports none. */
async function proceduresIn(file: string): Promise<AnyProcedure[]> {
  const exported = Object.values((await import(join(root, file))) as Record<string, unknown>);
  return exported.filter(
    (one): one is AnyProcedure => typeof one === 'object' && one !== null && 'steps' in one && 'states' in one,
  );
}

function pageOf(file: string, procedures: readonly AnyProcedure[]): string {
  const parts = procedures.flatMap((one) => [
    `# ${one.label}`,
    '',
    `Printed from \`${file}\` by \`tests/procedures.test.ts\`; not written by hand. To print it anew: \`${again}\`.`,
    '',
    '```mermaid',
    printPicture(one),
    '```',
    '',
    'Where state and role allow an act (✓); its further conditions stand in the table itself.',
    '',
    printGrid(one),
    '',
  ]);
  return parts.join('\n');
}

const tables = (await Promise.all(files.map(async (file) => ({ file, procedures: await proceduresIn(file) })))).filter(
  ({ procedures }) => procedures.length > 0,
);

describe('程序的状态图', () => {
  it('看得见程序', () => {
    expect(tables.map(({ file }) => file)).toContain('src/procedures/filings/procedure.ts');
  });

  it.each(tables)('$file 与文档一致', ({ file, procedures }) => {
    const page = join(pages, `${basename(dirname(file))}.md`);
    const printed = pageOf(file, procedures);
    if (process.env.GONGZHI_WRITE_DOCS) writeFileSync(page, printed);
    expect(existsSync(page) ? readFileSync(page, 'utf8') : '', `${page} 已过时。重新生成：${again}`).toBe(printed);
  });

  it('没有多出来的页面', () => {
    const expected = tables.map(({ file }) => `${basename(dirname(file))}.md`).sort();
    expect(
      readdirSync(pages)
        .filter((name) => name.endsWith('.md'))
        .sort(),
    ).toEqual(expected);
  });
});
