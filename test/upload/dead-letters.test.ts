import { expect, test } from 'vitest';
import { decodeDeadLetter, encodeDeadLetter } from '../../src/exporters/dead-letters/dead-letter.ts';
import { lettersOf, describe as lineOf, viewOf } from '../../src/exporters/langsmith/upload/dead-letters.ts';
import { Fault } from '../../src/model/fault.ts';
import { runId, sealedBatch } from './batches.ts';
import { ref } from './bench-lanes.ts';

const verdict = { reason: 'rejected', status: 422, serverText: 'bad\u001b[31m run\nmore', at: 1_700_000_000_000 } as const;

test('a letter holds its run’s own parts and survives the journal', async () => {
  const { batch, content } = await sealedBatch(ref('https://x', 'w'), 1, 3, { feedback: true, attachment: true });
  const letters = lettersOf(batch, content.items, content.body, verdict);
  expect(letters.map(({ runId: id }) => id)).toEqual([runId(1), runId(2), runId(3)]);
  const letter = decodeDeadLetter(encodeDeadLetter(letters[1] ?? ({} as never)));
  expect(JSON.parse(JSON.stringify(viewOf(letter)))).toEqual({
    key: `001700000000000-${runId(2)}`,
    reason: 'rejected',
    status: 422,
    serverText: verdict.serverText,
    at: '2023-11-14T22:13:20.000Z',
    endpoint: 'https://x',
    workspaceId: 'w',
    holds: 'run',
    bytes: letter.parts.length,
    run: {
      id: runId(2),
      trace_id: runId(2),
      dotted_order: `20260131T235959123456Z${runId(2)}`,
      name: 'run 2 ü',
      run_type: 'llm',
      session_name: 'p',
      inputs: { text: 'ü'.repeat(10) },
      outputs: {},
      extra: { metadata: { k: '\r\n--spanway' } },
    },
    feedback: [{ id: runId(2), run_id: runId(2), trace_id: runId(2), key: 'k', score: 2 }],
    attachments: [{ name: 'picture', contentType: 'image/png', bytes: 6 }],
  });
});

test('its line in a list is one line, without terminal sequences', async () => {
  const { batch, content } = await sealedBatch(ref('https://x'), 1, 1);
  const [letter] = lettersOf(batch, content.items, content.body, verdict);
  expect(lineOf(letter ?? ({} as never))).toBe(
    `001700000000000-${runId(1)}  2023-11-14T22:13:20.000Z  run ${runId(1)}  the server rejects it (422): bad [31m run more`,
  );
});

test('parts that are cut off are an error, not half a run', async () => {
  const { batch, content } = await sealedBatch(ref('https://x'), 1, 1);
  const [letter] = lettersOf(batch, content.items, content.body, verdict);
  if (!letter) throw new Error('no letter');
  for (const end of [1, 50, 150, letter.parts.length - 1])
    expect(() => viewOf({ ...letter, parts: letter.parts.subarray(0, end) })).toThrow(Fault);
});
