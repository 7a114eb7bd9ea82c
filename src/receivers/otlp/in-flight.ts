/**
 * Bytes of requests that a receiver holds at the same time, as they came and decompressed. They count when they are there and not when they are announced,
 * because announcing costs a client nothing. One network gets at most half of the room while it has several requests, so that nobody fills it up alone.
 */
import { Fault } from '../../model/fault.ts';
import { networkOf } from '../../model/network.ts';

interface Share {
  bytes: number;
  holds: number;
}

export class InFlight {
  readonly #bytesMax: number;
  readonly #shares = new Map<string, Share>();
  #bytes = 0;
  #former: InFlight | undefined;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** What the receiver that this one follows still holds counts here, too: a reload is no second room. */
  follow(former: InFlight): void {
    this.#former = former;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** For one request. Whoever opens it closes it. */
  open(address: string): Hold {
    const network = networkOf(address);
    const share = this.#shares.get(network) ?? { bytes: 0, holds: 0 };
    share.holds += 1;
    this.#shares.set(network, share);
    return new Hold(this, share, network);
  }

  /** Throws `GW_RECEIVE_TOO_BUSY` when there is no room. */
  take(share: Share, bytes: number): void {
    if (this.#former?.bytes === 0) this.#former = undefined;
    if (this.#bytes + (this.#former?.bytes ?? 0) + bytes > this.#bytesMax) throw tooBusy('too many bytes of other requests are under way');
    if (share.holds > 1 && share.bytes + bytes > this.#bytesMax / 2) throw tooBusy('too many bytes of its sender are under way');
    this.#bytes += bytes;
    share.bytes += bytes;
  }

  /** The last that is heard of a request with so many bytes. */
  give(share: Share, network: string, bytes: number): void {
    this.#bytes -= bytes;
    share.bytes -= bytes;
    share.holds -= 1;
    if (share.holds === 0) this.#shares.delete(network);
  }
}

/** The bytes of one request. */
export class Hold {
  readonly #inFlight: InFlight;
  readonly #share: Share;
  readonly #network: string;
  #bytes = 0;

  constructor(inFlight: InFlight, share: Share, network: string) {
    this.#inFlight = inFlight;
    this.#share = share;
    this.#network = network;
  }

  /** Throws `GW_RECEIVE_TOO_BUSY` when there is no room. */
  take(bytes: number): void {
    this.#inFlight.take(this.#share, bytes);
    this.#bytes += bytes;
  }

  close(): void {
    this.#inFlight.give(this.#share, this.#network, this.#bytes);
  }
}

function tooBusy(reason: string): Fault {
  return new Fault('GW_RECEIVE_TOO_BUSY', `cannot take the request: ${reason}`, { retryAfterMs: 1_000 });
}
