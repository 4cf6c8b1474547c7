/**
 * A careful reader of zip folders. It believes the central directory only after checking it, and inflates an entry
 * only up to the size the directory declared, so a bomb is refused before or while it opens, never after.
 */
import { crc32, createInflateRaw } from 'node:zlib';
import { resave, SpreadsheetRefused } from './sheet.ts';

export type ZipEntry = {
  name: string;
  method: number;
  encrypted: boolean;
  compressedSize: number;
  size: number;
  crc: number;
  offset: number;
};

export const zipLimits = {
  entries: 2_000,
  totalSize: 300 * 1024 * 1024,
  /** Honest sheets compress 5 to 40 times; deflate can reach 1,032. Small entries may be dense. */
  ratio: 150,
  ratioFrom: 1024 * 1024,
} as const;

const damaged = () => new SpreadsheetRefused(`文件内容不完整或已损坏。${resave}`);
const bomb = (what: string) =>
  new SpreadsheetRefused(`文件解压后${what}，可能是恶意压缩文件，已拒绝读取。${resave}；图片请先删去`);

export function readDirectory(bytes: Buffer): ZipEntry[] {
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  const directorySize = bytes.readUInt32LE(end + 12);
  const directoryAt = bytes.readUInt32LE(end + 16);
  if (count > zipLimits.entries) throw bomb(`有 ${count} 个部件`);
  if (directoryAt + directorySize > end) throw damaged();

  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let total = 0;
  let at = directoryAt;
  for (let i = 0; i < count; i += 1) {
    if (at + 46 > end || bytes.readUInt32LE(at) !== 0x02014b50) throw damaged();
    const nameLength = bytes.readUInt16LE(at + 28);
    const extraLength = bytes.readUInt16LE(at + 30);
    const commentLength = bytes.readUInt16LE(at + 32);
    const nameEnd = at + 46 + nameLength;
    if (nameEnd + extraLength + commentLength > end) throw damaged();
    const entry: ZipEntry = {
      name: bytes
        .toString('utf8', at + 46, nameEnd)
        .replaceAll('\\', '/')
        .replace(/^\/+/, ''),
      method: bytes.readUInt16LE(at + 10),
      encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
      compressedSize: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      crc: bytes.readUInt32LE(at + 16),
      offset: bytes.readUInt32LE(at + 42),
    };
    applyZip64(entry, bytes.subarray(nameEnd, nameEnd + extraLength));
    total += entry.size;
    if (total > zipLimits.totalSize) throw bomb(`超过 ${zipLimits.totalSize / 1024 / 1024} MB`);
    if (entry.size > zipLimits.ratioFrom && entry.size > entry.compressedSize * zipLimits.ratio) {
      throw bomb(`膨胀 ${zipLimits.ratio} 倍以上`);
    }
    if (entry.offset + 30 + entry.compressedSize > directoryAt) throw damaged();
    if (names.has(entry.name)) throw damaged();
    names.add(entry.name);
    entries.push(entry);
    at = nameEnd + extraLength + commentLength;
  }
  refuseOverlaps(entries);
  return entries;
}

/** The inflated bytes of one entry; stops as soon as they are more than declared and checks the sum at the end. */
export async function* inflateEntry(bytes: Buffer, entry: ZipEntry): AsyncGenerator<Buffer> {
  if (bytes.readUInt32LE(entry.offset) !== 0x04034b50) throw damaged();
  const from = entry.offset + 30 + bytes.readUInt16LE(entry.offset + 26) + bytes.readUInt16LE(entry.offset + 28);
  const packed = bytes.subarray(from, from + entry.compressedSize);
  if (packed.length !== entry.compressedSize) throw damaged();
  if (entry.method !== 0 && entry.method !== 8) throw damaged();

  let size = 0;
  let sum = 0;
  for await (const chunk of entry.method === 0 ? [packed] : inflate(packed)) {
    size += chunk.length;
    if (size > entry.size) throw bomb('比申报的大');
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (size !== entry.size || sum !== entry.crc) throw damaged();
}

/** One small part as text. */
export async function readEntryText(bytes: Buffer, entry: ZipEntry, limit: number): Promise<string> {
  if (entry.size > limit) throw bomb(`部件 ${entry.name} 过大`);
  const chunks: Buffer[] = [];
  for await (const chunk of inflateEntry(bytes, entry)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function* inflate(packed: Buffer): AsyncGenerator<Buffer> {
  const inflater = createInflateRaw({ chunkSize: 65_536 });
  inflater.end(packed);
  try {
    for await (const chunk of inflater) yield chunk as Buffer;
  } catch (error) {
    if (String((error as { code?: unknown }).code).startsWith('Z_')) throw damaged();
    throw error;
  } finally {
    inflater.destroy();
  }
}

function findEnd(bytes: Buffer): number {
  const lowest = Math.max(0, bytes.length - 22 - 65_535);
  for (let at = bytes.length - 22; at >= lowest; at -= 1) {
    if (bytes.readUInt32LE(at) === 0x06054b50 && at + 22 + bytes.readUInt16LE(at + 20) <= bytes.length) return at;
  }
  throw damaged();
}

/** Some report engines write 64-bit sizes even for small files. */
function applyZip64(entry: ZipEntry, extra: Buffer): void {
  const unset = 0xffffffff;
  if (entry.size !== unset && entry.compressedSize !== unset && entry.offset !== unset) return;
  for (let at = 0; at + 4 <= extra.length; ) {
    const id = extra.readUInt16LE(at);
    const length = extra.readUInt16LE(at + 2);
    if (at + 4 + length > extra.length) break;
    if (id === 1) {
      let field = at + 4;
      const take = () => {
        if (field + 8 > at + 4 + length) throw damaged();
        const value = Number(extra.readBigUInt64LE(field));
        field += 8;
        return value;
      };
      if (entry.size === unset) entry.size = take();
      if (entry.compressedSize === unset) entry.compressedSize = take();
      if (entry.offset === unset) entry.offset = take();
      return;
    }
    at += 4 + length;
  }
  throw damaged();
}

/** Overlapping entries let a few bytes inflate many times; no office program writes them. */
function refuseOverlaps(entries: ZipEntry[]): void {
  let reached = 0;
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    if (entry.offset < reached) throw bomb('各部件互相重叠');
    reached = entry.offset + 30 + entry.compressedSize;
  }
}
