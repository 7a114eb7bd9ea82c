/**
 * The one message of a unary call: a flag that says whether it is compressed, its length, its bytes.
 * Source: gRPC over HTTP2, "Length-Prefixed-Message".
 */
import { Fault } from '../../../model/fault.ts';
import { tooLarge } from '../encoding.ts';

const prefixBytes = 5;

export interface Message {
  readonly isCompressed: boolean;
  readonly body: Buffer;
  /** What the body is a range of. */
  readonly whole: Buffer;
}

export class MessageReader {
  readonly #bytesMax: number;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #sizeMax = Number.POSITIVE_INFINITY;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Throws as soon as the message is known to be too large, or is followed by another one. */
  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#sizeMax === Number.POSITIVE_INFINITY && this.#size >= prefixBytes) this.#sizeMax = prefixBytes + this.#length();
    if (this.#size > this.#sizeMax) throw malformed('more came than its message');
  }

  finish(): Message {
    const whole = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks, this.#size);
    if (whole.length !== this.#sizeMax) throw malformed('its message is not whole');
    const flag = whole[0] as number;
    if (flag > 1) throw malformed('its message has an unknown flag');
    return { isCompressed: flag === 1, body: whole.subarray(prefixBytes), whole };
  }

  #length(): number {
    if ((this.#chunks[0] as Buffer).length < prefixBytes) this.#chunks.splice(0, this.#chunks.length, Buffer.concat(this.#chunks));
    const length = (this.#chunks[0] as Buffer).readUInt32BE(1);
    if (length > this.#bytesMax) throw tooLarge(this.#bytesMax);
    return length;
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
