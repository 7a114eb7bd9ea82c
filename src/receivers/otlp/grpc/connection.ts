/**
 * The life of one gRPC connection:
 *
 *   accepted ─client's SETTINGS─► open ─idle too long, or too old─► closing (GOAWAY) ─grace─► destroyed
 *      └─silent─► destroyed         └─gives up calls in masses, asks in masses, answers no ping─► destroyed
 *
 * A ticker that all connections share looks at each once a second; so a connection costs no timers.
 */
import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { GrpcConfig } from '../config.ts';

/** Calls that a client may give up for each that it finishes, and so many more. A flood of resets costs it nothing otherwise. */
const givenUpMax = 200;
const answeredWorth = 2;
/** As in grpc-go: so many pings may come too early. */
const earlyPingsMax = 2;

export class Connection {
  readonly #session: ServerHttp2Session;
  readonly #config: GrpcConfig;
  readonly #now: () => number;
  readonly #openedAtMs: number;
  #greeted = false;
  #calls = 0;
  #givenUp = 0;
  #quietSinceMs: number;
  #heardAtMs: number;
  #pingedAtMs: number | undefined;
  #closingAtMs: number | undefined;
  #peerPingedAtMs = Number.NEGATIVE_INFINITY;
  #earlyPings = 0;

  constructor(session: ServerHttp2Session, config: GrpcConfig, now: () => number) {
    this.#session = session;
    this.#config = config;
    this.#now = now;
    this.#openedAtMs = this.#quietSinceMs = this.#heardAtMs = now();
    session.once('remoteSettings', () => {
      this.#greeted = true;
    });
    session.on('ping', () => this.#pinged());
  }

  /** A call began. */
  begun(stream: ServerHttp2Stream): void {
    this.#calls += 1;
    this.#earlyPings = 0;
    this.#heardAtMs = this.#now();
    stream.once('close', () => this.#ended(stream));
  }

  /** GOAWAY: the calls under way are finished. */
  close(): void {
    if (this.#closingAtMs !== undefined) return;
    this.#closingAtMs = this.#now();
    this.#session.close();
  }

  destroy(code: number = constants.NGHTTP2_NO_ERROR): void {
    this.#session.destroy(undefined, code);
  }

  /** What is due. */
  look(): void {
    const now = this.#now();
    const { handshake_timeout: handshakeMs, keepalive } = this.#config;
    const { max_connection_age_grace: graceMs, time: pingAfterMs, timeout: pongMs } = keepalive.server_parameters;
    if (this.#closingAtMs !== undefined) {
      if (graceMs !== undefined && now - this.#closingAtMs >= graceMs) this.destroy();
    } else if (!this.#greeted) {
      if (now - this.#openedAtMs >= handshakeMs) this.destroy();
    } else if (this.#isOver(now)) {
      this.close();
    } else if (this.#pingedAtMs !== undefined) {
      if (now - this.#pingedAtMs >= pongMs) this.destroy();
    } else if (now - this.#heardAtMs >= pingAfterMs) {
      this.#ping(now);
    }
  }

  #isOver(now: number): boolean {
    const { max_connection_idle: idleMs, max_connection_age: ageMs } = this.#config.keepalive.server_parameters;
    if (ageMs !== undefined && now - this.#openedAtMs >= ageMs) return true;
    return idleMs !== undefined && this.#calls === 0 && now - this.#quietSinceMs >= idleMs;
  }

  #ended({ rstCode, writableFinished }: ServerHttp2Stream): void {
    this.#calls -= 1;
    this.#heardAtMs = this.#quietSinceMs = this.#now();
    if (writableFinished && rstCode === constants.NGHTTP2_NO_ERROR) this.#givenUp = Math.max(0, this.#givenUp - answeredWorth);
    else this.#givenUp += 1;
    if (this.#givenUp > givenUpMax) this.destroy(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  #ping(now: number): void {
    this.#pingedAtMs = now;
    this.#session.ping((error) => {
      if (error) return;
      this.#pingedAtMs = undefined;
      this.#heardAtMs = this.#now();
    });
  }

  #pinged(): void {
    const { min_time: minMs } = this.#config.keepalive.enforcement_policy;
    const now = this.#now();
    const early = minMs !== undefined && now - this.#peerPingedAtMs < minMs;
    this.#peerPingedAtMs = now;
    this.#heardAtMs = now;
    if (!early) return;
    this.#earlyPings += 1;
    if (this.#earlyPings > earlyPingsMax) this.destroy(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }
}
