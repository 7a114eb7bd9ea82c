import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { traceSampler } from '../../src/processors/trace-sampler/trace-sampler.ts';
import { problemsOf, processorOf, spansOf, traces, world } from './batches.ts';

const low = `${'a'.repeat(18)}00000000000001`;
const high = `${'a'.repeat(18)}ffffffffffffff`;
const hexId = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((id) => Buffer.from(id).toString('hex'));

function kept(settings: object, span: object = {}, resource: Record<string, string> = {}): boolean {
  return spansOf(processorOf(traceSampler, settings).process(traces([{ traceId: low, ...span }], resource))).length === 1;
}

describe('rate', () => {
  it('is all if nothing is set', () => {
    expect(kept({})).toBe(true);
  });

  it('keeps traces whose randomness lies above its threshold', () => {
    expect(kept({ rate: 0.5 }, { traceId: low })).toBe(false);
    expect(kept({ rate: 0.5 }, { traceId: high })).toBe(true);
    expect(kept({ rate: 0.5 }, { traceId: `${'a'.repeat(18)}80000000000000` })).toBe(true);
    expect(kept({ rate: 0.5 }, { traceId: `${'a'.repeat(18)}7fffffffffffff` })).toBe(false);
  });

  it('0 keeps nothing, even without randomness', () => {
    expect(kept({ rate: 0 }, { traceId: high })).toBe(false);
    expect(kept({ rate: 0 }, { traceId: '' })).toBe(false);
  });

  it('prefers the randomness of the tracestate', () => {
    expect(kept({ rate: 0.5 }, { traceId: low, traceState: 'a=b,ot=th:8;rv:ffffffffffffff' })).toBe(true);
    expect(kept({ rate: 0.5 }, { traceId: high, traceState: 'ot=rv:00000000000000' })).toBe(false);
    expect(kept({ rate: 0.5 }, { traceId: high, traceState: 'rojo=rv:00000000000000' })).toBe(true);
  });

  it('keeps a span without any randomness', () => {
    expect(kept({ rate: 0.001 }, { traceId: '' })).toBe(true);
  });

  it('keeps about its part of random traces', () => {
    const sampler = processorOf(traceSampler, { rate: 0.25 });
    const spans = Array.from({ length: 4096 }, (_, at) => ({
      traceId: `${'a'.repeat(18)}${(at * 2 ** 44).toString(16).padStart(14, '0')}`,
    }));
    expect(spansOf(sampler.process(traces(spans)))).toHaveLength(1024);
  });
});

describe('rules', () => {
  const rules = [
    { name: 'no retention', condition: 'request["x-tenant"] == "zero"', action: 'drop' },
    { name: 'paid', condition: 'resource.attributes["tier"] == "paid"', action: 'keep' },
    { name: 'health', condition: 'span.name == "health"', action: 'drop' },
    { name: 'staging', condition: 'resource.attributes["env"] == "staging"', action: 'rate', rate: 0.5 },
  ];

  it.each([
    ['a paid tenant is always traced', { name: 'health' }, { tier: 'paid' }, true],
    ['a span rule drops', { name: 'health' }, {}, false],
    ['a rule has a rate of its own', { traceId: low }, { env: 'staging' }, false],
    ['a rule has a rate of its own, on the other side', { traceId: high }, { env: 'staging' }, true],
    ['a span rule comes before a later resource rule', { name: 'health', traceId: high }, { env: 'staging' }, false],
    ['the rest takes the default rate', {}, {}, true],
  ])('%s', (_name, span, resource, expected) => {
    expect(kept({ rules }, span, resource)).toBe(expected);
  });

  it('can rest on the request alone', () => {
    expect(kept({ rules: [{ name: 'acme', condition: 'otelcol.client.metadata["x-tenant"] == "acme"', action: 'drop' }] })).toBe(false);
    expect(kept({ rate: 0, rules: [{ name: 'acme', condition: 'request["x-tenant"] == "acme"', action: 'keep' }] })).toBe(true);
  });

  it('that read single spans are warned of at load', () => {
    const { deps, logged } = world();
    processorOf(traceSampler, { rules }, deps);
    expect(logged.map(({ facts }) => facts)).toEqual([{ component: 'tested', rule: 'health', context: 'span' }]);
  });

  it('whose condition fails do not decide', () => {
    const failing = [{ name: 'broken', condition: 'Int(resource.attributes["n"]) / 0 == 1', action: 'drop' }];
    expect(kept({ rules: failing }, {}, { n: '1' })).toBe(true);
  });
});

it('comes to the same verdict for every span of a trace on every replica', () => {
  const rules = [{ name: 'paid', condition: 'resource.attributes["tier"] == "paid"', action: 'rate', rate: 0.75 }];
  fc.assert(
    fc.property(hexId, fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom('paid', 'free'), (traceId, rate, tier) => {
      const replicas = [processorOf(traceSampler, { rate, rules }), processorOf(traceSampler, { rate, rules })];
      const [one, other] = replicas.map(
        (sampler) => spansOf(sampler.process(traces([{ traceId }, { traceId, name: 'child' }], { tier }))).length,
      );
      expect([0, 2]).toContain(one);
      expect(other).toBe(one);
    }),
  );
});

it.each([
  [{ rate: 1.5 }, ['rate: must be from 0 to 1']],
  [{ rules: [{ name: 'a', condition: 'span.name == "x"', action: 'rate' }] }, ['rules::0::rate: must be specified for action "rate"']],
  [
    { rules: [{ name: 'a', condition: 'span.name == "x"', action: 'keep', rate: 0.5 }] },
    ['rules::0::rate: action "keep" does not use the "rate" field'],
  ],
  [
    {
      rules: [
        { name: 'a', condition: 'span.name == "x"', action: 'keep' },
        { name: 'a', condition: 'span.name == "y"', action: 'keep' },
      ],
    },
    ['rules::1::name: duplicate name "a"'],
  ],
  [
    { rules: [{ name: 'a', condition: 'spanevent.name == "x"', action: 'keep' }] },
    ['rules::0::condition: context "spanevent" is not available here (contexts here: [resource scope span])'],
  ],
])('refuses the settings %j', (settings, problems) => {
  expect(problemsOf(traceSampler, settings)).toEqual(problems);
});
