import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { probabilisticSampler } from '../../src/processors/probabilistic-sampler/probabilistic-sampler.ts';
import { hashRandomness } from '../../src/processors/sampling/hash-randomness.ts';
import { logs, problemsOf, processorOf, recordsOf, spansOf, traces } from './batches.ts';

const w3cId = '4bf92f3577b34da6a3ce929d0e0e4736';
const ids = { counting: '0102030405060708090a0b0c0d0e0f10', w3c: w3cId, proto: '5b8efff798038103d269b633813fc60c' };

/** What the sampler lets through of one span: its tracestate, or undefined if it was dropped. */
function traceStateAfter(
  settings: object,
  span: { traceId?: string; traceState?: string; attributes?: Record<string, string | bigint | number> },
) {
  const sampler = processorOf(probabilisticSampler, settings);
  return spansOf(sampler.process(traces([{ traceId: w3cId, spanId: '00f067aa0ba902b7', ...span }])))[0]?.traceState;
}

describe('hash_seed', () => {
  it.each([
    [ids.counting, 0, '976837c4f25a25'],
    [ids.counting, 22, '2ef03615863443'],
    [ids.w3c, 0, 'fdc80d0b42008d'],
    [ids.w3c, 22, '3e50158161306b'],
    [ids.proto, 0, 'a480091545d6df'],
    [ids.proto, 22, 'ccd828a32a4cc9'],
  ])('gives trace %s with seed %i the randomness %s', (traceId, seed, randomness) => {
    expect(hashRandomness(Buffer.from(traceId, 'hex'), seed)).toBe(randomness);
  });

  it.each([
    [0.1, 'ffc'],
    [1, 'fd74'],
    [2.5, 'f99c'],
    [5, 'f334'],
    [10, 'e668'],
    [15, 'd99c'],
    [25, 'c'],
    [33.3, 'aac4'],
    [50, '8'],
    [75, '4'],
    [90, '199c'],
    [99, '029'],
    [99.9, '0044'],
    [100, '0'],
  ])('writes the threshold of %d %% as %s', (sampling_percentage, threshold) => {
    // A seed that gives this trace so high a randomness that every percentage keeps it.
    let seed = 0;
    while (!hashRandomness(Buffer.from(w3cId, 'hex'), seed).startsWith('fff')) seed++;
    const randomness = hashRandomness(Buffer.from(w3cId, 'hex'), seed);
    expect(traceStateAfter({ sampling_percentage, hash_seed: seed }, {})).toBe(`ot=rv:${randomness};th:${threshold}`);
  });

  it('keeps a trace whose bucket lies below the scaled percentage, and drops the one above', () => {
    expect(traceStateAfter({ sampling_percentage: 1 }, {})).toBe('ot=rv:fdc80d0b42008d;th:fd74');
    expect(traceStateAfter({ sampling_percentage: 1, hash_seed: 22 }, {})).toBeUndefined();
  });

  it('never keeps anything at a percentage that rounds to no bucket', () => {
    expect(traceStateAfter({ sampling_percentage: 0.001 }, {})).toBeUndefined();
  });

  it('does not work on spans that another sampler has marked', () => {
    expect(traceStateAfter({ sampling_percentage: 100 }, { traceState: 'ot=th:8' })).toBeUndefined();
    expect(traceStateAfter({ sampling_percentage: 100, fail_closed: false }, { traceState: 'ot=th:8' })).toBe('ot=th:8');
    expect(traceStateAfter({ sampling_percentage: 100 }, { traceState: 'ot=rv:ce929d0e0e4736' })).toBeUndefined();
  });
});

