/** Certificates of the receivers, with those of openssl and clients of Node. */

import { request } from 'node:https';
/** Certificates of the receivers, with those of openssl and clients of Node. */
import tls, { type ConnectionOptions, createSecureContext } from 'node:tls';
import grpc from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type RunningReceiver, startReceiver, tracesJsonBody } from '../receivers/running-receiver.ts';
import { type Authority, type Certificate, Certificates } from './certificates.ts';
import { call, grpcClient, portOf, raw, until } from './clients.ts';

let files: Certificates;
let authority: Authority;
let otherAuthority: Authority;
let server: Certificate;
let receiver: RunningReceiver;

beforeAll(() => {
  files = new Certificates();
  authority = files.authority('one');
  otherAuthority = files.authority('other');
  server = authority.sign('gateway');
});
afterAll(() => files.remove());
afterEach(() => receiver.stop());

const put = ({ cert, key }: Certificate): Record<string, unknown> => ({
  cert_file: files.put('server.crt', cert),
  key_file: files.put('server.key', key),
});

async function start(block: Record<string, unknown>): Promise<void> {
  receiver = await startReceiver({ http: { tls: block }, grpc: { tls: block } });
}

/** The status of a request over a connection of its own, or the code of the error. */
function post(options: ConnectionOptions = {}): Promise<number | string> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' };
    const sent = request(
      {
        host: '127.0.0.1',
        port: receiver.httpPort,
        path: '/v1/traces',
        method: 'POST',
        headers,
        ca: authority.cert,
        agent: false,
        ...options,
      },
      (response) => response.resume().once('end', () => resolve(response.statusCode as number)),
    );
    sent.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.end(tracesJsonBody());
  });
}

async function callWith(certificate?: Certificate, root = authority.cert): Promise<number> {
  const pair = certificate ? [Buffer.from(certificate.key), Buffer.from(certificate.cert)] : [null, null];
  const client = grpcClient(receiver, grpc.credentials.createSsl(Buffer.from(root), pair[0] ?? null, pair[1] ?? null));
  const error = await call(client, undefined, undefined, 3_000);
  client.close();
  return error?.code ?? grpc.status.OK;
}

/** What the server shows and agrees to; rejects if there is no agreement. */
function handshake(port: number, options: ConnectionOptions): Promise<{ serial: string; protocol: string | null; cipher: string }> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host: '127.0.0.1', port, ca: authority.cert, ...options }, () => {
      resolve({
        serial: socket.getPeerCertificate().serialNumber,
        protocol: socket.getProtocol(),
        cipher: socket.getCipher().standardName,
      });
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

const ports = (): number[] => [receiver.httpPort, portOf(receiver.grpcAddress)];

test('both protocols are served over TLS, and only to who trusts the authority', async () => {
  await start(put(server));
  expect(await post()).toBe(200);
  expect(await callWith()).toBe(grpc.status.OK);
  expect(await post({ ca: otherAuthority.cert })).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED/);
  expect(await callWith(undefined, otherAuthority.cert)).toBe(grpc.status.UNAVAILABLE);
});

test('certificates may stand in the configuration itself', async () => {
  await start({ cert_pem: server.cert, key_pem: server.key });
  expect(await post()).toBe(200);
  expect(await callWith()).toBe(grpc.status.OK);
});

test('with a client CA only clients that it signed, and whose time is not over, get in', async () => {
  await start({ ...put(server), client_ca_file: files.put('clients.crt', authority.cert) });
  const known = authority.sign('client');
  const expired = authority.sign('late client', { days: -1 });
  const unknown = otherAuthority.sign('stranger');
  expect(await post(known)).toBe(200);
  expect(await callWith(known)).toBe(grpc.status.OK);
  for (const refused of [expired, unknown, undefined]) {
    expect(await post(refused)).not.toBe(200);
    expect(await callWith(refused)).toBe(grpc.status.UNAVAILABLE);
  }
  expect(receiver.batches).toHaveLength(2);
});

test('a new certificate is in force without a restart, and no request of a client that keeps sending is lost', async () => {
  await start({ ...put(server), reload_interval: '20ms' });
  const client = grpcClient(receiver, grpc.credentials.createSsl(Buffer.from(authority.cert)));
  const failures: unknown[] = [];
  let sent = 0;
  let rotated = false;
  const sending = (async () => {
    while (!rotated) {
      const [status, error] = await Promise.all([post(), call(client)]);
      if (status !== 200 || error) failures.push(status, error);
      sent += 2;
    }
  })();
  const before = await Promise.all(ports().map((port) => handshake(port, {})));
  await until(() => sent >= 4);
  put(authority.sign('gateway'));
  await until(() => receiver.lines.filter((line) => line.includes('new certificates are in force')).length === 2);
  const after = await Promise.all(ports().map((port) => handshake(port, {})));
  const atRotation = sent;
  await until(() => sent >= atRotation + 4);
  rotated = true;
  await sending;
  client.close();
  expect(failures).toEqual([]);
  expect(receiver.batches).toHaveLength(sent);
  expect(after.map(({ serial }) => serial)).not.toEqual(before.map(({ serial }) => serial));
});

