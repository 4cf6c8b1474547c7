// The page as a reader sees it: rendered by an office suite, and its lines and characters counted. That margins, grid and sizes are what
// they must be is tested without one (src/platform/official-document.test.ts).

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { localDate } from '../../src/kernel/local-date.ts';
import { writeOfficialDocument } from '../../src/platform/official-document.ts';

const isThere = (command: string) => spawnSync(command, ['-v'], { timeout: 20_000 }).error === undefined;
const renders = isThere('pdftotext') && spawnSync('soffice', ['--version'], { timeout: 60_000 }).status === 0;

/** Each page as its lines, from the top; a line is what shares a height. */
function pagesOf(pdf: string): string[][] {
  const boxes = execFileSync('pdftotext', ['-bbox', pdf, '-'], { encoding: 'utf8' });
  return boxes
    .split('<page ')
    .slice(1)
    .map((page) => {
      const lines = new Map<number, string>();
      for (const [, y, text] of page.matchAll(/yMax="([\d.]+)">([^<]*)</g))
        lines.set(Math.round(Number(y)), (lines.get(Math.round(Number(y))) ?? '') + text);
      return [...lines].sort(([a], [b]) => a - b).map(([, text]) => text);
    });
}

it('公文排出来：满页 22 行，满行 28 字，页码居外，末页不只有署名', { timeout: 180_000 }, async () => {
  expect(renders, '请以 root 执行 apt-get install libreoffice-writer poppler-utils').toBe(true);
  const folder = mkdtempSync(join(tmpdir(), 'gongzhi-document-'));
  try {
    const sentence = '按照有关规定各单位应当在规定的期限内办成应办事项并及时报备不得迟报漏报';
    const bytes = await writeOfficialDocument({
      title: '关于限期补报的函',
      addressee: '东湖街道办事处',
      passages: Array.from({ length: 7 }, () => ({ text: sentence.repeat(9) })),
      issuer: '示范区住房和城乡建设局',
      writtenOn: localDate('2026-11-26'),
      blankHead: false,
      verify: { url: 'https://gz.example.cn/v/ABCDEFGHJK', code: 'ABCDE-FGHJK' },
      demo: false,
    });
    writeFileSync(join(folder, 'letter.docx'), bytes);
    const profile = `-env:UserInstallation=file://${folder}/profile`;
    execFileSync(
      'soffice',
      [profile, '--headless', '--convert-to', 'pdf', '--outdir', folder, join(folder, 'letter.docx')],
      {
        timeout: 150_000,
        stdio: 'ignore',
      },
    );
    const pages = pagesOf(join(folder, 'letter.pdf'));
    expect(pages.length).toBeGreaterThan(3);
    const number = pages.map((page) => page.at(-1)!.replaceAll(' ', ''));
    expect(number).toEqual(pages.map((_, at) => `—${at + 1}—`));
    for (const page of pages.slice(1, -2)) {
      expect(page.slice(0, -1)).toHaveLength(22);
      // The first line of a paragraph is two characters shorter, its last one ends anywhere.
      expect(
        new Set(
          page
            .slice(0, -1)
            .map((line) => [...line].length)
            .filter((length) => length > 26),
        ),
      ).toEqual(new Set([28]));
    }
    const last = pages.at(-1)!.join('');
    expect(last).toMatch(/及时报备.*示范区住房和城乡建设局2026年11月26日.*核验码ABCDE-FGHJK/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
