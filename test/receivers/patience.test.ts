/** Clients that close their half of the connection when they have asked, and clients that do not wait for ever: on real sockets. */
import { connect } from 'node:http2';
import grpc from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { itemCount } from '../../src/model/batch.ts';
import { timeoutMsOf } from '../../src/receivers/otlp/grpc/deadline.ts';
import { call, grpcClient, protobufBody, raw, traceService, until } from '../security/clients.ts';
import { type RunningReceiver, startReceiver, tracesJsonBody } from './running-receiver.ts';

let receiver: RunningReceiver;

beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());

/** Holds up every batch until `go`. `held` counts what came through by then. */
function holdUp(): { readonly seen: Promise<void>; go(): void; held(): number } {
  const { consume } = receiver;
  let held = 0;
  let go = (): void => {};
  const released = new Promise<void>((resolve) => {
    go = resolve;
  });
  const seen = new Promise<void>((resolve) => {
    receiver.consume = async (batch) => {
      resolve();
      await released;
      const receipt = await consume(batch);
      held += itemCount(batch);
      return receipt;
    };
  });
  return { seen, go, held: () => held };
}

describe('a client that closes its half after the request', () => {
  const request = (): string => {
    const body = tracesJsonBody();
    return `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  };

  test('gets its answer, however long the journal takes, and then the connection is closed', async () => {
    const journal = holdUp();
    const { socket, text, closed } = await raw(receiver.httpPort);
    socket.end(request());
    await journal.seen;
    journal.go();
    await closed;
    expect(text()).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(journal.held()).toBe(1);
  });

  test('before it has asked anything is closed at once', async () => {
    for (const port of [receiver.httpPort, Number(receiver.grpcAddress.split(':')[1])]) {
      const { socket, closed } = await raw(port);
      socket.end();
      await closed;
    }
  });
});

describe('the deadline of a gRPC call', () => {
  /** Says a deadline and does not keep it itself. Resolves with the server's status. */
  async function rawCall(timeout: string): Promise<string> {
    const session = connect(`http://${receiver.grpcAddress}`);
    const stream = session.request({
      ':method': 'POST',
      ':path': traceService,
      'content-type': 'application/grpc',
      'grpc-timeout': timeout,
    });
    const status = new Promise<string>((resolve, reject) => {
      stream.once('error', reject).once('response', (headers) => resolve(`${headers['grpc-status']}`));
    });
    const body = protobufBody();
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(body.length, 1);
    stream.end(Buffer.concat([prefix, body]));
    return status.finally(() => session.destroy());
  }

  test('that passes while the data is being held is answered, and what is held stays', async () => {
    const journal = holdUp();
    const client = grpcClient(receiver);
    const answered = call(client, protobufBody(), new grpc.Metadata(), 300);
    await journal.seen;
    expect((await answered)?.code).toBe(grpc.status.DEADLINE_EXCEEDED);
    journal.go();
    await until(() => journal.held() === 1);
    expect((await call(client))?.code).toBe(undefined);
    expect(receiver.batches.map(itemCount)).toEqual([1, 1]);
    client.close();
  });

  test('ends the call on the server, too, whose memory is given back', async () => {
    const journal = holdUp();
    const answered = rawCall('50m');
    await journal.seen;
    expect(await answered).toBe('4');
    journal.go();
    await until(() => receiver.heldBytes() === 0);
  });

  test('that has passed before the message is there hands nothing on', async () => {
    expect(await rawCall('0n')).toBe('4');
    expect(receiver.batches).toEqual([]);
  });

  test.each([
    ['10S', 10_000],
    ['250m', 250],
    ['5000u', 5],
    ['99999999H', 2 ** 31 - 1],
    ['123456789m', undefined],
    ['10', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s ms', (header, timeoutMs) => {
    expect(timeoutMsOf(header)).toBe(timeoutMs);
  });
});
