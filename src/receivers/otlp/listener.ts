/**
 * A port that outlives the server behind it: it accepts connections and passes each to whoever serves there now. So a server can be replaced while no
 * client finds the port closed.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

export class Listener {
  #server: Server;
  readonly #socket = createServer({ noDelay: true }, (connection) => void this.#server.emit('connection', connection));

  /** `server` is one that does not listen itself: of node:http, node:http2, or with TLS. */
  constructor(server: Server) {
    this.#server = server;
  }

  /** Resolves with the port; rejects with the error of the bind. */
  async bind(host: string, port: number): Promise<number> {
    this.#socket.listen(port, host);
    await once(this.#socket, 'listening');
    return (this.#socket.address() as AddressInfo).port;
  }

  /** Further connections go to another server. */
  switchTo(server: Server): void {
    this.#server = server;
  }

  /** Gives the port back at once. Connections that were passed on live on. */
  close(): void {
    this.#socket.close();
  }
}
