/** The `presidio` connector in a running gateway, with a real recogniser over HTTP and a real sink behind it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatProblem, loadConfig, type Problem } from '../../src/config/load.ts';
import { factories } from '../../src/service/components.ts';
import { type Gateway, startGateway } from '../../src/service/gateway.ts';
import { AnalyzerServer } from './analyzer-server.ts';
import { type Json, OtlpServer, request } from './otlp-server.ts';

let analyzer: AnalyzerServer;
let sink: OtlpServer;
let gateway: Gateway | undefined;
const lines: string[] = [];

beforeEach(async () => {
  [analyzer, sink] = await Promise.all([AnalyzerServer.start(), OtlpServer.start()]);
});

afterEach(async () => {
  await gateway?.stop(2_000);
  gateway = undefined;
  lines.length = 0;
  await Promise.all([analyzer.stop(), sink.stop()]);
});

function configuration(settings: object, exporter: object = {}): object {
  return {
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
    connectors: { presidio: { endpoint: analyzer.url, ...settings } },
    exporters: {
      otlp_http: { endpoint: sink.url, encoding: 'json', compression: 'none', sending_queue: { enabled: false }, ...exporter },
      nop: {},
    },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: {
        'traces/in': { receivers: ['otlp'], exporters: ['presidio'] },
        'traces/out': { receivers: ['presidio'], exporters: ['otlp_http'] },
        'logs/in': { receivers: ['otlp'], exporters: ['presidio'] },
        'logs/out': { receivers: ['presidio'], exporters: ['otlp_http'] },
      },
    },
  };
}

async function start(settings: object, exporter: object = {}): Promise<string> {
  const loaded = await loadConfig({ uris: [`yaml:${JSON.stringify(configuration(settings, exporter))}`], sets: [], env: {}, factories });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  gateway = await startGateway(loaded.config, { emit: (...line) => void lines.push(JSON.stringify(line)) });
  return `http://127.0.0.1:${gateway.service.receivers.get('otlp')?.addresses().http?.port}`;
}

const send = (url: string, attributes: Json, signal: 'traces' | 'logs' = 'traces'): Promise<Response> =>
  fetch(`${url}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request(attributes, signal)),
  });

/** What left for these attributes. */
async function after(settings: object, attributes: Json): Promise<Json> {
  const answer = await send(await start(settings), attributes);
  expect(answer.status).toBe(200);
  return sink.attributes();
}

describe('what the recogniser finds', () => {
  it('is masked by its entity type, in texts, JSON in texts, lists and maps', async () => {
    const left = await after(
      {},
      { a: 'Ann met Bob Stone in Paris', b: JSON.stringify({ name: 'Ann', n: 1 }), c: ['Bob'], d: { e: 'Berlin' }, f: 'nobody' },
    );
    expect(left).toEqual({
      a: '<PERSON> met <PERSON> in <LOCATION>',
      b: JSON.stringify({ name: '<PERSON>', n: 1 }),
      c: ['<PERSON>'],
      d: { e: '<LOCATION>' },
      f: 'nobody',
    });
  });

  it('is where code points say, whatever stands before it', async () => {
    const text = '👩‍💻🎉 Zoë 😀 Ann 𝒳 Paris 🇫🇷';
    expect(await after({}, { text })).toEqual({ text: '👩‍💻🎉 <PERSON> 😀 <PERSON> 𝒳 <LOCATION> 🇫🇷' });
  });

  it('goes under the surer name where two overlap', async () => {
    expect(await after({}, { text: 'Ann Brown here' })).toEqual({ text: '<PERSON> here' });
  });

  it('is treated by the action of its entity type', async () => {
    const actions = { PERSON: 'pseudonym', LOCATION: 'keep' };
    const left = await after(
      { actions, pseudonym_key: 'a key of thirty-two bytes, at least' },
      { a: 'Ann in Paris', b: 'Ann in Berlin', c: 'Bob' },
    );
    const [, token] = /^(<PERSON:[0-9a-f]{16}>) in Paris$/.exec(`${left.a}`) ?? [];
    expect(token).toBeDefined();
    expect(left.b).toBe(`${token} in Berlin`);
    expect(left.c).not.toBe(token);
  });

  it('stays what it became when it is analyzed again', async () => {
    const url = await start({ replacement: '<Ann>' });
    await send(url, { text: 'Ann' });
    const once = sink.attributes();
    await send(url, once);
    expect(sink.attributes()).toEqual(once);
  });

  it('is found in log records, too', async () => {
    await send(await start({}), { text: 'Ann' }, 'logs');
    expect(JSON.stringify(sink.last)).toContain('<PERSON>');
    expect(JSON.stringify(sink.last)).not.toContain('Ann');
  });
});

