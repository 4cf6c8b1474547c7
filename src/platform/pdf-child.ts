/**
 * Reads the words of a PDF in a process of its own, limited in memory, time and rights by its parent, and prints the lines of each page as they
 * stand on the paper, one JSON line a page; then the end. Bytes come in on stdin; nothing else is touched, nothing in the file runs.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Line, pageLimit } from './pdf-lines.ts';

// The library names this type of drawing where it is loaded, and never uses it to read words.
Object.assign(globalThis, { DOMMatrix: class {}, Path2D: class {}, ImageData: class {} });
// What it has to say of odd files goes to the parent as the outcome only.
console.log = console.warn = () => {};

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('pdfjs-dist/package.json'));
const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');

const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
const print = (said: object) => process.stdout.write(`${JSON.stringify(said)}\n`);

try {
  const document = await getDocument({
    data: new Uint8Array(Buffer.concat(chunks)),
    cMapUrl: `${join(folder, 'cmaps')}/`,
    standardFontDataUrl: `${join(folder, 'standard_fonts')}/`,
    disableFontFace: true,
    useSystemFonts: false,
    useWasm: false,
  }).promise;
  if (document.numPages > pageLimit) print({ failed: 'long' });
  else {
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number);
      print({ lines: linesOf((await page.getTextContent()).items) });
      page.cleanup();
    }
    print({ end: true });
  }
} catch (error) {
  print({ failed: (error as Error).name === 'PasswordException' ? 'password' : 'damaged' });
}

/** The pieces of a page put together into its lines: what stands at one height, next to one another. */
function linesOf(items: readonly object[]): Line[] {
  const lines: Line[] = [];
  let open: (Line & { at: number }) | null = null;
  for (const item of items) {
    if (!('str' in item)) continue;
    const { str, transform, width, height } = item as {
      str: string;
      transform: number[];
      width: number;
      height: number;
    };
    const [left, at] = [transform[4]!, transform[5]!];
    if (open && str !== '' && Math.abs(at - open.at) < Math.max(open.size, height) / 2) {
      open.words += str;
      open.right = Math.max(open.right, left + width);
    } else if (str.trim() !== '') {
      open = { words: str, left, right: left + width, size: height, at };
      lines.push(open);
    }
  }
  return lines.map(({ words, left, right, size }) => ({ words, left, right, size }));
}
