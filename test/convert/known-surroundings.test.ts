import { describe, expect, test } from 'vitest';
import { createConverter } from '../../src/exporters/langsmith/convert/convert.ts';
import { runJson } from '../../src/exporters/langsmith/convert/run-json.ts';
import { resourceOf, scopeOf } from '../../src/otlp/otlp.ts';
import { caller, type Sent, sent } from './spans.ts';

const ofService = (service: string): Sent =>
  sent(
    { name: 'span' },
    scopeOf(`library of ${service}`, '1'),
    resourceOf([
      ['service.name', service],
      ['team', `of ${service}`],
    ]),
  );

describe('senders that repeat their resource', () => {
  const convert = createConverter();
  const converted = ({ span, scope, resource }: Sent) => runJson(convert(span, scope, resource, caller));
  const alone = ({ span, scope, resource }: Sent) => runJson(createConverter()(span, scope, resource, caller));

  test('by turns, and more of them than are remembered, get the runs that each would get alone', () => {
    const services = Array.from({ length: 300 }, (_, index) => `service-${index}`);
    for (const service of [...services, ...services]) expect(converted(ofService(service))).toEqual(alone(ofService(service)));
  });

  test('do not depend on the bytes of the request that told it first', () => {
    const first = ofService('first');
    const expected = converted(first);
    (first.resource as unknown as { wire: { source: Uint8Array } }).wire.source.fill(0);
    expect(converted(ofService('first'))).toEqual(expected);
  });

  test('are not mistaken for what a processor made of one of them', () => {
    const changed = ofService('changed');
    converted(ofService('changed'));
    changed.resource.attributes.set('team', 'none');
    expect(converted(changed)).toMatchObject({ extra: { metadata: { team: 'none' } } });
    expect(converted(ofService('changed'))).toMatchObject({ extra: { metadata: { team: 'of changed' } } });
  });
});
