/** Looks for canaries in bytes: as they are and in the encodings that stores and protocols put around them, compressed frames unpacked first. */
import { gunzipSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import type { Canary } from './secrets.ts';

/** Every spelling of a text that would still give it away. */
function spellings(core: string): Buffer[] {
  const plain = Buffer.from(core);
  const wide = Buffer.from(core, 'utf16le');
  const texts = [
    plain,
    wide,
    Buffer.from(wide).swap16(),
    Buffer.from(core.toLowerCase()),
    Buffer.from(core.toUpperCase()),
    Buffer.from(plain.toString('hex')),
    Buffer.from(plain.toString('hex').toUpperCase()),
    Buffer.from(encodeURIComponent(core)),
    Buffer.from(JSON.stringify(core).slice(1, -1)),
    Buffer.from(core.replaceAll('/', '\\/')),
  ];
  // Base64 depends on what stands before; the characters at both ends hold bits of neighbours.
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), plain])
      .toString('base64')
      .replace(/=+$/, '');
    const own = encoded.slice(before === 0 ? 0 : before + 1, (before + plain.length) % 3 === 0 ? undefined : -1);
    texts.push(Buffer.from(own), Buffer.from(own.replaceAll('+', '-').replaceAll('/', '_')));
  }
  return [...new Map(texts.map((text) => [text.toString('latin1'), text])).values()];
}

const hashedBytes = 8;
const bitsOfFilter = 24;

interface Spelling {
  readonly bytes: Buffer;
  readonly canary: Canary;
}

/** All spellings of all canaries, found in one pass over the bytes: by a hash of the last eight of each. */
export class Search {
  readonly #filter = new Uint8Array(1 << bitsOfFilter);
  readonly #spellings = new Map<number, Spelling[]>();

  constructor(canaries: readonly Canary[]) {
    for (const canary of canaries) {
      for (const bytes of spellings(canary.core)) {
        if (bytes.length < hashedBytes) throw new Error(`too short to be looked for: a ${canary.form}`);
        const hash = hashAt(bytes, bytes.length - hashedBytes);
        this.#filter[hash] = 1;
        const known = this.#spellings.get(hash);
        if (known) known.push({ bytes, canary });
        else this.#spellings.set(hash, [{ bytes, canary }]);
      }
    }
  }

  /** The canaries that stand in any of these, compressed or not. */
  in(haystacks: readonly Uint8Array[]): Set<Canary> {
    const found = new Set<Canary>();
    for (const haystack of haystacks) {
      const bytes = Buffer.from(haystack.buffer, haystack.byteOffset, haystack.length);
      for (const one of [bytes, ...unpacked(bytes)]) {
        this.#look(one, found);
        this.#look(unescaped(one), found);
      }
    }
    return found;
  }

  #look(bytes: Buffer, found: Set<Canary>): void {
    for (let at = 0; at + hashedBytes <= bytes.length; at++) {
      const hash = hashAt(bytes, at);
      if (this.#filter[hash] === 0) continue;
      for (const { bytes: spelling, canary } of this.#spellings.get(hash) ?? []) {
        const start = at + hashedBytes - spelling.length;
        if (start >= 0 && spelling.compare(bytes, start, at + hashedBytes) === 0) found.add(canary);
      }
    }
  }
}

function hashAt(bytes: Buffer, at: number): number {
  const first =
    (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
  const second =
    (bytes[at + 4] as number) | ((bytes[at + 5] as number) << 8) | ((bytes[at + 6] as number) << 16) | ((bytes[at + 7] as number) << 24);
  return (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca77)) >>> (32 - bitsOfFilter);
}

/** JSON may spell any character by its number. */
const unescaped = (bytes: Buffer): Buffer =>
  Buffer.from(
    bytes.toString('latin1').replace(/\\u00([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    'latin1',
  );

const gzip = Buffer.from([0x1f, 0x8b, 0x08]);
const zstd = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** What stands in the bytes as zstd or gzip, as far as it can be read. */
export function* unpacked(bytes: Buffer): Iterable<Buffer> {
  for (let at = bytes.indexOf(zstd); at >= 0; at = bytes.indexOf(zstd, at + 1)) yield unzstd(bytes.subarray(at));
  for (let at = bytes.indexOf(gzip); at >= 0; at = bytes.indexOf(gzip, at + 1)) yield ungzip(bytes.subarray(at));
}

const frameBytesMax = 1 << 24;

/** What follows the frame is none, so an error at its end is expected. */
function unzstd(bytes: Buffer): Buffer {
  const chunks: Uint8Array[] = [];
  try {
    new Decompress((chunk) => chunks.push(chunk.slice())).push(bytes.subarray(0, frameBytesMax), true);
  } catch {
    // As far as it could be read.
  }
  return Buffer.concat(chunks);
}

function ungzip(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes.subarray(0, frameBytesMax), { finishFlush: 2 });
  } catch {
    return Buffer.alloc(0);
  }
}
