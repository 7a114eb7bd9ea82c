/** Limits and certificates in a whole gateway: what the graph connects, and what a reload keeps. */
import { connect } from 'node:tls';
import grpc from '@grpc/grpc-js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import { factories } from '../../src/service/components.ts';
import { type Gateway, startGateway } from '../../src/service/gateway.ts';
import type { RunningReceiver } from '../receivers/running-receiver.ts';
import { tracesJsonBody } from '../receivers/running-receiver.ts';
import { Certificates } from './certificates.ts';
import { call, grpcClient } from './clients.ts';

let files: Certificates;
let gateway: Gateway;

beforeEach(() => {
  files = new Certificates();
});
afterEach(async () => {
  await gateway.stop(2_000);
  files.remove();
});

async function load(protocols: Record<string, unknown>, extensions: Record<string, unknown>) {
  const config = {
    receivers: { otlp: { protocols } },
    exporters: { nop: {} },
    extensions,
    service: {
      extensions: Object.keys(extensions),
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['nop'] } },
    },
  };
  const loaded = await loadConfig({ uris: [`yaml:${JSON.stringify(config)}`], sets: [], env: {}, factories });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.config;
}

async function start(protocols: Record<string, unknown>, extensions: Record<string, unknown>): Promise<void> {
  gateway = await startGateway(await load(protocols, extensions), { emit: () => {} });
}

const addresses = () => gateway.service.receivers.get('otlp')?.addresses();
const grpcAddress = (): RunningReceiver => ({ grpcAddress: `127.0.0.1:${addresses()?.grpc?.port}` }) as RunningReceiver;

async function post(headers: Record<string, string>): Promise<{ status: number; challenge: string | null }> {
  const response = await fetch(`http://127.0.0.1:${addresses()?.http?.port}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: tracesJsonBody(),
  });
  return { status: response.status, challenge: response.headers.get('www-authenticate') };
}

/** Serial number of the certificate that a new connection is shown. */
function serialShown(port: number, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca, ALPNProtocols: ['h2'] }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

test('a tenant’s budget is one over both protocols, by what the authenticator found out, and a reload changes it', async () => {
  const middlewares = [{ id: 'rate_limiter' }];
  const listener = { endpoint: '127.0.0.1:0', auth: { authenticator: 'apikeyauth' }, middlewares };
  const keys = ['acme', 'other'].map((tenant) => ({ key: `key-${tenant}`, attributes: { tenant } }));
  const extensions = (rate: number): Record<string, unknown> => ({
    apikeyauth: { keys },
    rate_limiter: { key: 'auth.tenant', requests_per_second: rate, burst: '1s' },
  });
  await start({ http: listener, grpc: listener }, extensions(2));
  expect((await post({ 'x-api-key': 'key-acme' })).status).toBe(200);
  const metadata = new grpc.Metadata();
  metadata.set('x-api-key', 'key-acme');
  const client = grpcClient(grpcAddress());
  const outcomes = [
    await call(client, undefined, metadata),
    await call(client, undefined, metadata),
    await call(client, undefined, metadata),
  ];
  client.close();
  expect(outcomes.at(-1)?.code).toBe(grpc.status.RESOURCE_EXHAUSTED);
  expect((await post({ 'x-api-key': 'key-other' })).status).toBe(200);
  const port = addresses()?.http?.port;
  await gateway.reload(await load({ http: listener, grpc: listener }, extensions(1_000)));
  expect(addresses()?.http?.port).toBe(port);
  expect((await post({ 'x-api-key': 'key-acme' })).status).toBe(200);
});

test('whoever is not let in learns how to ask', async () => {
  const listener = (authenticator: string): Record<string, unknown> => ({ http: { endpoint: '127.0.0.1:0', auth: { authenticator } } });
  const ways: [string, Record<string, unknown>, string][] = [
    ['apikeyauth', { keys: [{ key: 'k' }] }, 'ApiKey realm="spanway"'],
    ['bearertokenauth', { token: 't' }, 'Bearer realm="spanway"'],
    ['basicauth', { htpasswd: { inline: 'user:password' } }, 'Basic realm="spanway"'],
  ];
  for (const [type, settings, challenge] of ways) {
    await gateway?.stop(1_000);
    await start(listener(type), { [type]: settings });
    expect(await post({})).toEqual({ status: 401, challenge });
  }
});

test('a limiter that is not there stops the start', async () => {
  await start({ http: { endpoint: '127.0.0.1:0' } }, {});
  const config = await load({ http: { endpoint: '127.0.0.1:0', middlewares: [{ id: 'rate_limiter' }] } }, {});
  await expect(gateway.reload(config)).rejects.toThrow('cannot limit with "rate_limiter"');
});

test('a reload puts new certificates in force and keeps the connections that are open', async () => {
  const authority = files.authority('one');
  const put = (): Record<string, string> => {
    const { cert, key } = authority.sign('gateway');
    return { cert_file: files.put('server.crt', cert), key_file: files.put('server.key', key) };
  };
  const protocols = { grpc: { endpoint: '127.0.0.1:0', tls: { ...put(), reload_interval: '0' } } };
  await start(protocols, {});
  const port = addresses()?.grpc?.port;
  const client = grpcClient(grpcAddress(), grpc.credentials.createSsl(Buffer.from(authority.cert)));
  expect(await call(client)).toBeUndefined();
  let left = false;
  const channel = client.getChannel();
  channel.watchConnectivityState(channel.getConnectivityState(false), Number.POSITIVE_INFINITY, (error) => {
    left = !error;
  });
  const serial = await serialShown(port as number, authority.cert);
  put();
  await gateway.reload(await load(protocols, {}));
  expect(await call(client)).toBeUndefined();
  expect(left).toBe(false);
  expect(addresses()?.grpc?.port).toBe(port);
  expect(await serialShown(port as number, authority.cert)).not.toBe(serial);
  client.close();
});
