import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StagedBody } from '../../src/exporters/langsmith/partition/staged-body.ts';
import { type Bytes, bytes } from '../../src/model/bytes.ts';

const roomBytes = 1 << 20;

function sharedRoom(): Bytes {
  return bytes.from(new SharedArrayBuffer(roomBytes));
}

/** Different bytes for each piece, so that one in a wrong place is found. */
function piece(seed: number, size: number): Bytes {
  return bytes.from(Uint8Array.from({ length: size }, (_, at) => (seed * 31 + at * 7) & 0xff).buffer);
}

/** A run that begins with a text, and goes on with pieces of a source. */
function writeRun(body: StagedBody, text: string, source: Bytes, cuts: readonly number[]): void {
  body.begin();
  const taken = body.take(source);
  body.stage.ascii(text);
  let start = 0;
  for (const end of [...cuts.map((cut) => cut % (source.length + 1)).sort((one, other) => one - other), source.length]) {
    body.part(taken, start, end);
    start = end;
  }
  body.end();
}

const size = fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 600 }) }, { weight: 1, arbitrary: fc.integer({ min: 65_000, max: 150_000 }) });
const run = fc.record({ text: fc.stringMatching(/^[a-z]{0,40}$/), size, cuts: fc.array(fc.nat(), { maxLength: 3 }) });

it('puts runs of any length together without a gap, in shared memory and elsewhere', () => {
  fc.assert(
    fc.property(fc.array(run, { maxLength: 5 }), fc.boolean(), (runs, isShared) => {
      const body = new StagedBody(isShared ? sharedRoom() : 1);
      const expected: Bytes[] = [];
      for (const [seed, { text, size, cuts }] of runs.entries()) {
        const source = piece(seed, size);
        writeRun(body, text, source, cuts);
        expected.push(bytes.from(text), source);
      }
      expect(body.finish('end').equals(bytes.concat([...expected, bytes.from('end')]))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

it('says where each run begins and ends', () => {
  const body = new StagedBody(64);
  for (const [text, start] of [
    ['first', 0],
    ['second', 5],
    ['', 11],
  ] as const) {
    expect(body.begin()).toBe(start);
    body.stage.ascii(text);
    expect(body.end()).toBe(start + text.length);
  }
  expect(body.finish('').latin1Slice()).toBe('firstsecond');
});

it('keeps bodies apart that are written in turns', () => {
  const bodies = [new StagedBody(sharedRoom()), new StagedBody(64), new StagedBody(64)];
  for (let turn = 0; turn < 3; turn += 1) for (const [index, body] of bodies.entries()) writeRun(body, `${index}`, piece(0, 0), []);
  expect(bodies.map((body) => body.finish('.').latin1Slice())).toEqual(['000.', '111.', '222.']);
});

it('forgets a run that was not ended', () => {
  const body = new StagedBody(64);
  writeRun(body, 'whole', piece(0, 0), []);
  body.begin();
  body.stage.ascii('half');
  writeRun(body, ' again', piece(0, 0), []);
  expect(body.finish('').latin1Slice()).toBe('whole again');
});
