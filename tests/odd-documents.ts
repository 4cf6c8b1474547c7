// PDF files made by hand, byte by byte.

import { constants, deflateRawSync } from 'node:zlib';

export interface Printed {
  words: string;
  /** From the left, in points; the page is 600 wide. */
  x?: number;
  y: number;
}

const utf16 = (words: string) => Buffer.from(words, 'utf16le').swap16().toString('hex');

/** Pages of Chinese in a font that only names its table of characters, as older programs wrote them. */
export function pdfOf(
  pages: Printed[][],
  { encrypted = false, count = pages.length }: { encrypted?: boolean; count?: number } = {},
): Buffer {
  const streams = pages.map((lines) =>
    Buffer.from(
      `BT /F 16 Tf ${lines.map(({ words, x = 60, y }) => `1 0 0 1 ${x} ${y} Tm <${utf16(words)}> Tj`).join(' ')} ET`,
    ),
  );
  return assemble(
    streams.map((bytes) => ({ bytes, filter: '' })),
    { encrypted, count },
  );
}

/** One page whose drawing inflates to some gigabytes of blanks. */
export function pdfBomb(): Buffer {
  const block = deflateRawSync(Buffer.alloc(16 * 1024 ** 2, ' '), { finishFlush: constants.Z_FULL_FLUSH });
  const bytes = Buffer.concat([Buffer.from([0x78, 0x9c]), ...Array.from({ length: 200 }, () => block)]);
  return assemble([{ bytes, filter: '/Filter /FlateDecode' }], { encrypted: false, count: 1 });
}

function assemble(
  streams: { bytes: Buffer; filter: string }[],
  { encrypted, count }: { encrypted: boolean; count: number },
): Buffer {
  const kids = Array.from({ length: count }, (_, at) => `${6 + 2 * (at % streams.length)} 0 R`).join(' ');
  const objects: Buffer[] = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${count} /Kids [${kids}] >>`,
    '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>',
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 /FontDescriptor 5 0 R >>',
    '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >>',
  ].map((one) => Buffer.from(one));
  for (const [at, { bytes, filter }] of streams.entries()) {
    objects.push(
      Buffer.from(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F 3 0 R >> >> /Contents ${7 + 2 * at} 0 R >>`,
      ),
      Buffer.concat([
        Buffer.from(`<< /Length ${bytes.length} ${filter} >>\nstream\n`),
        bytes,
        Buffer.from('\nendstream'),
      ]),
    );
  }
  const parts = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let at = parts[0]!.length;
  for (const [index, body] of objects.entries()) {
    const whole = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')]);
    offsets.push(at);
    at += whole.length;
    parts.push(whole);
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const lock = encrypted
    ? `/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${'ab'.repeat(32)}> /U <${'cd'.repeat(32)}> >>`
    : '';
  const size = objects.length + 1;
  parts.push(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R ${lock} >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}
