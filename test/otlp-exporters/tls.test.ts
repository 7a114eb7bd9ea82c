import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startReceiver } from '../receivers/running-receiver.ts';
import { namesOf, spans, startExporter, until } from './world.ts';

const directory = mkdtempSync(join(tmpdir(), 'spanway-otlp-tls-'));
const files = { cert_file: join(directory, 'cert.pem'), key_file: join(directory, 'key.pem') };

beforeAll(() => {
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', ...kind, '-keyout', files.key_file, '-out', files.cert_file, ...subject], { stdio: 'ignore' });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

for (const type of ['otlp_http', 'otlp_grpc'] as const)
  test(`${type} trusts the CA that it is given, shows its own certificate, and trusts no other`, async () => {
    const tls = { ...files, client_ca_file: files.cert_file };
    const backend = await startReceiver({ http: { tls }, grpc: { tls } });
    const endpoint = type === 'otlp_http' ? backend.url.replace('http:', 'https:') : backend.grpcAddress;
    const trusting = await startExporter(type, { endpoint, tls: { ...files, ca_file: files.cert_file } });
    const stranger = await startExporter(type, { endpoint });
    try {
      await stranger.exporter.consume(spans(1, 'stranger'));
      await trusting.exporter.consume(spans(1, 'known'));
      await until(
        () => trusting.exporter.balance().delivered === 1,
        () => trusting.lines.join('\n'),
      );
      await until(() => stranger.telemetry.degradations().size > 0);
      expect(backend.batches.flatMap(namesOf)).toEqual(['known-0']);
      expect(stranger.exporter.balance()).toMatchObject({ waiting: 1 });
    } finally {
      await trusting.stop();
      await stranger.stop(100);
      await backend.stop();
    }
  });
