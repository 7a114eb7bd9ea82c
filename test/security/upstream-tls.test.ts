/** TLS of the `langsmith` exporter to its server, with certificates of the test. */
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { clientTls } from '../../src/exporters/client-tls/client-tls.ts';
import { schema } from '../../src/exporters/langsmith/settings.ts';
import { Client } from '../../src/exporters/langsmith/upload/client.ts';
import { Secret } from '../../src/model/secret.ts';
import { type Authority, type Certificate, Certificates } from './certificates.ts';

let files: Certificates;
let authority: Authority;
let own: Certificate;
let server: Server;
let endpoint: string;
let clients: unknown[];

beforeAll(async () => {
  files = new Certificates();
  authority = files.authority('one');
  own = authority.sign('spanway');
  const options = { ...authority.sign('langsmith'), ca: authority.cert, requestCert: true, rejectUnauthorized: false };
  server = createServer(options, (request, response) => {
    clients.push((request.socket as TLSSocket).getPeerCertificate()?.subject?.CN);
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  clients = [];
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  files.remove();
});

/** The status, or the code of the error. */
async function ask(tls: Record<string, unknown>): Promise<number | string> {
  const settings = schema.parse({ endpoint, tls });
  const client = new Client({
    endpoint,
    connectionsMax: 1,
    timeoutMs: 5_000,
    userAgent: 'test',
    headers: new Map(),
    tls: clientTls(settings.tls),
  });
  const destination = { endpoint, apiKey: new Secret('k'), workspaceId: '' };
  const reply = await client.get('/info', destination, new AbortController().signal, 5_000);
  await client.close();
  return typeof reply === 'string' ? reply : reply.status;
}

test('a server of an unknown authority gets nothing', async () => {
  expect(await ask({})).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET/);
  expect(clients).toEqual([]);
});

test('an authority of one’s own is trusted, as file and as text', async () => {
  expect(await ask({ ca_file: files.put('ca.crt', authority.cert) })).toBe(200);
  expect(await ask({ ca_pem: authority.cert })).toBe(200);
});

test('the certificate must be for the name of the endpoint, or for that of the settings', async () => {
  expect(await ask({ ca_pem: authority.cert, server_name_override: 'gateway.test' })).toBe(200);
  expect(await ask({ ca_pem: authority.cert, server_name_override: 'other.test' })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
});

test('without verification any server is taken', async () => {
  expect(await ask({ insecure_skip_verify: true })).toBe(200);
});

test('the client shows its own certificate', async () => {
  expect(await ask({ ca_pem: authority.cert, cert_pem: own.cert, key_pem: own.key })).toBe(200);
  expect(clients).toEqual(['spanway']);
});

test('half a pair, a file that is missing and settings of gRPC are refused', () => {
  expect(schema.safeParse({ tls: { cert_pem: own.cert } }).success).toBe(false);
  expect(schema.safeParse({ tls: { insecure: true } }).success).toBe(false);
  expect(() => clientTls(schema.parse({ tls: { ca_file: files.path('absent.crt') } }).tls)).toThrow(/cannot read .*absent.crt: ENOENT/);
});
