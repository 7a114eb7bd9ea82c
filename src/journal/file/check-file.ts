/**
 * Checks LMDB's file before it is mapped: behind the end of a truncated file a mapped page ends the process (SIGBUS), and LMDB trusts its pages.
 * The tree is walked from the newest meta page: each page must lie inside the file, say its own number, and hold nodes inside of itself.
 *
 *   page     u64 number · u64 transaction · u16 pad · u16 flags · u16 lower · u16 upper · node offsets (u16 each, from the header's end)
 *   meta     at 24: u32 magic · u32 version · 16 bytes · free tree (48 bytes) · main tree (48 bytes) · u64 last page · u64 transaction
 *   tree     u32 page size (free tree) · 36 bytes · u64 root page
 *   node     branch: u48 page; leaf: u32 size; then (at 4 and 6) u16 flags, u16 key size · key · data
 *
 * Source: liblmdb of lmdb-js, mdb.c: MDB_page_header, MDB_meta, MDB_db, MDB_node, MDB_ovpage (data version 2, 64-bit little-endian).
 */
import { type FileHandle, open } from 'node:fs/promises';
import { Fault } from '../../model/fault.ts';
import { unavailable } from './unavailable.ts';

interface Meta {
  readonly pageSize: number;
  readonly transaction: bigint;
  /** Root pages of the free tree and the main tree; `noPage` if empty. */
  readonly roots: readonly bigint[];
}

const headerLength = 24;
const magic = 0xbeefc0de;
const flag = { branch: 1, leaf: 2, overflow: 4, meta: 8 } as const;
const nodeFlag = { overflow: 1, tree: 2 } as const;
const noPage = 0xffff_ffff_ffff_ffffn;
/** 1 GiB of 4 KiB pages: what is checked at start at most. */
const pagesMax = 262_144;
const attempts = 4;

class Damage extends Error {}

/** Rejects with `GW_JOURNAL_CORRUPT`. A file that another process is writing is read again when it changed on the way. */
export async function checkFile(path: string): Promise<void> {
  const file = await openIfThere(path);
  if (!file) return;
  try {
    for (let attempt = 1; ; attempt++) {
      const before = await transactionOf(file);
      const damage = await damageOf(file);
      if (damage === undefined) return;
      if (before === (await transactionOf(file)) || attempt === attempts) throw corrupt(path, damage);
    }
  } finally {
    await file.close();
  }
}

function corrupt(path: string, reason: string): Fault {
  return new Fault('GW_JOURNAL_CORRUPT', `cannot open the journal file ${path}: ${reason}`, {
    hint: 'move the directory away to keep it for a rescue (or restore it from a backup), and start again with an empty one',
  });
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unavailable('open', error);
  }
}

async function transactionOf(file: FileHandle): Promise<bigint | undefined> {
  try {
    return (await readMeta(file)).transaction;
  } catch {
    return undefined;
  }
}

async function damageOf(file: FileHandle): Promise<string | undefined> {
  const { size } = await file.stat();
  if (size === 0) return undefined;
  try {
    await new Walk(file, size, await readMeta(file)).run();
    return undefined;
  } catch (error) {
    if (error instanceof Damage) return error.message;
    throw unavailable('check', error);
  }
}

async function readMeta(file: FileHandle): Promise<Meta> {
  const first = await metaAt(file, 0);
  const second = await metaAt(file, first.pageSize);
  return second.transaction > first.transaction ? second : first;
}

async function metaAt(file: FileHandle, offset: number): Promise<Meta> {
  const page = await bytesAt(file, offset, 168);
  const known = (page.readUInt16LE(18) & flag.meta) !== 0 && page.readUInt32LE(24) === magic;
  const pageSize = page.readUInt32LE(48);
  if (!known || pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) throw new Damage('it is not a journal');
  return { pageSize, transaction: page.readBigUInt64LE(152), roots: [page.readBigUInt64LE(88), page.readBigUInt64LE(136)] };
}

async function bytesAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset);
  if (bytesRead < length) throw new Damage('it is cut off');
  return buffer;
}

class Walk {
  readonly #file: FileHandle;
  readonly #pages: bigint;
  readonly #pageSize: number;
  readonly #next: bigint[];

  constructor(file: FileHandle, size: number, { pageSize, roots }: Meta) {
    this.#file = file;
    this.#pages = BigInt(Math.floor(size / pageSize));
    this.#pageSize = pageSize;
    this.#next = [...roots];
  }

  async run(): Promise<void> {
    for (let visited = 0; visited < pagesMax; visited++) {
      const number = this.#next.pop();
      if (number === undefined) return;
      if (number === noPage) continue;
      this.#visit(number, await this.#page(number));
    }
  }

  async #page(number: bigint): Promise<Buffer> {
    this.#inside(number, 1n);
    const page = await bytesAt(this.#file, Number(number) * this.#pageSize, this.#pageSize);
    if (page.readBigUInt64LE(0) !== number) throw new Damage(`page ${number} is damaged`);
    return page;
  }

  #inside(number: bigint, count: bigint): void {
    if (number + count > this.#pages) throw new Damage('it is cut off');
  }

  #visit(number: bigint, page: Buffer): void {
    const kind = page.readUInt16LE(18) & (flag.branch | flag.leaf | flag.overflow | flag.meta);
    if (kind !== flag.branch && kind !== flag.leaf) throw new Damage(`page ${number} is damaged`);
    const offsetsEnd = headerLength + page.readUInt16LE(20);
    if (offsetsEnd > page.length) throw new Damage(`page ${number} is damaged`);
    for (let at = headerLength; at < offsetsEnd; at += 2) {
      const node = headerLength + page.readUInt16LE(at);
      const data = node + 8 + (node + 8 <= page.length ? page.readUInt16LE(node + 6) : 0);
      if (data > page.length) throw new Damage(`page ${number} is damaged`);
      if (kind === flag.branch) this.#next.push(BigInt(page.readUIntLE(node, 6)));
      else this.#visitLeaf(number, page, node, data);
    }
  }

  #visitLeaf(number: bigint, page: Buffer, node: number, data: number): void {
    const flags = page.readUInt16LE(node + 4);
    const length = flags & nodeFlag.overflow ? 24 : flags & nodeFlag.tree ? 48 : page.readUInt32LE(node);
    if (data + length > page.length) throw new Damage(`page ${number} is damaged`);
    if (flags & nodeFlag.overflow) this.#inside(page.readBigUInt64LE(data), page.readBigUInt64LE(data + 16));
    else if (flags & nodeFlag.tree) this.#next.push(page.readBigUInt64LE(data + 40));
  }
}
