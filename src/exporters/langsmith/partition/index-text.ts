/**
 * Texts of the trace index. Runs of a trace say alike things (`gen_ai.response.id=chatcmpl-…`, `session_id`, the ids of their entries), so each text is told
 * by what it does not share with its former, the text in the same place of the node before:
 *
 *   varint how many characters of the former it begins with · varint bytes of the rest · UTF-8 of the rest
 *
 * Only ASCII is shared: then the rest is a whole text, too. A list has a varint of its count before it.
 */
import type { JoinedLog, Thread } from '../assemble/trace.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

export function writeAlike(writer: ByteWriter, text: string, former = ''): void {
  const shared = sharedBy(text, former);
  writer.varint(shared);
  writer.brief(shared === 0 ? text : text.slice(shared));
}

function sharedBy(text: string, former: string): number {
  const end = Math.min(text.length, former.length);
  let at = 0;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code > 0x7f || code !== former.charCodeAt(at)) break;
    at += 1;
  }
  return at;
}

/** Throws a `RangeError` if it is cut, as all that read here do. */
export function readAlike(reader: ByteReader, former = ''): string {
  const shared = reader.varint();
  const rest = reader.brief();
  return shared === 0 ? rest : former.slice(0, shared) + rest;
}

export function writeThread(writer: ByteWriter, thread: Thread, former: Thread): void {
  writer.varint(thread.length);
  for (const [at, [key, value]] of thread.entries()) {
    writeAlike(writer, key, former[at]?.[0]);
    writeAlike(writer, value, former[at]?.[1]);
  }
}

export function readThread(reader: ByteReader, former: Thread): Thread {
  const thread: [string, string][] = [];
  for (let left = reader.varint(); left > 0; left -= 1) {
    const [key, value] = former[thread.length] ?? [];
    thread.push([readAlike(reader, key), readAlike(reader, value)]);
  }
  return thread;
}

export function writeNames(writer: ByteWriter, names: readonly string[], former: readonly string[]): void {
  writer.varint(names.length);
  for (const [at, name] of names.entries()) writeAlike(writer, name, former[at]);
}

export function readNames(reader: ByteReader, former: readonly string[]): readonly string[] {
  const names: string[] = [];
  for (let left = reader.varint(); left > 0; left -= 1) names.push(readAlike(reader, former[names.length]));
  return names;
}

/** The former of each entry is that of the log record before it, of the first one the run's own. */
export function writeLogs(writer: ByteWriter, logs: readonly JoinedLog[], runEntry: string): void {
  writer.varint(logs.length);
  let former = runEntry;
  for (const { hash, entry, position } of logs) {
    writer.u32(hash);
    writeAlike(writer, entry, former);
    writer.varint(position);
    former = entry;
  }
}

export function readLogs(reader: ByteReader, runEntry: string): readonly JoinedLog[] {
  const logs: JoinedLog[] = [];
  for (let left = reader.varint(); left > 0; left -= 1) {
    const hash = reader.u32();
    logs.push({ hash, entry: readAlike(reader, logs.at(-1)?.entry ?? runEntry), position: reader.varint() });
  }
  return logs;
}
