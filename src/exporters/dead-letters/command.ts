/**
 * What an operator asks of a partition's owner from another process: an entry of its inbox.
 *
 *   u8 version · u8 kind (1) · u32 length · JSON of `Command`
 *
 * Every exporter's entries begin with version and kind; the kinds beside this one are its own.
 */
import { type Bytes, bytes } from '../../model/bytes.ts';

export interface Command {
  readonly action: 'replay' | 'drop';
  /** The key of a dead letter. */
  readonly key: string;
}

export const commandKind = 1;
const version = 1;
const headBytes = 6;

export function encodeCommand(command: Command): Bytes {
  const text = bytes.from(JSON.stringify(command));
  const head = bytes.allocUnsafeSlow(headBytes);
  head[0] = version;
  head[1] = commandKind;
  new DataView(head.buffer).setUint32(2, text.length, true);
  return bytes.concat([head, text]);
}

/** The text behind the head of a payload whose kind is `commandKind`. Throws what `JSON.parse` throws if it is cut. */
export function decodeCommand(payload: Bytes): Command {
  return JSON.parse(payload.utf8Slice(headBytes)) as Command;
}
