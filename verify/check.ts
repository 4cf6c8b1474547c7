// Checks an exported journal and shares nothing with the program that wrote it: no import at all, its own SHA-256 and SM3, so that the same text runs in
// Node and in one HTML file without a network. A format that was ever written stays readable here for ever.

export type HashName = 'sha256' | 'sm3';

export const faultWords = {
  unreadable: '这一行读不懂',
  chain: '存证内容与所在的链或编号不符',
  format: '存证内容的格式或哈希算法不对',
  gap: '缺了一条',
  duplicate: '同一编号有两条',
  hash: '内容与哈希不符，这一条或它与上一条的相接被改动过',
  time: '时间早于上一条',
  head: '末端与所记的不符',
  cut: '文件不完整',
} as const;
export type FaultKind = keyof typeof faultWords;

export interface Fault {
  kind: FaultKind;
  chain: string;
  seq: string;
}

/** The end of a chain: what to compare with what one noted before. */
export interface End {
  chain: string;
  seq: string;
  at: string;
  hash: string;
}

export interface Report {
  whole: boolean;
  deployment: string;
  hash: HashName;
  exportedAt: string;
  events: number;
  ends: End[];
  /** The first break of each chain. */
  faults: Fault[];
}

/** One event as its stored bytes say it. */
export interface Event {
  format: number;
  chain: string;
  seq: string;
  at: string;
  act: string;
  object: string;
  person: string | null;
  organisation: string | null;
  post: string | null;
  reason: string | null;
  detail: string;
  request: string | null;
  rowsDigest: Uint8Array | null;
}

/** Takes the lines of an export one after the other; `told` hears each event. Memory does not grow with the number of events. */
export function checker(told: (event: Event) => void = () => {}): { line(text: string): void; end(): Report } {
  const faults: Fault[] = [];
  const ends: End[] = [];
  let deployment = '';
  let hash: HashName | undefined;
  let exportedAt = '';
  let events = 0;
  let chains = 0;
  let closed = false;
  let before = '';
  let now: Place = begin('', new Uint8Array(0), 1);

  const fault = (kind: FaultKind, chain: string, seq: string) => {
    faults.push({ kind, chain, seq });
    now.broken = true;
  };

  /** Chains come in the order of their names, each once, and each ends with its head. */
  function open(chain: string, link: Uint8Array, format: number): void {
    leave();
    now = begin(chain, link, format);
    if (chain <= before) fault('duplicate', chain, '1');
    before = chain;
  }
  function leave(): void {
    if (now.chain !== '' && !now.broken) fault('head', now.chain, `${now.seq}`);
  }

  function event({ chain, seq, payload, hash: stated }: Record<'chain' | 'seq' | 'payload' | 'hash', string>): void {
    events += 1;
    const bytes = bytesOfBase64(payload);
    if (chain !== now.chain) open(chain, genesisOf(chain, bytes[0]!, deployment, hash!), bytes[0]!);
    const last = faults.at(-1);
    if (!now.broken) {
      const number = BigInt(seq);
      const expected = now.seq + 1n;
      if (number === now.seq) fault('duplicate', chain, seq);
      else if (number !== expected) fault('gap', chain, `${expected}`);
      else {
        now.seq = number;
        const kind = step(now, bytes, stated, hash!, told);
        if (kind) fault(kind, chain, seq);
      }
      // Of two with one number either may stand first: whichever it was, the fault is that there are two.
    } else if (last?.chain === chain && last.seq === seq && last.kind !== 'gap') last.kind = 'duplicate';
  }

  function head({ head: chain, seq, hash: stated }: Record<'head' | 'seq' | 'hash', string>): void {
    chains += 1;
    if (now.chain !== chain) open(chain, new Uint8Array(0), 1);
    if (!now.broken && (`${now.seq}` !== seq || hex(now.link) !== stated)) fault('head', chain, seq);
    if (!now.broken) ends.push({ chain, seq, at: now.at, hash: stated });
    now = begin('', new Uint8Array(0), 1);
  }

  return {
    line(text) {
      if (text.trim() === '' || (hash === undefined && faults.length > 0)) return;
      if (closed) {
        fault('cut', '', '');
        return;
      }
      try {
        const entry = JSON.parse(text);
        if (hash === undefined) {
          if (entry.gongzhi !== 'journal' || entry.version !== 1 || !(entry.hash in marks)) throw new Error();
          ({ deployment, hash, exportedAt } = entry);
        } else if ('payload' in entry) event(entry);
        else if ('head' in entry) head(entry);
        else if ('end' in entry) {
          closed = true;
          leave();
          if (entry.end.events !== events || entry.end.chains !== chains) fault('cut', '', '');
        } else throw new Error();
      } catch {
        fault('unreadable', now.chain, `${now.seq + 1n}`);
      }
    },
    end() {
      if (!closed) fault('cut', '', '');
      return { whole: faults.length === 0, deployment, hash: hash ?? 'sha256', exportedAt, events, ends, faults };
    },
  };
}

