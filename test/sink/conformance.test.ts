import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dottedSegment, isoText } from '../../src/model/time.ts';
import { type Sink, startSink } from '../../src/sink/sink.ts';
import {
  childRun,
  multipartBody,
  partsOf,
  rootRun,
  send,
  sendJson,
  sendRuns,
  startMicros,
  type TestPart,
  type TestRun,
  uuid,
} from './requests.ts';

let sink: Sink;
beforeAll(async () => {
  sink = await startSink();
});
afterAll(() => sink.close());
beforeEach(() => sink.store.clear());

const json = { 'Content-Type': 'application/json' };
const root = rootRun(1, { inputs: { text: 'grüße' }, outputs: { answer: 1 }, extra: { metadata: { a: 1 } } });

/** Root with one part changed. */
function withPart(index: number, change: Partial<TestPart>): Buffer {
  return multipartBody(partsOf(root).map((part, position) => (position === index ? { ...part, ...change } : part)));
}

function withMain(change: Record<string, unknown>, base: TestRun = root): Buffer {
  return multipartBody(partsOf({ ...base, ...change }));
}

function attachment(name: string, run = root.id): Buffer {
  const content = Buffer.from([0, 1, 2, 255]);
  return multipartBody([
    ...partsOf(root),
    { name: `attachment.${run}.${name}`, content, headers: { 'Content-Type': 'image/png; length=4' } },
  ]);
}

const oneMicro = dottedSegment(startMicros, uuid(1));
const child = childRun(2, root);
const secondTrace = dottedSegment(startMicros, uuid(9));