describe('the 56 bit modes', () => {
  const high = 'ot=rv:ffffffffffffff';

  it.each([
    [0.001, 'ffff583a', 'ffff583a533333'],
    [0.1, 'ffbe77', 'ffbe76c8a3d70a'],
    [1, 'fd70a', 'fd70a3d70a3d71'],
    [2.5, 'f999a', 'f9999999999999'],
    [5, 'f3333', 'f3333333333333'],
    [10, 'e666', 'e6666666666666'],
    [15, 'd99a', 'd999999999999a'],
    [25, 'c', 'c'],
    [33.3, 'aac1', 'aac08333333334'],
    [50, '8', '8'],
    [75, '4', '4'],
    [90, '199a', '19999999999998'],
    [99, '028f6', '028f5c28f5c29'],
    [99.9, '004189', '004188f5c28f6'],
    [100, '0', '0'],
  ])('write the threshold of %d %% as %s and, with all digits, %s', (sampling_percentage, short, long) => {
    for (const mode of ['proportional', 'equalizing']) {
      expect(traceStateAfter({ mode, sampling_percentage }, { traceState: high })).toBe(`${high};th:${short}`);
      expect(traceStateAfter({ mode, sampling_percentage, sampling_precision: 14 }, { traceState: high })).toBe(`${high};th:${long}`);
    }
  });

  it('decide by the last 56 bits of the trace id', () => {
    // ce929d… lies above c000… (25 %) and below e666… (10 %).
    expect(traceStateAfter({ mode: 'equalizing', sampling_percentage: 25 }, {})).toBe('ot=th:c');
    expect(traceStateAfter({ mode: 'equalizing', sampling_percentage: 10 }, {})).toBeUndefined();
  });

  it('proportional multiplies with the probability that arrived', () => {
    expect(traceStateAfter({ mode: 'proportional', sampling_percentage: 50 }, { traceState: `${high};th:8` })).toBe(`${high};th:c`);
  });

  it('proportional drops what would fall below the least probability', () => {
    const least = 'ot=rv:ffffffffffffff;th:ffffffffffffff';
    expect(traceStateAfter({ mode: 'proportional', sampling_percentage: 50 }, { traceState: least })).toBeUndefined();
  });

  it('equalizing leaves a higher threshold as it arrived', () => {
    expect(traceStateAfter({ mode: 'equalizing', sampling_percentage: 50 }, { traceState: `${high};th:c` })).toBe(`${high};th:c`);
    expect(traceStateAfter({ mode: 'equalizing', sampling_percentage: 25 }, { traceState: `${high};th:8` })).toBe(`${high};th:c`);
  });

  it('keep the members of other vendors and unknown fields of their own', () => {
    const traceState = 'rojo=00f067aa0ba902b7, ot=xy:1;rv:ffffffffffffff ,congo=t61rcWkgMzE';
    const after = traceStateAfter({ mode: 'equalizing', sampling_percentage: 50 }, { traceState });
    expect(after).toBe('ot=rv:ffffffffffffff;th:8;xy:1,rojo=00f067aa0ba902b7,congo=t61rcWkgMzE');
  });

  it.each([
    ['a threshold that contradicts the randomness', { traceState: 'ot=th:d' }, 'ot=th:0'],
    ['a malformed randomness', { traceState: 'ot=rv:12' }, 'ot=rv:12'],
    ['a malformed threshold', { traceState: 'ot=th:xyz' }, 'ot=th:xyz'],
    ['a broken tracestate', { traceState: 'no members here' }, 'no members here'],
    ['no trace id', { traceId: '' }, 'ot=th:0'],
    ['a trace id of zeros', { traceId: '0'.repeat(32) }, 'ot=th:0'],
  ])('drop %s, or keep it if they fail open', (_what, span, open) => {
    const settings = { mode: 'equalizing', sampling_percentage: 50 };
    expect(traceStateAfter(settings, span)).toBeUndefined();
    expect(traceStateAfter({ ...settings, fail_closed: false }, span)).toBe(open);
  });
});

describe('sampling.priority', () => {
  it.each([0n, 0, '0'])('drops a span at %s', (priority) => {
    expect(traceStateAfter({ sampling_percentage: 100 }, { attributes: { 'sampling.priority': priority } })).toBeUndefined();
  });

  it.each([1n, 2.5, '1'])('keeps a span at %s that the sampler would drop', (priority) => {
    expect(traceStateAfter({ sampling_percentage: 0 }, { attributes: { 'sampling.priority': priority } })).toBe('ot=th:0');
  });

  it.each([-1n, 'high', ''])('leaves it to the sampler at %s', (priority) => {
    expect(traceStateAfter({ sampling_percentage: 0 }, { attributes: { 'sampling.priority': priority } })).toBeUndefined();
  });

  it('rescues a span that failed closed', () => {
    const span = { traceState: 'ot=rv:12', attributes: { 'sampling.priority': 1n } };
    expect(traceStateAfter({ mode: 'equalizing', sampling_percentage: 50 }, span)).toBe('ot=rv:12');
  });
});