/** Where the walk stands in a chain. */
interface Place {
  chain: string;
  seq: bigint;
  at: string;
  link: Uint8Array;
  format: number;
  /** The chain has shown its first fault; what follows is not judged. */
  broken: boolean;
}

const begin = (chain: string, link: Uint8Array, format: number): Place => ({
  chain,
  seq: 0n,
  at: '',
  link,
  format,
  broken: false,
});

/** What the first event of a chain follows. */
export function genesisOf(chain: string, format: number, deployment: string, hash: HashName): Uint8Array {
  return format === 1 ? sha256(utf8(chain)) : digest(hash, encodeC1('gongzhi-chain', [deployment, chain], 2, hash));
}

/** Takes one event onto its chain, or says what is wrong with it. */
function step(
  now: Place,
  payload: Uint8Array,
  stated: string,
  hash: HashName,
  told: (event: Event) => void,
): FaultKind | undefined {
  const event = decodeEvent(payload, hash);
  if (!event || event.format < now.format) return 'format';
  if (event.chain !== now.chain || event.seq !== `${now.seq}`) return 'chain';
  const link = linkOf(hash, now.link, leafOf(hash, payload));
  if (hex(link) !== stated) return 'hash';
  if (event.at < now.at) return 'time';
  now.format = event.format;
  now.link = link;
  now.at = event.at;
  told(event);
  return undefined;
}

/** The one sentence. */
export function sayReport({ whole, events, ends, faults, deployment }: Report): string {
  if (deployment === '') return '这不是留痕的导出文件。';
  if (whole) return `完整：${ends.length} 条链、${events} 条留痕，一条不少，一字未改。`;
  const { kind, chain, seq } = faults[0]!;
  const more = faults.length > 1 ? `（另有 ${faults.length - 1} 处）` : '';
  return chain === ''
    ? `不完整：${faultWords[kind]}${more}。`
    : `在 ${sayChain(chain)} 的第 ${seq} 条断开：${faultWords[kind]}${more}。`;
}

export function sayChain(chain: string): string {
  const [kind, id] = chain.split(':');
  return `${kind === 'estate' ? '小区' : kind === 'organisation' ? '单位' : kind} ${id ?? ''}`.trim();
}

// ── Encoding C1: format, hash, then every field as a length of four bytes and its bytes; a null is a length no field has

const marks: Record<HashName, number> = { sha256: 1, sm3: 2 };
const NULL = 0xffffffff;
const utf8 = (text: string) => new TextEncoder().encode(text);
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function encodeC1(
  tag: string,
  fields: readonly (string | Uint8Array | null)[],
  format: number,
  hash: HashName,
): Uint8Array {
  const parts = [tag, ...fields].map((field) => (typeof field === 'string' ? utf8(field.normalize('NFC')) : field));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 4 + (part?.length ?? 0), 2));
  const view = new DataView(bytes.buffer);
  bytes[0] = format;
  bytes[1] = marks[hash];
  let at = 2;
  for (const part of parts) {
    view.setUint32(at, part?.length ?? NULL);
    bytes.set(part ?? [], at + 4);
    at += 4 + (part?.length ?? 0);
  }
  return bytes;
}

/** The fields after format and hash, or null where the bytes are not of this form from the first to the last. */
export function decodeC1(bytes: Uint8Array): (Uint8Array | null)[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: (Uint8Array | null)[] = [];
  let at = 2;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return null;
    const length = view.getUint32(at);
    at += 4;
    if (length === NULL) fields.push(null);
    else if (at + length > bytes.length) return null;
    else {
      fields.push(bytes.subarray(at, at + length));
      at += length;
    }
  }
  return at === bytes.length ? fields : null;
}

const names = [
  'chain',
  'seq',
  'at',
  'act',
  'object',
  'person',
  'organisation',
  'post',
  'reason',
  'detail',
  'request',
] as const;
const nullable = ['person', 'organisation', 'post', 'reason', 'request'];

/** What the bytes of an event say; null where they say nothing in a format this verifier knows. */
export function decodeEvent(bytes: Uint8Array, hash: HashName): Event | null {
  const format = bytes[0]!;
  if ((format !== 1 && format !== 2) || bytes[1] !== marks[hash]) return null;
  const fields = decodeC1(bytes);
  if (fields === null || fields.length !== names.length + format) return null;
  const texts: Record<string, string | null> = {};
  try {
    if (fields[0] === null || strict.decode(fields[0]) !== 'gongzhi-journal') return null;
    for (const [place, name] of names.entries()) {
      const field = fields[place + 1]!;
      if (field === null && !nullable.includes(name)) return null;
      texts[name] = field === null ? null : strict.decode(field);
    }
  } catch {
    return null; // bytes that are no text
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(texts.at!)) return null;
  return { ...texts, format, rowsDigest: format === 1 ? null : fields[names.length + 1]! } as Event;
}

