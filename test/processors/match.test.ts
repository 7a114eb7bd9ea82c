import { describe, expect, it } from 'vitest';
import { attributesProcessor } from '../../src/processors/attributes/attributes.ts';
import { logs, problemsOf, processorOf, recordsOf, spansOf, traces } from './batches.ts';

const mark = [{ key: 'marked', action: 'insert', value: true }];
const span = { name: 'GET /users/7', kind: 2, attributes: { method: 'GET', code: 200n, ratio: 0.5 } };
const resource = { 'service.name': 'web', env: 'prod' };

function marks(settings: object): boolean {
  return (
    spansOf(processorOf(attributesProcessor, { actions: mark, ...settings }).process(traces([span], resource)))[0]?.attributes.has(
      'marked',
    ) ?? false
  );
}

describe('include', () => {
  it.each([
    [{ match_type: 'strict', services: ['web'] }, true],
    [{ match_type: 'strict', services: ['we'] }, false],
    [{ match_type: 'strict', services: ['other', 'web'] }, true],
    [{ match_type: 'regexp', services: ['^w'] }, true],
    [{ match_type: 'strict', span_names: ['GET /users/7'] }, true],
    [{ match_type: 'regexp', span_names: ['/users/\\d+$'] }, true],
    [{ match_type: 'regexp', span_names: ['^/users'] }, false],
    [{ match_type: 'strict', span_kinds: ['SPAN_KIND_SERVER'] }, true],
    [{ match_type: 'strict', span_kinds: ['SPAN_KIND_CLIENT'] }, false],
    [{ match_type: 'regexp', span_kinds: ['SERVER$'] }, true],
    [{ match_type: 'strict', attributes: [{ key: 'method', value: 'GET' }] }, true],
    [{ match_type: 'strict', attributes: [{ key: 'method' }] }, true],
    [{ match_type: 'strict', attributes: [{ key: 'code', value: 200 }] }, true],
    [{ match_type: 'strict', attributes: [{ key: 'code', value: '200' }] }, false],
    [{ match_type: 'regexp', attributes: [{ key: 'code', value: '^2' }] }, true],
    [{ match_type: 'regexp', attributes: [{ key: 'ratio', value: '0\\.5' }] }, true],
    [{ match_type: 'strict', attributes: [{ key: 'method', value: 'GET' }, { key: 'missing' }] }, false],
    [{ match_type: 'strict', resources: [{ key: 'env', value: 'prod' }] }, true],
    [{ match_type: 'strict', resources: [{ key: 'env', value: 'dev' }] }, false],
    [{ match_type: 'strict', libraries: [{ name: 'lib' }] }, true],
    [{ match_type: 'strict', libraries: [{ name: 'lib', version: '2.0' }] }, false],
    [
      {
        match_type: 'strict',
        libraries: [
          { name: 'lib', version: '2.0' },
          { name: 'lib', version: '1.0' },
        ],
      },
      true,
    ],
    [{ match_type: 'strict', services: ['web'], span_names: ['other'] }, false],
    [{ match_type: 'strict', log_bodies: ['x'] }, false],
  ])('%j: %s', (include, expected) => {
    expect(marks({ include })).toBe(expected);
  });

  it('tells a missing service name apart by the Collector’s own text', () => {
    const include = { match_type: 'strict', services: ['<nil-service-name>'] };
    const batch = processorOf(attributesProcessor, { actions: mark, include }).process(traces([{}]));
    expect(spansOf(batch)[0]?.attributes.has('marked')).toBe(true);
  });
});

describe('exclude', () => {
  it('beats include', () => {
    const [web, users] = [
      { match_type: 'strict', services: ['web'] },
      { match_type: 'regexp', span_names: ['users'] },
    ];
    expect(marks({ include: web, exclude: users })).toBe(false);
    expect(marks({ include: web, exclude: { match_type: 'regexp', span_names: ['orders'] } })).toBe(true);
    expect(marks({ exclude: users })).toBe(false);
  });
});

describe('log records', () => {
  const record = { body: 'user 7 failed', severityNumber: 13, severityText: 'WARN' };
  it.each([
    [{ match_type: 'regexp', log_bodies: ['failed$'] }, record, true],
    [{ match_type: 'strict', log_bodies: ['failed'] }, record, false],
    [{ match_type: 'strict', log_severity_texts: ['WARN'] }, record, true],
    [{ match_type: 'strict', log_severity_number: { min: 'WARN' } }, record, true],
    [{ match_type: 'strict', log_severity_number: { min: 'WARN2' } }, record, false],
    [{ match_type: 'strict', log_severity_number: { min: 9 } }, {}, false],
    [{ match_type: 'strict', log_severity_number: { min: 9, match_undefined: true } }, {}, true],
    [{ match_type: 'strict', span_names: ['x'] }, record, false],
  ])('%j of %j: %s', (include, fields, expected) => {
    const batch = processorOf(attributesProcessor, { actions: mark, include }).process(logs([fields]));
    expect(recordsOf(batch)[0]?.attributes.has('marked')).toBe(expected);
  });
});

describe('settings', () => {
  it.each([
    [{ match_type: 'strict' }, ['include: must have at least one property to match']],
    [{ match_type: 'strict', services: ['a'], log_bodies: ['b'] }, ['include: must not mix properties of spans and of log records']],
    [
      { match_type: 'strict', span_kinds: ['server'] },
      [
        'include::span_kinds::0: unknown span kind "server" (valid values: [SPAN_KIND_INTERNAL SPAN_KIND_SERVER SPAN_KIND_CLIENT SPAN_KIND_PRODUCER SPAN_KIND_CONSUMER])',
      ],
    ],
    [
      { match_type: 'regexp', attributes: [{ key: 'a', value: 1 }] },
      ['include::attributes::0::value: must be a text where match_type is "regexp"'],
    ],
    [
      { match_type: 'strict', log_severity_number: { min: 'LOUD' } },
      ['include::log_severity_number::min: invalid severity "LOUD" (write 1 to 24, or for example "WARN")'],
    ],
  ])('refuse %j', (include, problems) => {
    expect(problemsOf(attributesProcessor, { actions: mark, include })).toEqual(problems);
  });

  it('refuse patterns that RE2 refuses', () => {
    const include = { match_type: 'regexp', span_names: ['ok', '(?=x)'] };
    expect(problemsOf(attributesProcessor, { actions: mark, include })).toEqual([
      expect.stringContaining('include::span_names::1: invalid regular expression "(?=x)"'),
    ]);
  });
});
