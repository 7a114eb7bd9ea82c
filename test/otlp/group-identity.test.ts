import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Resource, Scope } from '../../src/model/batch.ts';
import { decodeTraces, encodeTraces, groupIdentity, resourceOf, scopeOf, spanOf, tracesOf } from '../../src/otlp/otlp.ts';
import { caller } from './plain.ts';

interface Facts {
  readonly attributes: readonly (readonly [string, string])[];
  readonly schemaUrl: string;
  readonly dropped: number;
  readonly name: string;
  readonly version: string;
  readonly scopeAttributes: readonly (readonly [string, string])[];
  readonly scopeSchemaUrl: string;
}

/** Few letters, so that one text often is the beginning or the end of another one. */
const text = fc.constantFrom('', 'a', 'aa', '1', '1 1', 'é');
const attributes = fc.uniqueArray(fc.tuple(text, text), { selector: ([key]) => key, maxLength: 2 });
const anyFacts: fc.Arbitrary<Facts> = fc.record({
  attributes,
  schemaUrl: text,
  dropped: fc.nat({ max: 2 }),
  name: text,
  version: text,
  scopeAttributes: attributes,
  scopeSchemaUrl: text,
});

/** As they arrive with a request of their own. */
function received(facts: Facts): { readonly resource: Resource; readonly scope: Scope } {
  const resource = Object.assign(resourceOf(facts.attributes), { schemaUrl: facts.schemaUrl, droppedAttributesCount: facts.dropped });
  const scope = Object.assign(scopeOf(facts.name, facts.version, facts.scopeAttributes), { schemaUrl: facts.scopeSchemaUrl });
  const span = spanOf({ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), name: 'span' });
  const body = encodeTraces(tracesOf(caller, [{ resource, scopeSpans: [{ scope, spans: [span] }] }]));
  const group = decodeTraces(body, caller).batch.resourceSpans[0];
  return { resource: group?.resource as Resource, scope: group?.scopeSpans[0]?.scope as Scope };
}

const identityOf = ({ resource, scope }: { resource: Resource; scope: Scope }) => groupIdentity(resource, scope);
const facts: Facts = {
  attributes: [['service.name', 'chat']],
  schemaUrl: '',
  dropped: 0,
  name: 'library',
  version: '1',
  scopeAttributes: [],
  scopeSchemaUrl: '',
};

describe('the identity of resource and scope', () => {
  test('is the same in two requests exactly if everything about them is', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, (one, other) => {
        const identities = [one, other].map((each) =>
          identityOf(received({ ...each, attributes: [['service.name', 'chat'], ...each.attributes] })),
        );
        expect(identities).not.toContain(undefined);
        expect(identities[0] === identities[1]).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      { numRuns: 1_000 },
    );
  });

  test('outlives the bytes of the request', () => {
    const { resource, scope } = received(facts);
    const identity = groupIdentity(resource, scope);
    (resource as unknown as { wire: { source: Uint8Array } }).wire.source.fill(0);
    expect(identity).toBe(identityOf(received(facts)));
  });

  test('is another one when a name or a count was changed after reading', () => {
    const given = identityOf(received(facts));
    const changes: ((of: { resource: Resource; scope: Scope }) => void)[] = [
      ({ scope }) => void (scope.name = 'other'),
      ({ scope }) => void (scope.version = '2'),
      ({ scope }) => void (scope.schemaUrl = 's'),
      ({ scope }) => void (scope.droppedAttributesCount = 1),
      ({ resource }) => void (resource.schemaUrl = 's'),
      ({ resource }) => void (resource.droppedAttributesCount = 1),
    ];
    const identities = changes.map((change) => {
      const changed = received(facts);
      change(changed);
      return identityOf(changed);
    });
    expect(new Set([given, ...identities]).size).toBe(changes.length + 1);
  });

  test('is none when an attribute was set or deleted, or when there is much of them', () => {
    const set = received(facts);
    set.resource.attributes.set('service.name', 'other');
    const deleted = received({ ...facts, scopeAttributes: [['a', 'b']] });
    deleted.scope.attributes.delete('a');
    const large = received({ ...facts, attributes: [['a', 'x'.repeat(5_000)]] });
    expect([set, deleted, large].map(identityOf)).toEqual([undefined, undefined, undefined]);
  });
});