describe('log records', () => {
  const sampled = (settings: object, record: object) =>
    recordsOf(processorOf(probabilisticSampler, settings).process(logs([record]))).map(({ attributes }) => Object.fromEntries(attributes));

  it('are hashed by their trace id', () => {
    expect(sampled({ sampling_percentage: 1 }, { traceId: w3cId })).toEqual([
      { 'sampling.threshold': 'fd74', 'sampling.randomness': 'fdc80d0b42008d' },
    ]);
    expect(sampled({ sampling_percentage: 1, hash_seed: 22 }, { traceId: w3cId })).toEqual([]);
  });

  it('are hashed by an attribute where they say so or have no trace id', () => {
    const attributes = { 'request.id': 'r-1' };
    const settings = { sampling_percentage: 100, from_attribute: 'request.id' };
    const randomness = hashRandomness(Buffer.from('r-1'), 0);
    const kept = [{ 'request.id': 'r-1', 'sampling.threshold': '0', 'sampling.randomness': randomness }];
    expect(sampled(settings, { attributes })).toEqual(kept);
    expect(sampled({ ...settings, attribute_source: 'record' }, { traceId: w3cId, attributes })).toEqual(kept);
  });

  it('are dropped without randomness', () => {
    expect(sampled({ sampling_percentage: 100 }, {})).toEqual([]);
  });

  it('can ask for a higher percentage by an attribute', () => {
    const settings = { mode: 'equalizing', sampling_percentage: 1, sampling_priority: 'priority' };
    expect(sampled(settings, { traceId: w3cId, attributes: { priority: 25n } })).toEqual([{ priority: 25n, 'sampling.threshold': 'c' }]);
    expect(sampled(settings, { traceId: w3cId, attributes: { priority: 10n } })).toEqual([]);
  });
});

it('refuses percentages that make no sense', () => {
  expect(problemsOf(probabilisticSampler, { sampling_percentage: -1 })).toEqual(['sampling_percentage: sampling rate is negative: -1%']);
  expect(problemsOf(probabilisticSampler, { sampling_percentage: 1e-20 })).toEqual([
    'sampling_percentage: sampling rate is too small: 1e-20%',
  ]);
  expect(problemsOf(probabilisticSampler, { sampling_percentage: Number.POSITIVE_INFINITY })).toHaveLength(1);
  expect(problemsOf(probabilisticSampler, { sampling_percentage: 250 })).toEqual([]);
});

const hexId = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((id) => Buffer.from(id).toString('hex'));

it('gives all spans of a trace the same verdict on every replica', () => {
  const modes = fc.constantFrom('hash_seed', 'proportional', 'equalizing');
  fc.assert(
    fc.property(hexId, modes, fc.double({ min: 0, max: 100, noNaN: true }), (traceId, mode, percentage) => {
      const settings = { mode, sampling_percentage: percentage < 1e-10 ? 0 : percentage };
      const [one, other] = [processorOf(probabilisticSampler, settings), processorOf(probabilisticSampler, settings)];
      const verdicts = [one, other].map((sampler) => spansOf(sampler.process(traces([{ traceId }, { traceId, name: 'child' }]))).length);
      expect([0, 2]).toContain(verdicts[0]);
      expect(verdicts[1]).toBe(verdicts[0]);
    }),
  );
});

it('keeps at a higher percentage whatever it keeps at a lower one', () => {
  fc.assert(
    fc.property(
      hexId,
      fc.double({ min: 1, max: 100, noNaN: true }),
      fc.double({ min: 1, max: 100, noNaN: true }),
      (traceId, one, other) => {
        const kept = (sampling_percentage: number) =>
          spansOf(processorOf(probabilisticSampler, { mode: 'equalizing', sampling_percentage }).process(traces([{ traceId }]))).length;
        expect(kept(Math.max(one, other))).toBeGreaterThanOrEqual(kept(Math.min(one, other)));
      },
    ),
  );
});
