/** The span that the examples of docs/ottl-functions.md run on, and what each of them makes of it. */
import { SpanKind } from '../../src/model/batch.ts';
import type { Value } from '../../src/model/value.ts';
import type { FunctionSpec } from '../../src/ottl/function.ts';
import { transformFunctions } from '../../src/ottl/functions/functions.ts';
import type { ExampleWorld } from '../../src/ottl/functions/reference.ts';
import { durationText } from '../../src/ottl/functions/time/duration-text.ts';
import { formatTime } from '../../src/ottl/functions/time/format-time.ts';
import { jsonText } from '../../src/ottl/json-text.ts';
import { type Evaluation, parseStatements, parseValue } from '../../src/ottl/ottl.ts';
import { Duration, type OttlValue, Time } from '../../src/ottl/value.ts';
import { evaluationOf, nowNanos } from './ottl.ts';

const options = { context: 'span', functions: transformFunctions } as const;
const lengthMax = 150;
const changesMax = 3;

const attributes: Readonly<Record<string, Value>> = {
  'http.method': 'GET',
  'http.route': '/users/{id}',
  'http.target': '/user/7/list/3',
  'http.path': '/health/live',
  'http.request.header.authorization': 'Bearer sk-abc123',
  'gen_ai.system': 'openai',
  'client.address': '10.1.2.3',
  'device.name': 'phone',
  'enduser.id': 'u-7',
  'user.email': 'ann@example.com',
  PASSWORD: 'hunter2',
  tags: ['dev', 'prod', 'eu'],
  counts: [1n, 2n, 3n],
  things: [
    new Map<string, Value>([
      ['name', 'a'],
      ['value', 1n],
    ]),
    new Map<string, Value>([
      ['name', 'b'],
      ['value', 2n],
    ]),
  ],
  payload: '{"a": [1, true]}',
  extra: '{"tier": "free", "gen_ai.system": "azure"}',
  prompt: 'héllo',
  duration_ms: 100n,
  level: 'inf',
  'deployment.environment': 'prod',
  x: 1.5,
};

const fields = {
  name: 'GET /users/42',
  kind: SpanKind.server,
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  startTimeUnixNano: nowNanos,
};

function exampleEvaluation(): Evaluation {
  return evaluationOf(attributes, fields);
}

function textOf(value: OttlValue): string {
  if (value instanceof Time) return formatTime(value, '2006-01-02T15:04:05.999999999Z07:00');
  if (value instanceof Duration) return durationText(value.nanos);
  return jsonText(value);
}

function shortened(text: string): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax)}…`;
}

/** What a converter gives. */
export function resultOf({ example = '' }: FunctionSpec): OttlValue {
  return parseValue(example, options).evaluate(exampleEvaluation());
}

/** What an editor changes: `name: value` of what is new or other, `- name` of what is gone. */
export function changesOf({ example = '' }: FunctionSpec): string[] {
  const evaluation = exampleEvaluation();
  parseStatements([example], options).run(evaluation);
  const before = new Map<string, OttlValue>(Object.entries(attributes));
  const after = new Map<string, OttlValue>(evaluation.span.attributes);
  const { name } = evaluation.span;
  return [
    ...(name === fields.name ? [] : [`span.name: ${textOf(name)}`]),
    ...[...after]
      .filter(([key, value]) => textOf(before.get(key) ?? null) !== textOf(value))
      .map(([key, value]) => `${key}: ${textOf(value)}`),
    ...[...before.keys()].filter((key) => !after.has(key)).map((key) => `- ${key}`),
  ];
}

function changesText(changes: readonly string[]): string {
  const more = changes.length - changesMax;
  return `${shortened(changes.slice(0, changesMax).join(', '))}${more > 0 ? `, and ${more} more` : ''}`;
}

export const exampleWorld: ExampleWorld = {
  description: `The examples run on this span, whose clock stands still and whose random bytes are all \`ab\`. Of an editor the page shows what is new or other, and
behind a minus what is gone.

\`\`\`text
name: ${fields.name}
kind: SPAN_KIND_SERVER
trace_id: ${fields.traceId}
span_id: ${fields.spanId}
start_time: ${textOf(new Time(nowNanos))}   # this is Now(), too
attributes:
${Object.entries(attributes)
  .map(([key, value]) => `  ${key}: ${textOf(value)}`)
  .join('\n')}
\`\`\`
`,
  resultOf: (spec) => (spec.kind === 'editor' ? changesText(changesOf(spec)) : shortened(textOf(resultOf(spec)))),
};
