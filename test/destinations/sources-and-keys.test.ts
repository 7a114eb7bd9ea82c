import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { parseSource } from '../../src/exporters/langsmith/destinations/source.ts';
import { schema } from '../../src/exporters/langsmith/settings.ts';
import { makeKeyFile, readKeyFile } from '../../src/exporters/sealing/key-file.ts';
import { digestOf, KeySealer } from '../../src/exporters/sealing/key-sealer.ts';
import { sealingKeys } from '../../src/exporters/sealing/sealing-keys.ts';
import type { Storage } from '../../src/journal/journal.ts';
import type { Caller } from '../../src/model/batch.ts';
import { Secret } from '../../src/model/secret.ts';
import { resourceOf, spanOf } from '../../src/otlp/otlp.ts';

const caller: Caller = {
  receiver: 'otlp',
  transport: 'http',
  address: '',
  metadata: new Map([['x-tenant', [' acme ', 'second']]]),
  auth: new Map([['username', 'ann']]),
  receivedAtMs: 0,
};
const span = spanOf({ attributes: { team: 'search', count: 3n, list: [1] } });
const resource = resourceOf({ 'service.name': 'chat' });

describe('a source', () => {
  for (const [text, value] of [
    ['metadata.X-Tenant', 'acme'],
    ['auth.username', 'ann'],
    ['resource.service.name', 'chat'],
    ['span.team', 'search'],
    ['span.count', '3'],
    ['span.list', ''],
    ['span.absent', ''],
    ['metadata.absent', ''],
    ['{metadata.x-tenant}-{resource.service.name}', 'acme-chat'],
    ['all of {span.team}', 'all of search'],
    ['{metadata.x-tenant}-{span.absent}', ''],
  ] as const)
    test(`${text} reads ${JSON.stringify(value)}`, () => {
      const source = parseSource(text);
      expect(typeof source === 'string' ? source : source.read(span, resource, caller)).toBe(value);
    });

  for (const text of ['project', 'header.x', 'metadata.', '{metadata.x', 'metadata.x}', '{}', '{{span.a}}'])
    test(`${JSON.stringify(text)} is refused with a reason`, () => expect(typeof parseSource(text)).toBe('string'));

  test('of an API key must come with the request', () => {
    const issue = schema.safeParse({ api_key_from: 'span.key' }).error?.issues[0];
    expect(issue?.message).toMatch(/^an API key can only come with the request/);
    expect(schema.safeParse({ api_key_from: 'metadata.x-api-key' }).success).toBe(true);
  });
});

describe('sealing', () => {
  const sealer = (...keys: string[]): KeySealer => new KeySealer(keys.map((key) => new Secret(key)));

  test('gives the key back, and shows nothing of it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, maxLength: 80 }), fc.string({ minLength: 16 }), (apiKey, sealingKey) => {
        const sealed = sealer(sealingKey).seal(new Secret(apiKey));
        expect(sealer(sealingKey).unseal(sealed)?.reveal()).toBe(apiKey);
        expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]+$/);
        expect(Buffer.from(sealed.split('.')[2] as string, 'base64url').includes(apiKey)).toBe(false);
      }),
    );
  });

  test('with one key is the same text each time, so that equal destinations share batches', () => {
    const one = sealer('a sealing key of mine');
    expect(one.seal(new Secret('lsv2_a'))).toBe(one.seal(new Secret('lsv2_a')));
    expect(one.seal(new Secret('lsv2_a'))).not.toBe(one.seal(new Secret('lsv2_b')));
  });

  test('is undone by a rotated set as long as the old key is in it', () => {
    const sealed = sealer('the old sealing key').seal(new Secret('lsv2_a'));
    expect(sealer('the new sealing key', 'the old sealing key').unseal(sealed)?.reveal()).toBe('lsv2_a');
    expect(sealer('the new sealing key').unseal(sealed)).toBeUndefined();
  });

  test('that was changed in any character is not undone', () => {
    const one = sealer('a sealing key of mine');
    const sealed = one.seal(new Secret('lsv2_secret_of_acme'));
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
      expect(one.unseal(changed)?.reveal() ?? 'lsv2_secret_of_acme').toBe('lsv2_secret_of_acme');
    }
    for (const text of ['', 'v1', 'v1.x', 'v1.00000000.', sealed.slice(0, 30)]) expect(one.unseal(text)).toBeUndefined();
  });

  test('digests tell keys apart', () => expect(digestOf('one')).not.toBe(digestOf('other')));
});

describe('the key file', () => {
  const directories: string[] = [];
  afterEach(() => {
    for (const path of directories.splice(0)) rmSync(path, { recursive: true, force: true });
  });
  const directory = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'spanway-keys-'));
    directories.push(path);
    return path;
  };
  const at = (path: string): Storage => ({ directory: path, open: () => Promise.reject(new Error('not asked for')) });
  const nowhere: Storage = { open: () => Promise.reject(new Error('not asked for')) };

  test('is made once, for its owner only', () => {
    const path = directory();
    expect(readKeyFile(path)).toBeUndefined();
    const made = makeKeyFile(path);
    expect(makeKeyFile(path).reveal()).toBe(made.reveal());
    expect(made.reveal()).toMatch(/^[0-9a-f]{64}$/);
    expect(readdirSync(path)).toEqual(['sealing-key']);
    expect(statSync(join(path, 'sealing-key')).mode & 0o777).toBe(0o600);
  });

  test('that others may read is refused', () => {
    const path = directory();
    makeKeyFile(path);
    chmodSync(join(path, 'sealing-key'), 0o644);
    expect(() => readKeyFile(path)).toThrow(/others than its owner may read it/);
  });

  test('still unseals after a key is configured', () => {
    const path = directory();
    const [made] = sealingKeys([], at(path), false);
    const configured = new Secret('configured later on');
    expect(sealingKeys([configured], at(path), false).map((key) => key.reveal())).toEqual(['configured later on', made?.reveal()]);
    expect(readFileSync(join(path, 'sealing-key'), 'utf8').trim()).toBe(made?.reveal());
  });

  test('is not made where a key is configured', () => {
    const path = directory();
    expect(sealingKeys([new Secret('configured at first')], at(path), false).length).toBe(1);
    expect(readdirSync(path)).toEqual([]);
  });

  test('has no place in a journal that replicas share: a key must be configured', () => {
    expect(() => sealingKeys([], nowhere, false)).toThrow(/no sealing key is configured/);
    expect(sealingKeys([], nowhere, true).length).toBe(1);
  });
});
