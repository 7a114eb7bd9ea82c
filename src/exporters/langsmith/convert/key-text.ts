/**
 * Names of members as JSON bytes. They repeat from run to run, so they are kept: a name that was seen before costs a look-up and a few words of copying,
 * where writing it out looks at each of its characters.
 *
 * Names come from outside, too (a tool's arguments may be named by ids), so at most `textsMax` are kept. Then others are written out, and after `missesMax`
 * of those it begins anew: keeping names that nobody needs again stays a small part of the work.
 */
import { TextWriter, wordPadding } from './text-writer.ts';

const lengthMax = 64;
const textsMax = 4_096;
const missesMax = 16 * textsMax;

/** `,"name":` */
export class KeyText {
  readonly view: DataView;
  /** Without the bytes behind it that are there to be read by whole words. */
  readonly length: number;

  constructor(view: DataView) {
    this.view = view;
    this.length = view.byteLength - wordPadding;
  }
}

const texts = new Map<string, KeyText>();
const writer = new TextWriter();
let misses = 0;

/** `undefined` for a name that is not kept. */
export function keyTextOf(name: string): KeyText | undefined {
  return texts.get(name) ?? (name.length <= lengthMax && hasRoom() ? made(name) : undefined);
}

function hasRoom(): boolean {
  if (texts.size < textsMax) return true;
  if (++misses < missesMax) return false;
  texts.clear();
  misses = 0;
  return true;
}

function made(name: string): KeyText {
  writer.ascii(',');
  writer.string(name);
  writer.ascii(':'.padEnd(1 + wordPadding));
  const written = writer.take();
  const text = new KeyText(new DataView(written.buffer, written.byteOffset, written.length));
  texts.set(name, text);
  return text;
}
