/**
 * Who may connect: so many connections in all, and so many of one network. Further ones are closed before anything is read of them, TLS included.
 * What is open counts, not what was opened, so a client that comes and goes is none the worse for it. Counted here and not by the server, which
 * counts only what it accepted itself.
 */
import type { Server, Socket } from 'node:net';
import type { Deps } from '../../model/component.ts';
import { networkOf } from '../../model/network.ts';

export interface ConnectionLimits {
  readonly max_connections: number;
  readonly max_connections_per_address?: number | undefined;
}

interface Open {
  readonly inAll: number;
  readonly ofNetwork: number;
}

const none: Open = { inAll: 0, ofNetwork: 0 };

export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #deps: Deps;
  readonly #open = new Map<string, number>();
  #count = 0;
  #former: Connections | undefined;
  #whenNone: (() => void) | undefined;

  constructor(server: Server, limits: ConnectionLimits, deps: Deps) {
    this.#limits = limits;
    this.#deps = deps;
    server.prependListener('connection', (socket: Socket) => this.#enter(socket));
  }

  /** What is still open at the server that this one follows counts here, too. */
  follow(former: Connections): void {
    this.#former = former;
  }

  /** How many are open. */
  openOf(network: string): Open {
    return { inAll: this.#count, ofNetwork: this.#open.get(network) ?? 0 };
  }

  /** Resolves when none is open. */
  none(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenNone = resolve;
    });
  }

  #enter(socket: Socket): void {
    const { max_connections: max, max_connections_per_address: perNetworkMax = Math.ceil(max / 2) } = this.#limits;
    const network = networkOf(socket.remoteAddress ?? '');
    const own = this.openOf(network);
    const former = this.#former?.openOf(network) ?? none;
    if (former.inAll === 0) this.#former = undefined;
    const isFull = own.inAll + former.inAll >= max;
    if (isFull || own.ofNetwork + former.ofNetwork >= perNetworkMax) {
      this.#refuse(socket, isFull ? 'max_connections' : 'max_connections_per_address');
      return;
    }
    this.#count += 1;
    this.#open.set(network, own.ofNetwork + 1);
    socket.once('close', () => this.#leave(network));
  }

  #leave(network: string): void {
    const left = (this.#open.get(network) as number) - 1;
    if (left === 0) this.#open.delete(network);
    else this.#open.set(network, left);
    this.#count -= 1;
    if (this.#count === 0) this.#whenNone?.();
  }

  #refuse(socket: Socket, limit: string): void {
    this.#deps.observer.log('warn', 'a connection was closed, because too many are open', { receiver: this.#deps.id, limit });
    socket.destroy();
  }
}
