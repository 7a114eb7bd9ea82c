/**
 * The proof of redaction: thousands of secrets are sent to real gateways, in every field of the protocol, under every name that a dialect knows, in every
 * dressing and over every transport. The servers behind refuse for a while, so that all of it lies in the journals, and the gateway is killed; then it
 * delivers, and some of it becomes dead letters. Whatever bytes are left anywhere: none of the secrets is in them.
 *
 * A gateway without redaction shows that the search can find: there, each of them is found.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisServer, safe } from '../journal/redis-server.ts';
import { oracle } from '../otlp/oracle.ts';
import { textFields } from './planting.ts';
import { campaign, poison, transports } from './requests.ts';
import { Search } from './search.ts';
import type { Canary } from './secrets.ts';
import { World, type WorldOptions } from './world.ts';

const { requests, canaries, fields } = campaign();
const search = new Search(canaries);
const marker = new Search([{ form: 'no secret', secret: poison, core: poison }]);
const traceIds = transports.map((_, index) => `${index + 1}`.padStart(16, '0') + '1'.padStart(16, '0'));

type Places = Readonly<
  Record<
    | 'the journals after a kill'
    | 'the journals at the end'
    | 'dead letters'
    | 'logs and the debug exporter'
    | 'pages'
    | 'what was delivered',
    readonly Buffer[]
  >
>;

/** Everything that a gateway leaves behind. */
async function left(options: WorldOptions): Promise<Places> {
  const world = await World.open(options);
  try {
    await world.start();
    await world.send(requests);
    const pages = await world.pages(traceIds);
    await world.end('SIGKILL');
    const killed = await world.journals();
    world.openUp();
    await world.start();
    await world.drained(requests.reduce((sum, { spans }) => sum + spans, 0));
    pages.push(...(await world.pages(traceIds)));
    await world.end('SIGTERM');
    const letters = await world.deadLetters();
    expect(letters.length, 'some must have become dead letters').toBeGreaterThan(1);
    return {
      'the journals after a kill': killed,
      'the journals at the end': await world.journals(),
      'dead letters': letters,
      'logs and the debug exporter': world.output,
      pages,
      'what was delivered': await world.delivered(),
    };
  } finally {
    await world.close();
  }
}

const bytesOf = (places: readonly Buffer[]): number => places.reduce((sum, { length }) => sum + length, 0);

const formsOf = (found: ReadonlySet<Canary>): readonly string[] => [...found].slice(0, 20).map(({ form, core }) => `${form} ${core}`);

describe('the plan', () => {
  it('reaches every field of the protocol that can hold text', () => {
    expect([...fields].sort()).toEqual([...new Set([...textFields(oracle.traces), ...textFields(oracle.logs)])].sort());
  });

  it('plants no secret twice', () => {
    expect(canaries.length).toBeGreaterThan(5_000);
    expect(new Set(canaries.map(({ core }) => core)).size).toBe(canaries.length);
  });
});

describe('without redaction', () => {
  it('every secret is found, so the search can fail', { timeout: 120_000 }, async () => {
    const places = await left({});
    const missing = new Set(canaries);
    for (const [place, bytes] of Object.entries(places)) {
      const found = search.in(bytes);
      if (place !== 'pages') expect(found.size, place).toBeGreaterThan(0);
      for (const canary of found) missing.delete(canary);
    }
    expect(formsOf(missing)).toEqual([]);
    expect(search.in(places['the journals after a kill']).size).toBe(canaries.length);
  });
});

describe.each([
  ['files, with preset strict', { presets: ['strict'] }, false],
  ['Redis, with presets pii and secrets', { presets: ['pii', 'secrets'] }, true],
])('with redaction, and journals in %s', (_name, redaction, inRedis) => {
  let redis: RedisServer | undefined;
  let places: Places;

  beforeAll(async () => {
    redis = inRedis ? await RedisServer.start({ args: [...safe, '--save', '1 1'] }) : undefined;
    places = await left({ redaction, ...(redis ? { redis } : {}) });
  }, 120_000);

  afterAll(() => redis?.stop());

  it.each([
    'the journals after a kill',
    'the journals at the end',
    'dead letters',
    'logs and the debug exporter',
    'pages',
    'what was delivered',
  ] as const)('no secret is in %s', (place) => {
    expect(bytesOf(places[place])).toBeGreaterThan(100);
    // What is no secret is found, so these are the right bytes, and they can be read.
    if (place !== 'pages') expect(marker.in(places[place]).size).toBe(1);
    expect(formsOf(search.in(places[place]))).toEqual([]);
  });
});
