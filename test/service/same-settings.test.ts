import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { Part } from '../../src/service/part.ts';
import { sameSettings } from '../../src/service/same-settings.ts';
import { Metrics } from '../../src/service/telemetry/metrics.ts';
import { Telemetry } from '../../src/service/telemetry/telemetry.ts';
import { temporaryDirectory } from '../e2e/harness.ts';

test('settings that were parsed twice from the same text are the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(sameSettings(JSON.parse(JSON.stringify(value)), JSON.parse(JSON.stringify(value)))).toBe(true);
    }),
  );
});

test('settings that differ as JSON are not the same', () => {
  const text = (value: unknown): string =>
    JSON.stringify(value, (_, one: unknown) =>
      isMap(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one,
    );
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const [parsed, otherParsed] = [JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other))] as unknown[];
      expect(sameSettings(parsed, otherParsed)).toBe(text(parsed) === text(otherParsed));
    }),
  );
});

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

test('the order of keys means nothing in an object and something in a map', () => {
  expect(sameSettings({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  expect(
    sameSettings(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
    ),
  ).toBe(false);
});

test('secrets are compared by what they hold', () => {
  expect(sameSettings({ key: new Secret('a') }, { key: new Secret('a') })).toBe(true);
  expect(sameSettings({ key: new Secret('a') }, { key: new Secret('b') })).toBe(false);
  expect(sameSettings({ key: new Secret('a') }, { key: 'a' })).toBe(false);
});

test('what cannot be compared counts as changed', () => {
  expect(sameSettings(/a/, /a/)).toBe(false);
  expect(
    sameSettings(
      () => 1,
      () => 1,
    ),
  ).toBe(false);
});

test('a renewed certificate is a change of the component whose settings name its file', () => {
  const directory = temporaryDirectory();
  const path = join(directory.path, 'cert.pem');
  const origin = { type: 'otlp', config: { protocols: { http: { tls: { cert_file: path } } } } };
  writeFileSync(path, 'one');
  const observer = new Telemetry(
    new Metrics(0, () => 0),
    () => {},
    () => 0,
  );
  const part = new Part('otlp', origin, observer, () => ({ start: async () => {}, stop: async () => {} }));
  expect(part.isMadeFrom(origin)).toBe(true);
  writeFileSync(path, 'another');
  expect(part.isMadeFrom(origin)).toBe(false);
  rmSync(path);
  expect(part.isMadeFrom(origin)).toBe(false);
  directory.remove();
});
