import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

/**
 * The connections of a client. A server may answer before it has read a request to its end, and the runtime keeps only an address of what it still has to
 * write: the memory of a body may be given back when nothing is left to write.
 */
export class Connections {
  readonly #open = new Set<Socket>();
  readonly #connect: buildConnector.connector;

  constructor(options: buildConnector.BuildOptions) {
    this.#connect = buildConnector(options);
  }

  readonly connect: buildConnector.connector = (options, callback) => {
    this.#connect(options, (...result) => {
      const [, socket] = result;
      if (socket) {
        this.#open.add(socket);
        socket.once('close', () => this.#open.delete(socket));
      }
      callback(...result);
    });
  };

  /** Whether all that was written has left this process. `false` if that is not known: connections through a proxy are not seen here. */
  get sentAll(): boolean {
    for (const { writableLength } of this.#open) if (writableLength > 0) return false;
    return this.#open.size > 0;
  }
}
