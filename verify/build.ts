// node verify/build.ts — puts check.ts, without its types, into the page: one file that needs nothing else. A test holds verify.html to it.

import { readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';

export function buildPage(): string {
  const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
  const script = stripTypeScriptTypes(read('check.ts'))
    .replaceAll(/^export (?=(?:async )?(?:function|const))/gm, '')
    .replaceAll(/[ \t]+$/gm, '');
  return read('page.html').replace('/*CHECK*/', () => script.replaceAll(/\n{3,}/g, '\n\n'));
}

if (import.meta.main) writeFileSync(join(import.meta.dirname, 'verify.html'), buildPage());
