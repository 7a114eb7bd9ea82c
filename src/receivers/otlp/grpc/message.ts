/**
 * The one message of a unary call: a flag that says whether it is compressed, its length, its bytes.
 * Source: gRPC over HTTP2, "Length-Prefixed-Message".
 */
import { Fault } from '../../../model/fault.ts';
import { tooLarge } from '../encoding.ts';
import { GatheredBody } from '../gathered-body.ts';

const prefixBytes = 5;

export interface Message {
  readonly isCompressed: boolean;
  readonly body: Buffer;
  /** What the body is a range of. */
  readonly whole: Buffer;
}

/** States: nothing → a head, which is the whole message of a small call → a body that is gathered, from the chunk on that follows the length. */
export class MessageReader {
  readonly #bytesMax: number;
  #head: Buffer | undefined;
  #body: GatheredBody | undefined;
  #size = 0;
  #sizeMax = Number.POSITIVE_INFINITY;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Throws as soon as the message is known to be too large, or is followed by another one. */
  add(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#sizeMax === Number.POSITIVE_INFINITY) this.#begin(chunk);
    if (this.#size > this.#sizeMax) throw malformed('more came than its message');
    if (this.#head?.length === this.#size) return;
    if (this.#body === undefined) {
      this.#body = new GatheredBody(this.#sizeMax);
      this.#body.add(this.#head as Buffer);
    }
    this.#body.add(chunk);
  }

  finish(): Message {
    if (this.#size !== this.#sizeMax) throw malformed('its message is not whole');
    const whole = this.#body?.whole() ?? (this.#head as Buffer);
    const flag = whole[0] as number;
    if (flag > 1) throw malformed('its message has an unknown flag');
    return { isCompressed: flag === 1, body: whole.subarray(prefixBytes), whole };
  }

  #begin(chunk: Buffer): void {
    const head = this.#head === undefined ? chunk : Buffer.concat([this.#head, chunk]);
    this.#head = head;
    if (head.length < prefixBytes) return;
    const length = head.readUInt32BE(1);
    if (length > this.#bytesMax) throw tooLarge(this.#bytesMax);
    this.#sizeMax = prefixBytes + length;
  }
}

export function framed(body: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(prefixBytes + body.length);
  frame[0] = 0;
  frame.writeUInt32BE(body.length, 1);
  frame.set(body, prefixBytes);
  return frame;
}

function malformed(reason: string): Fault {
  return new Fault('GW_RECEIVE_BAD_BODY', `cannot read the call: ${reason}`);
}