test('a new client CA holds for new connections, and a connection that is open lives on', async () => {
  const known = authority.sign('client');
  const newcomer = otherAuthority.sign('client');
  await start({ ...put(server), client_ca_file: files.put('clients.crt', authority.cert), reload_interval: '20ms' });
  const pair = [Buffer.from(known.key), Buffer.from(known.cert)] as const;
  const client = grpcClient(receiver, grpc.credentials.createSsl(Buffer.from(authority.cert), ...pair));
  expect(await call(client)).toBeUndefined();
  files.put('clients.crt', otherAuthority.cert);
  await until(() => receiver.lines.filter((line) => line.includes('new certificates are in force')).length === 2);
  expect(await call(client)).toBeUndefined();
  client.close();
  expect(await callWith(newcomer)).toBe(grpc.status.OK);
  expect(await callWith(known)).toBe(grpc.status.UNAVAILABLE);
});

test('files that cannot be used leave those before them in force, and say so until they are mended', async () => {
  await start({ ...put(server), reload_interval: '20ms' });
  const renewed = authority.sign('gateway');
  files.put('server.crt', renewed.cert);
  await until(() => receiver.degradations().size === 2);
  expect([...receiver.degradations().values()].map(({ facts }) => JSON.stringify(facts)).join()).not.toContain('BEGIN');
  expect(await post()).toBe(200);
  files.put('server.key', renewed.key);
  await until(() => receiver.degradations().size === 0);
  expect(await post()).toBe(200);
});

test('versions and cipher suites are those of the settings, on both ports', async () => {
  const rsa = authority.sign('gateway', { rsa: true });
  await start({ ...put(rsa), min_version: '1.3' });
  for (const port of ports()) {
    await expect(handshake(port, { maxVersion: 'TLSv1.2' })).rejects.toThrow();
    expect((await handshake(port, {})).protocol).toBe('TLSv1.3');
  }
  await receiver.stop();
  await start({ ...put(rsa), max_version: '1.2', cipher_suites: ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'], curve_preferences: ['P256'] });
  for (const port of ports()) {
    expect(await handshake(port, {})).toMatchObject({ protocol: 'TLSv1.2', cipher: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384' });
    await expect(handshake(port, { ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' })).rejects.toThrow();
    await expect(handshake(port, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow();
  }
  await receiver.stop();
  await start({ ...put(rsa), cipher_suites: ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'] });
  for (const port of ports()) expect((await handshake(port, {})).protocol).toBe('TLSv1.3');
});

test('settings that cannot work are refused with what to do', async () => {
  const other = authority.sign('gateway');
  const refused: [Record<string, unknown>, RegExp][] = [
    [{}, /provide the certificate/],
    [{ cert_pem: server.cert }, /provide the key/],
    [{ ...put(server), cert_pem: server.cert }, /provide the certificate/],
    [{ cert_pem: server.cert, key_pem: other.key }, /the key is not that of the certificate/],
    [{ cert_file: files.path('absent.crt'), key_pem: server.key }, /cannot read .*absent\.crt: ENOENT/],
    [{ ...put(server), cipher_suites: ['TLS_RSA_WITH_RC4_128_SHA'] }, /cipher_suites|Invalid option/],
    [{ ...put(server), min_version: '1.3', max_version: '1.2' }, /must not be below/],
  ];
  for (const [block, words] of refused) await expect(start(block)).rejects.toThrow(words);
  await start(put(server));
});

test('a client that opens a connection and says nothing is cut off, before TLS and behind it', async () => {
  const block = put(server);
  receiver = await startReceiver({ http: { tls: block, read_header_timeout: '200ms' }, grpc: { tls: block, handshake_timeout: '200ms' } });
  for (const port of ports()) {
    const silent = tls.connect({
      host: '127.0.0.1',
      port,
      secureContext: createSecureContext({ ca: authority.cert }),
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    silent.on('error', () => {});
    await Promise.all([new Promise((resolve) => silent.resume().once('close', resolve)), raw(port).then(({ closed }) => closed)]);
  }
});
