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

export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #deps: Deps;
  readonly #open = new Map<string, number>();
  #count = 0;
  #whenNone: (() => void) | undefined;

  constructor(server: Server, limits: ConnectionLimits, deps: Deps) {
    this.#limits = limits;
    this.#deps = deps;
    server.prependListener('connection', (socket: Socket) => this.#enter(socket));
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
    const ofNetwork = this.#open.get(network) ?? 0;
    if (this.#count >= max || ofNetwork >= perNetworkMax) {
      this.#refuse(socket, this.#count >= max ? 'max_connections' : 'max_connections_per_address');
      return;
    }
    this.#count += 1;
    this.#open.set(network, ofNetwork + 1);
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
