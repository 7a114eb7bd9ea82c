import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Sink, startSink } from '../../src/sink/sink.ts';
import { FakeDocument, FakeElement } from './fake-document.ts';
import { childRun, rootRun, sendRuns, uuid } from './requests.ts';

const folder = new URL('../../src/sink/page/', import.meta.url);
const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));

let sink: Sink;
beforeAll(async () => {
  sink = await startSink();
});
afterAll(() => sink.close());
beforeEach(() => sink.store.clear());

interface Messages {
  conversationOf(value: unknown): { role: string; name: string; blocks: unknown[] }[] | undefined;
}

async function load<Module>(name: string): Promise<Module> {
  return (await import(new URL(name, folder).href)) as Module;
}

test('is served with all its files under a policy that runs nothing else', async () => {
  const page = await fetch(sink.url, { headers: { accept: 'text/html' } });
  const html = await page.text();
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';/,
  );
  const linked = [...html.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)].map(([, path]) => path as string);
  for (const path of [...linked, ...scripts.map((name) => `/page/${name}`)]) expect((await fetch(sink.url + path)).status).toBe(200);
  expect(html).not.toMatch(/<script(?![^>]* src=)|style=|https?:/);
});

test.each(scripts)('%s is JavaScript that never sets markup', (name) => {
  execFileSync(process.execPath, ['--check', new URL(name, folder).pathname]);
  expect(readFileSync(new URL(name, folder), 'utf8')).not.toMatch(
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/,
  );
});

test('the address that the SDKs give for a run leads to it', async () => {
  await sendRuns(sink.url, [rootRun(1)]);
  const run = (await (await fetch(`${sink.url}/runs/${uuid(1)}`)).json()) as { app_path: string };
  const answer = await fetch(sink.url + run.app_path, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([302, `/#/runs/${uuid(1)}`]);
});

describe('conversations are found in', () => {
  const user = { role: 'user', name: '', blocks: [{ kind: 'text', text: 'hi' }] };
  const call = { role: 'assistant', name: '', blocks: [{ kind: 'tool_call', name: 'search', value: { q: 1 } }] };
  test.each([
    ['OpenAI messages', { messages: [{ role: 'user', content: 'hi' }] }, [user]],
    [
      'OpenAI choices with tool calls',
      {
        choices: [{ message: { role: 'assistant', content: null, tool_calls: [{ function: { name: 'search', arguments: '{"q":1}' } }] } }],
      },
      [call],
    ],
    ['Anthropic blocks', { role: 'assistant', content: [{ type: 'tool_use', name: 'search', input: { q: 1 } }] }, [call]],
    [
      'serialized LangChain messages',
      { messages: [[{ lc: 1, type: 'constructor', id: ['langchain', 'HumanMessage'], kwargs: { content: 'hi' } }]] },
      [user],
    ],
    ['LangChain generations', { generations: [[{ text: 'hi' }]] }, [{ ...user, role: 'assistant' }]],
    ['parts of the GenAI conventions', { messages: [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }] }, [user]],
    [
      'remote images, not loaded',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x/y.png' } }] }] },
      [{ ...user, blocks: [{ kind: 'text', text: 'image: https://x/y.png' }] }],
    ],
  ])('%s', async (_title, value, expected) => {
    const { conversationOf } = await load<Messages>('messages.js');
    expect(conversationOf(value)).toEqual(expected);
  });

  test('nothing that is none', async () => {
    const { conversationOf } = await load<Messages>('messages.js');
    for (const value of [null, 1, 'text', [], {}, { messages: [] }, { messages: [1] }, { input: 'text' }])
      expect(conversationOf(value)).toBeUndefined();
  });
});

describe('drawn from a real sink', () => {
  const hostile = '<img src=x onerror=alert(1)>';
  const document = new FakeDocument();
  const location = { hash: '', origin: 'http://sink' };
  const listeners = new Map<string, () => void>();

  beforeAll(() => {
    for (const id of ['main', 'projects', 'figures', 'live']) document.elements.set(id, new FakeElement('div'));
    vi.stubGlobal('document', document);
    vi.stubGlobal('location', location);
    vi.stubGlobal('window', { addEventListener: (name: string, listener: () => void) => listeners.set(name, listener) });
    vi.stubGlobal('sessionStorage', { getItem: () => null });
    const realFetch = globalThis.fetch;
    vi.stubGlobal('fetch', (path: string, init: RequestInit) => realFetch(path.startsWith('/') ? sink.url + path : path, init));
    vi.stubGlobal(
      'setTimeout',
      Object.assign((...args: Parameters<typeof setTimeout>) => setTimeoutUnreferenced(...args)),
    );
  });
  // The page polls as long as it lives; hidden it asks nobody.
  afterAll(() => {
    document.hidden = true;
  });
  afterEach(() => {
    location.hash = '';
  });

  const original = globalThis.setTimeout;
  function setTimeoutUnreferenced(...args: Parameters<typeof setTimeout>): ReturnType<typeof setTimeout> {
    const timer = original(...args);
    timer.unref();
    return timer;
  }

  const main = (): FakeElement => document.elements.get('main') as FakeElement;
  async function visit(hash: string): Promise<void> {
    location.hash = hash;
    listeners.get('hashchange')?.();
  }

  test('an empty sink says how to fill it; then projects, traces and a run appear, and their texts stay texts', async () => {
    await load('main.js');
    await expect.poll(() => main().text).toContain('No traces yet');
    const root = rootRun(1, {
      name: hostile,
      session_name: hostile,
      tags: [hostile],
      error: hostile,
      inputs: { messages: [{ role: 'user', content: hostile }] },
      outputs: { documents: [{ page_content: hostile, metadata: { a: hostile } }] },
      events: [{ name: hostile }],
      extra: { metadata: { thread_id: hostile, [hostile]: { a: hostile } }, runtime: { a: hostile } },
    });
    await sendRuns(sink.url, [root, childRun(2, root, { run_type: 'llm' }), childRun(3, root, { end_time: undefined })]);
    await visit('#/');
    await expect.poll(() => main().text).toContain('Latency');
    expect(document.elements.get('projects')?.text).toContain(hostile);
    await visit(`#/runs/${uuid(1)}`);
    await expect.poll(() => main().text).toContain('Identity');
    const elements = main().all();
    expect(elements.filter((element) => element.attributes.get('class')?.startsWith('row'))).toHaveLength(3);
    expect(main().text.split(hostile).length).toBeGreaterThan(9);
    expect(elements.map(({ tag }) => tag)).not.toContain('img');
    expect(elements.flatMap(({ attributes }) => [...attributes.keys()]).filter((name) => name.startsWith('on'))).toEqual([]);
  });
});
