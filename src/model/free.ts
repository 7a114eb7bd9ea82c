import type { Bytes } from './bytes.ts';

interface Movable {
  /** Since Node 21. */
  transfer?(length: number): unknown;
}

interface Port {
  postMessage(message: undefined, transfer: readonly unknown[]): void;
  close(): void;
}

declare const MessageChannel: new () => { readonly port1: Port; readonly port2: Port };

/** What is moved into a channel with a closed end is gone. */
const { port1: nowhere, port2: closed } = new MessageChannel();
closed.close();

/** Smaller ones cost the garbage collector less than this does. */
const freedBytesMin = 16_384;
/** What may stand around them in memory of their own: the head of a record or of a message. */
const headBytesMax = 64;

/**
 * Gives the memory of large bytes back now: the garbage collector does not see how much hangs on them and comes late, and new memory costs more than what
 * was used a moment ago. Nobody may read them, or a range of them, afterwards: they are empty then. Does nothing with bytes that share their memory with others.
 */
export function free(used: Bytes): void {
  const { buffer } = used;
  if (used.byteLength < freedBytesMin || buffer.byteLength - used.byteLength > headBytesMax || !(buffer instanceof ArrayBuffer)) return;
  const movable = buffer as Movable;
  if (movable.transfer) movable.transfer(0);
  else nowhere.postMessage(undefined, [buffer]);
}
