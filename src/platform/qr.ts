/** A QR code as a black and white PNG; one pixel a module, to be scaled by whoever prints it. */
import { crc32, deflateSync } from 'node:zlib';
import qrcode from 'qrcode-generator';

/** Modules of white that must surround a code (ISO/IEC 18004). */
const QUIET = 4;

export function qrPng(text: string): Buffer {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const side = code.getModuleCount() + 2 * QUIET;
  const isDark = (row: number, column: number) => {
    const [y, x] = [row - QUIET, column - QUIET];
    return y >= 0 && x >= 0 && y < side - 2 * QUIET && x < side - 2 * QUIET && code.isDark(y, x);
  };
  // One bit a pixel, 1 is white, each row behind the number of its filter.
  const width = Math.ceil(side / 8);
  const rows = Buffer.alloc(side * (1 + width));
  for (let row = 0; row < side; row += 1)
    for (let column = 0; column < side; column += 1)
      if (!isDark(row, column)) rows[row * (1 + width) + 1 + (column >> 3)]! |= 0x80 >> (column & 7);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