const refused: readonly [rule: number, title: string, body: Buffer, status: number, text: string][] = [
  [3, 'a part that declares no length', withPart(1, { headers: json }), 422, `post.${root.id}.inputs declares no length`],
  [4, 'a length counted in characters', withPart(1, { headers: { ...json, 'Content-Length': '16' } }), 422, 'declares 16 bytes and has 18'],
  [4, 'a length parameter that is wrong', withPart(1, { headers: { 'Content-Type': 'application/json; length=19' } }), 422, 'declares 19'],
  [5, 'a part without a content type', withPart(0, { headers: { 'Content-Length': '1' } }), 422, 'no content type'],
  [
    6,
    'a part with an encoding of its own',
    withPart(0, { headers: { ...json, 'Content-Length': '1', 'Content-Encoding': 'gzip' } }),
    422,
    'content encoding',
  ],
  [7, 'an empty body', Buffer.alloc(0), 422, 'error reading multipart data: multipart: NextPart: EOF'],
  [7, 'a body without parts', multipartBody([]), 422, 'multipart: NextPart: EOF'],
  [7, 'a body cut before its end', multipartBody(partsOf(root)).subarray(0, -30), 422, 'multipart: NextPart: EOF'],
  [7, 'compressed bytes without the header', gzipSync(multipartBody(partsOf(root))), 422, 'NextPart: EOF'],
  [8, 'an unknown part name', withPart(0, { name: `put.${root.id}` }), 422, 'unexpected part name'],
  [8, 'a part name without a UUID', withPart(0, { name: 'post.1234' }), 422, 'names no run'],
  [8, 'an out-of-band part before its main part', multipartBody(partsOf(root).reverse()), 422, 'without a main part'],
  [8, 'an unknown out-of-band part', withPart(1, { name: `post.${root.id}.inputz` }), 422, 'unexpected part name'],
  [
    9,
    'a main part whose id is not that of its name',
    multipartBody([{ name: `post.${uuid(7)}`, content: JSON.stringify(rootRun(7, { id: uuid(1) })) }]),
    422,
    'does not match',
  ],
  [11, 'a post without trace_id', withMain({ trace_id: undefined }), 400, 'trace_id and dotted_order must be set'],
  [11, 'a post without dotted_order', withMain({ dotted_order: undefined }), 400, 'trace_id and dotted_order must be set'],
  [11, 'a patch without dotted_order', multipartBody(partsOf(rootRun(1, { dotted_order: undefined }), 'patch')), 400, 'update dicts'],
  [12, 'a segment without a fraction', withMain({ dotted_order: `20260921T135320Z${root.id}` }), 400, 'invalid timestamp in dotted_order'],
  [12, 'a segment with three fraction digits', withMain({ dotted_order: `20260921T135320111Z${root.id}` }), 400, 'invalid timestamp'],
  [12, 'a segment with nine fraction digits', withMain({ dotted_order: `20260921T135320111000000Z${root.id}` }), 400, 'invalid timestamp'],
  [12, 'a segment without Z', withMain({ dotted_order: `20260921T135320111000${root.id}` }), 400, 'invalid timestamp'],
  [12, 'a segment on a day that does not exist', withMain({ dotted_order: `20260230T135320111000Z${root.id}` }), 400, 'invalid timestamp'],
  [
    13,
    'a root with two segments',
    withMain({ dotted_order: `${secondTrace}.${oneMicro}` }),
    400,
    'must contain a single part for root runs',
  ],
  [14, 'a child with one segment', withMain({ parent_run_id: uuid(5) }), 400, 'must contain at least two parts for child runs'],
  [15, 'a first segment that is not the trace', withMain({ trace_id: uuid(9) }), 400, 'does not match first part of dotted_order'],
  [
    16,
    'a last segment that is not the run',
    withMain({ dotted_order: secondTrace, trace_id: uuid(9) }),
    400,
    'run_id does not match last part',
  ],
  [16, 'a penultimate segment that is not the parent', withMain({ parent_run_id: uuid(8) }, child), 400, 'parent_run_id does not match'],
  [
    17,
    'a child earlier than its parent',
    withMain({ dotted_order: `${root.dotted_order}.${dottedSegment(startMicros - 1, child.id)}` }, child),
    400,
    'earlier than parent timestamp',
  ],
  [19, 'an unknown run type', withMain({ run_type: 'agent' }), 422, 'run_type'],
  [20, 'a project by name and by id', withMain({ session_id: uuid(3) }), 422, 'Must validate one and only one schema (oneOf)'],
  [20, 'a project id that is no UUID', withMain({ session_name: undefined, session_id: 'thread-1' }), 422, 'oneOf'],
  [20, 'a project id that nobody knows', withMain({ session_name: undefined, session_id: uuid(3) }), 404, 'Tracer session not found'],
  [22, 'NaN', withPart(1, { content: '{"a":NaN}' }), 422, 'not valid JSON'],
  [22, 'text that is not JSON', withPart(1, { content: '[Unserializable]' }), 422, 'not valid JSON'],
  [
    22,
    'invalid UTF-8',
    withPart(1, { content: Buffer.from('{"a":"\xff"}', 'latin1'), headers: { ...json, 'Content-Length': '9' } }),
    422,
    'not valid UTF-8',
  ],
  [22, 'a lone surrogate', withPart(1, { content: '{"a":"\\ud83d!"}' }), 422, 'lone surrogate'],
  [22, 'an integer of 65 bits', withPart(1, { content: '{"a":9223372036854775808}' }), 422, 'int too big to convert'],
  [23, 'inputs that are an array', withMain({ inputs: [1] }), 422, 'inputs'],
  [23, 'events that are an object', withMain({ events: { name: 'start' } }), 422, 'events'],
  [23, 'an error that is no string', withMain({ error: { message: 'no' } }), 422, 'error'],
  [23, 'extra that is a string', withMain({ extra: 'metadata' }), 422, 'extra'],
  [23, 'tags that are a string', withMain({ tags: 'a' }), 422, 'tags'],
  [24, 'an attachment name with a dot', attachment('cat.png'), 422, 'attachment name'],
  [24, 'an attachment name with a quote', attachment('c"at'), 422, 'content disposition'],
  [24, 'an attachment name with a line end', attachment('c\r\nX-Bad: 1'), 422, 'content disposition'],
  [24, 'an attachment without a name', attachment(''), 422, 'attachment name'],
  [24, 'an attachment of a run that is not there', attachment('cat', uuid(77)), 422, 'not in this request'],
  [
    26,
    'more than 100 operations',
    multipartBody(Array.from({ length: 101 }, (_, index) => partsOf(rootRun(index + 1))).flat()),
    422,
    '101 operations',
  ],
];