describe('what it is asked', () => {
  it('is each text once, with the settings and headers, and only below the endpoint', async () => {
    const settings = {
      language: 'de',
      entities: ['PERSON'],
      score_threshold: 0.4,
      headers: { authorization: 'Bearer one' },
      targets: ['span'],
    };
    await after(settings, { a: 'Ann', b: 'Ann', c: 'Bob' });
    expect(analyzer.questions).toEqual(
      expect.arrayContaining(['Ann', 'Bob'].map((text) => ({ text, language: 'de', entities: ['PERSON'], score_threshold: 0.4 }))),
    );
    expect(analyzer.questions).toHaveLength(2);
    expect(analyzer.headers.every(({ authorization }) => authorization === 'Bearer one')).toBe(true);
  });

  it('are lists of texts where that is wanted', async () => {
    expect(await after({ batch_size: 2, targets: ['span'] }, { a: 'Ann', b: 'Paris', c: 'none' })).toEqual({
      a: '<PERSON>',
      b: '<LOCATION>',
      c: 'none',
    });
    expect(analyzer.questions.map(({ text }) => text)).toEqual([['Ann', 'Paris'], ['none']]);
  });

  it('never comes in more requests at a time than are allowed', async () => {
    let open = (): void => {};
    analyzer.gate = new Promise((resolve) => (open = resolve));
    const texts = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`key ${index}`, `text ${index}`]));
    const answer = send(await start({ max_concurrent_requests: 3 }), texts);
    await expect.poll(() => analyzer.questions.length).toBe(3);
    open();
    await answer;
    expect(analyzer.questions.length).toBeGreaterThan(40);
    expect(analyzer.concurrent).toBe(3);
  });

  it('is no text that is too long: that is masked whole', async () => {
    expect(await after({ max_text_length: 20 }, { text: 'Ann '.repeat(6) })).toEqual({ text: '<redacted: over budget>' });
    expect(analyzer.questions.filter(({ text }) => text.includes('Ann'))).toEqual([]);
  });
});

describe('without an answer', () => {
  const failures: readonly [string, AnalyzerServer['instead']][] = [
    ['an error', { status: 500, body: '{"error":"no"}' }],
    ['no JSON', { status: 200, body: 'Ann' }],
    ['something else', { status: 200, body: '[{"entity_type":"PERSON","start":-1,"end":2}]' }],
    ['silence', 'hang'],
  ];

  it.each(failures)('the batch is refused so that its sender tries again: %s', async (_name, instead) => {
    analyzer.instead = instead;
    const url = await start({ timeout: '200ms' });
    const refused = await send(url, { text: 'Ann' });
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(sink.requests).toBe(0);
    expect(lines.join('\n')).toContain('The analyzer does not answer.');
    expect(lines.join('\n') + (await refused.text())).not.toContain('Ann');
    analyzer.instead = undefined;
    expect((await send(url, { text: 'Ann' })).status).toBe(200);
    expect(sink.attributes()).toEqual({ text: '<PERSON>' });
  });

  it('texts are masked whole where that is the setting', async () => {
    analyzer.instead = { status: 500, body: '' };
    expect(await after({ failure_mode: 'mask' }, { text: 'Ann', number: 7 })).toEqual({ text: '<redacted>', number: 7 });
  });

  it('texts pass where that is the setting', async () => {
    analyzer.instead = { status: 500, body: '' };
    expect(await after({ failure_mode: 'pass' }, { text: 'Ann' })).toEqual({ text: 'Ann' });
  });
});

describe('as a step of a pipeline', () => {
  it('what the pipelines behind it answer is what the sender gets', async () => {
    const url = await start({});
    sink.status = 503;
    expect((await send(url, { text: 'Ann' })).status).toBe(503);
    sink.status = 400;
    expect((await send(url, { text: 'Ann' })).status).toBe(400);
  });

  it('a batch waits for the recogniser before it goes anywhere', async () => {
    let open = (): void => {};
    analyzer.gate = new Promise((resolve) => (open = resolve));
    const answer = send(await start({}), { text: 'Ann' });
    await expect.poll(() => analyzer.questions.length).toBeGreaterThan(0);
    expect(sink.requests).toBe(0);
    open();
    expect((await answer).status).toBe(200);
    expect(sink.requests).toBe(1);
  });

  it('refuses more for now while too many texts wait', async () => {
    let open = (): void => {};
    analyzer.gate = new Promise((resolve) => (open = resolve));
    const url = await start({ max_waiting_texts: 1 });
    const first = send(url, { text: 'Ann' });
    await expect.poll(() => analyzer.questions.length).toBeGreaterThan(0);
    expect((await send(url, { text: 'Bob' })).status).toBe(429);
    open();
    expect((await first).status).toBe(200);
  });

  it('pseudonyms without a key are refused with the configuration', async () => {
    const loaded = await loadConfig({
      uris: [`yaml:${JSON.stringify(configuration({ action: 'pseudonym' }))}`],
      sets: [],
      env: {},
      factories,
    });
    const problems: readonly Problem[] = loaded.ok ? [] : loaded.problems;
    expect(problems.map(formatProblem).join('\n')).toContain('must have at least 32 bytes for pseudonyms');
  });
});