export function leafOf(hash: HashName, payload: Uint8Array): Uint8Array {
  return digest(hash, joined([0], payload));
}
export function linkOf(hash: HashName, prev: Uint8Array, leaf: Uint8Array): Uint8Array {
  return digest(hash, joined([2], prev, leaf));
}

function joined(...parts: ArrayLike<number>[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

function bytesOfBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

// ── SHA-256 (FIPS 180-4) and SM3 (GB/T 32905-2016)

export function digest(hash: HashName, bytes: Uint8Array): Uint8Array {
  return hash === 'sha256' ? sha256(bytes) : sm3(bytes);
}

/** Fractions of the roots of the first primes, as the standard defines its constants. */
function fractions(count: number, root: (of: number) => number): Int32Array {
  const found = new Int32Array(count);
  for (let prime = 2, at = 0; at < count; prime += 1) {
    let divisor = 2;
    while (divisor * divisor <= prime && prime % divisor !== 0) divisor += 1;
    if (divisor * divisor <= prime) continue;
    found[at] = (root(prime) % 1) * 0x1_0000_0000;
    at += 1;
  }
  return found;
}
const sha256Begin = fractions(8, Math.sqrt);
const sha256Round = fractions(64, Math.cbrt);
const sm3Begin = new Int32Array([
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
]);
const words = new Int32Array(132);
const left = (x: number, n: number) => (x << n) | (x >>> (32 - n));

function sha256(bytes: Uint8Array): Uint8Array {
  return overBlocks(bytes, sha256Begin, (state, view, at) => {
    for (let n = 0; n < 16; n += 1) words[n] = view.getInt32(at + 4 * n);
    for (let n = 16; n < 64; n += 1) {
      const [w15, w2] = [words[n - 15]!, words[n - 2]!];
      const s0 = left(w15, 25) ^ left(w15, 14) ^ (w15 >>> 3);
      const s1 = left(w2, 15) ^ left(w2, 13) ^ (w2 >>> 10);
      words[n] = words[n - 16]! + s0 + words[n - 7]! + s1;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
    for (let n = 0; n < 64; n += 1) {
      const one = h + (left(e, 26) ^ left(e, 21) ^ left(e, 7)) + ((e & f) ^ (~e & g)) + sha256Round[n]! + words[n]!;
      const two = (left(a, 30) ^ left(a, 19) ^ left(a, 10)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    for (const [n, word] of [a, b, c, d, e, f, g, h].entries()) state[n] = state[n]! + word;
  });
}

function sm3(bytes: Uint8Array): Uint8Array {
  return overBlocks(bytes, sm3Begin, (state, view, at) => {
    for (let n = 0; n < 16; n += 1) words[n] = view.getInt32(at + 4 * n);
    for (let n = 16; n < 68; n += 1) {
      const x = words[n - 16]! ^ words[n - 9]! ^ left(words[n - 3]!, 15);
      words[n] = x ^ left(x, 15) ^ left(x, 23) ^ left(words[n - 13]!, 7) ^ words[n - 6]!;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
    for (let n = 0; n < 64; n += 1) {
      const a12 = left(a, 12);
      const ss1 = left((a12 + e + left(n < 16 ? 0x79cc4519 : 0x7a879d8a, n % 32)) | 0, 7);
      const ff = n < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
      const gg = n < 16 ? e ^ f ^ g : (e & f) | (~e & g);
      const one = (ff + d + (ss1 ^ a12) + (words[n]! ^ words[n + 4]!)) | 0;
      const two = (gg + h + ss1 + words[n]!) | 0;
      [h, g, f, e, d, c, b, a] = [g, left(f, 19), e, two ^ left(two, 9) ^ left(two, 17), c, left(b, 9), a, one];
    }
    for (const [n, word] of [a, b, c, d, e, f, g, h].entries()) state[n] = state[n]! ^ word;
  });
}

/** Both pad alike: a one, zeros, and the length in bits at the end of the last block of 64 bytes. */
function overBlocks(
  bytes: Uint8Array,
  begin: Int32Array,
  block: (state: Int32Array, view: DataView, at: number) => void,
): Uint8Array {
  const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x2000_0000));
  view.setUint32(padded.length - 4, bytes.length << 3);
  const state = begin.slice();
  for (let at = 0; at < padded.length; at += 64) block(state, view, at);
  const result = new DataView(new ArrayBuffer(32));
  for (let n = 0; n < 8; n += 1) result.setInt32(4 * n, state[n]!);
  return new Uint8Array(result.buffer);
}