describe('a strict sink refuses', () => {
  test.each(refused)('rule %i: %s', async (rule, _title, body, status, text) => {
    const answer = await send(sink.url, body);
    expect(answer.text).toContain(text);
    expect(answer.status).toBe(status);
    expect(sink.store.violations().filter(({ level }) => level === 'must')).toEqual([expect.objectContaining({ rule })]);
    expect(sink.store.runs()).toEqual([]);
  });

  test('rule 25: a repeated post, with all that came beside it, and counts the conflict', async () => {
    expect((await sendRuns(sink.url, [root])).status).toBe(202);
    const again = await sendRuns(sink.url, [rootRun(5), root]);
    expect(again.status).toBe(409);
    expect(JSON.parse(again.text)).toEqual({ error: 'Conflict: payload already received: payloads already received' });
    expect(sink.store.runs().map(({ id }) => id)).toEqual([root.id]);
    expect(sink.store.conflicts()).toEqual([expect.objectContaining({ runId: root.id, kind: 'post' })]);
  });

  test('rule 25: a second patch that ends a run', async () => {
    await sendRuns(sink.url, [rootRun(1, { end_time: undefined })]);
    const patch = multipartBody(partsOf(rootRun(1, { outputs: { a: 1 } }), 'patch'));
    expect((await send(sink.url, patch)).status).toBe(202);
    expect((await send(sink.url, patch)).status).toBe(409);
  });

  test('rule 26: more bytes than /info allows, unless they are one run', async () => {
    const big = { text: 'x'.repeat(11 * 1024 * 1024) };
    expect((await sendRuns(sink.url, [rootRun(1, { inputs: big }), rootRun(2, { inputs: big })])).status).toBe(413);
    expect((await sendRuns(sink.url, [rootRun(3, { inputs: big, outputs: big })])).status).toBe(202);
  });

  test('one bad run refuses the whole request', async () => {
    expect((await sendRuns(sink.url, [root, rootRun(2, { run_type: 'agent' })])).status).toBe(422);
    expect(sink.store.runs()).toEqual([]);
  });

  test('nesting without end', async () => {
    const deep = `${'[['.repeat(200)}${']]'.repeat(200)}`;
    const body = withPart(1, { content: `{"a":${deep}}`, headers: { ...json, 'Content-Length': String(deep.length + 6) } });
    expect(await send(sink.url, body)).toMatchObject({ status: 422 });
  });
});

describe('a strict sink takes and notes', () => {
  const noted: readonly [rule: number, title: string, body: Buffer][] = [
    [10, 'inputs inside the main part', multipartBody([{ name: `post.${root.id}`, content: JSON.stringify(rootRun(1, { inputs: {} })) }])],
    [18, 'a start_time that is not the segment', withMain({ start_time: isoText(startMicros + 1) })],
    [20, 'no project at all', withMain({ session_name: undefined })],
    [21, 'null members', withMain({ tags: null })],
    [40, 'a patch of a run that was never posted', multipartBody(partsOf(root, 'patch'))],
  ];
  test.each(noted)('rule %i: %s', async (rule, _title, body) => {
    expect((await send(sink.url, body)).status).toBe(202);
    expect(sink.store.violations()).toEqual([expect.objectContaining({ rule, level: 'should' })]);
  });

  test('rule 18: a child whose prefix is not its parent, whichever of the two comes first', async () => {
    const other = `${dottedSegment(startMicros - 5, root.id)}.${dottedSegment(startMicros + 2, child.id)}`;
    await sendRuns(sink.url, [root]);
    await sendRuns(sink.url, [{ ...child, dotted_order: other }]);
    expect(sink.store.violations().map(({ rule, runId }) => [rule, runId])).toContainEqual([18, child.id]);
    sink.store.clear();
    await sendRuns(sink.url, [{ ...child, dotted_order: other }]);
    expect(sink.store.violations()).toEqual([]);
    await sendRuns(sink.url, [root]);
    expect(sink.store.violations().map(({ rule, runId }) => [rule, runId])).toEqual([[18, child.id]]);
  });
});

