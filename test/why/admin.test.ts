/** The `admin` extension's endpoint: who gets an answer. */
import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { admin } from '../../src/extensions/admin.ts';
import type { Extension } from '../../src/model/component.ts';
import { Fault } from '../../src/model/fault.ts';
import { systemClock } from '../../src/service/clock.ts';
import { silentDeps } from '../../src/service/dry-run.ts';

let extension: Extension | undefined;
const kept: number[] = [];

afterEach(async () => {
  await extension?.stop(0);
  extension = undefined;
  kept.length = 0;
});

const refusals = (settings: object): string[] =>
  admin.schema.safeParse(settings).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

async function start(settings: object): Promise<number> {
  let port = 0;
  const silent = silentDeps(systemClock);
  const observer = Object.assign(silent.observer, {
    log: (_level: string, _sentence: string, facts: { address?: string } = {}) => {
      port = Number(facts.address?.split(':').at(-1) ?? port);
    },
  });
  const why = async (id: string): Promise<object> => {
    if (id === 'bad') throw new Fault('GW_CONFIG_INVALID', 'cannot look up the id: it is bad');
    if (id === 'broken') throw new Error('a private detail');
    return { query: id };
  };
  const keepTrail = (rows: number): (() => void) => {
    kept.push(rows);
    return () => void kept.push(0);
  };
  const deps = { ...silent, observer, id: 'admin', keepTrail, why };
  extension = admin.create(admin.schema.parse({ endpoint: '127.0.0.1:0', ...settings }), deps);
  await extension.start();
  return port;
}

function get(port: number, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject).end();
  });
}

test.each(['0.0.0.0:13134', ':13134', '10.0.0.7:13134', '[::]:13134', 'gateway:13134'])('%s is refused without a token', (endpoint) => {
  expect(refusals({ endpoint })).toEqual(['token: must be specified if the endpoint is not a loopback address']);
  expect(refusals({ endpoint, token: '' })).toHaveLength(1);
  expect(refusals({ endpoint, token: 'opensesame' })).toEqual([]);
});

test.each(['localhost:1', '127.0.0.1:1', '127.1.2.3:1', '[::1]:1'])('%s needs no token', (endpoint) => {
  expect(refusals({ endpoint })).toEqual([]);
});

test('without a token it answers under loopback names only, so that no page in a browser can read it under a name of its own', async () => {
  const port = await start({});
  expect((await get(port, '/why/abc')).status).toBe(200);
  expect((await get(port, '/why/abc', { host: `localhost:${port}` })).status).toBe(200);
  expect((await get(port, '/why/abc', { host: 'evil.example' })).status).toBe(403);
  expect((await get(port, '/why/abc', { host: '127.0.0.1.evil.example' })).status).toBe(403);
});

test('with a token it answers who brings it, under any name', async () => {
  const port = await start({ token: 'opensesame' });
  const headers = { host: 'gateway.example', authorization: 'Bearer opensesame' };
  expect(await get(port, '/why/abc', headers)).toEqual({ status: 200, body: '{"query":"abc"}\n' });
  expect((await get(port, '/why/abc')).status).toBe(401);
  expect((await get(port, '/other')).status).toBe(401);
  expect((await get(port, '/why/abc', { authorization: 'bearer opensesame ' })).status).toBe(401);
});

test('what cannot be answered says so, without telling why of what is our own fault', async () => {
  const port = await start({});
  expect(await get(port, '/why/bad')).toEqual({ status: 400, body: '{"error":"cannot look up the id: it is bad"}\n' });
  const broken = await get(port, '/why/broken');
  expect(broken.status).toBe(503);
  expect(broken.body).not.toContain('private');
  expect((await get(port, '/why/')).status).toBe(404);
  expect((await get(port, `/why/${'a'.repeat(65)}`)).status).toBe(404);
  expect((await get(port, '/why/abc', {}, 'POST')).status).toBe(405);
});

test('the trail is kept while it runs, and no longer', async () => {
  await start({ trail_rows: 2_048 });
  expect(kept).toEqual([2_048]);
  await extension?.stop(0);
  expect(kept).toEqual([2_048, 0]);
});