describe('a sound upload', () => {
  test('rule 1: is readable by id, with its derived status', async () => {
    expect((await sendRuns(sink.url, [root])).status).toBe(202);
    const { json: run } = await sendJson(`${sink.url}/runs/${root.id}`, 'GET');
    expect(run).toMatchObject({
      id: root.id,
      status: 'success',
      inputs: { text: 'grüße' },
      outputs: { answer: 1 },
      extra: { metadata: { a: 1 } },
    });
    expect(sink.store.violations()).toEqual([]);
  });

  test('rule 2: is the same run when lengths stand in the content type', async () => {
    await sendRuns(sink.url, [root]);
    const byHeader = sink.store.run(root.id)?.fields;
    sink.store.clear();
    const parts = partsOf(root).map((part) => ({
      ...part,
      headers: { 'Content-Type': `application/json; length=${Buffer.byteLength(part.content)}` },
    }));
    expect((await send(sink.url, multipartBody(parts))).status).toBe(202);
    expect(sink.store.run(root.id)?.fields).toEqual(byHeader);
  });

  test('rule 22: integers of 64 bits, surrogate pairs and big doubles pass', async () => {
    const content =
      '{"a":9223372036854775807,"b":-9223372036854775808,"c":"\\ud83d\\ude00","d":1e300,"e":"123456789012345678901234567890","f":"\\\\ud800"}';
    const body = withPart(1, { content, headers: { ...json, 'Content-Length': String(content.length) } });
    expect((await send(sink.url, body)).status).toBe(202);
  });

  test('rule 24: gives attachments back byte by byte', async () => {
    expect((await send(sink.url, attachment('cat picture'))).status).toBe(202);
    const { json: run } = await sendJson(`${sink.url}/runs/${root.id}`, 'GET');
    const { presigned_url } = (run as { s3_urls: Record<string, { presigned_url: string }> }).s3_urls['attachment.cat picture'] ?? {
      presigned_url: '',
    };
    const answer = await fetch(`${sink.url}${presigned_url}`);
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0, 1, 2, 255]);
  });

  test('keeps a member named __proto__ as data', async () => {
    const content = '{"__proto__":{"a":1}}';
    expect((await send(sink.url, withPart(1, { content, headers: { ...json, 'Content-Length': String(content.length) } }))).status).toBe(
      202,
    );
    expect(JSON.stringify(sink.store.run(root.id)?.fields.inputs)).toBe(content);
  });

  test('a parent that comes after its child leaves no orphan', async () => {
    await sendRuns(sink.url, [child]);
    expect(sink.store.orphans().map(({ id }) => id)).toEqual([child.id]);
    await sendRuns(sink.url, [root]);
    expect(sink.store.orphans()).toEqual([]);
  });

  test('a patch adds to its post, in one request or in two, in either order', async () => {
    const post = partsOf(rootRun(1, { end_time: undefined, inputs: { a: 1 } }));
    const patch = partsOf(rootRun(1, { outputs: { b: 2 } }), 'patch');
    for (const bodies of [[[...post, ...patch]], [post, patch], [patch, post]]) {
      sink.store.clear();
      for (const parts of bodies) expect((await send(sink.url, multipartBody(parts))).status).toBe(202);
      expect(sink.store.run(uuid(1))?.fields).toMatchObject({
        inputs: { a: 1 },
        outputs: { b: 2 },
        end_time: isoText(startMicros + 1_500_000),
      });
    }
  });
});

test('a lenient sink takes what can be read and still notes it', async () => {
  const lenient = await startSink({ strict: false });
  try {
    expect((await send(lenient.url, withMain({ run_type: 'agent' }))).status).toBe(202);
    expect(lenient.store.violations()).toEqual([expect.objectContaining({ rule: 19, level: 'must' })]);
    expect(lenient.store.run(root.id)).toBeDefined();
  } finally {
    await lenient.close();
  }
});
