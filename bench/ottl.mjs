// Ten typical OTTL statements beside the decoding of the span that they work on, in the same run: they must cost less. Our decoder is lazy, so there are two
// answers to what decoding costs: as little as a pipeline needs (the keys are seen), and all of it, as the Collector's decoder does (every value is made).

import { transformFunctions } from '../dist/ottl/functions/functions.js';
import { Evaluation, parseStatements } from '../dist/ottl/ottl.js';
import { compare, median, table, thousands } from './measure.mjs';
import { request } from './payload.mjs';
import { caller, each, read, visit } from './read-spans.mjs';

const statements = [
  'set(span.attributes["session.id"], span.attributes["gen_ai.conversation.id"]) where span.attributes["session.id"] == nil',
  'set(span.attributes["deployment"], resource.attributes["service.name"])',
  'delete_key(span.attributes, "app.attribute.0")',
  'set(span.attributes["cost.class"], "high") where span.attributes["gen_ai.usage.input_tokens"] > 1000',
  'replace_pattern(span.attributes["user.id"], "user-[0-9]+", "user-x")',
  'set(span.name, Concat([span.attributes["gen_ai.operation.name"], span.attributes["gen_ai.request.model"]], " ")) where IsString(span.attributes["gen_ai.request.model"])',
  'set(span.attributes["team"], "checkout") where IsMatch(span.name, "^(agent|step)$")',
  'set(span.attributes["kind"], "client") where span.kind == SPAN_KIND_CLIENT',
  'delete_matching_keys(span.attributes, "^app\\\\.attribute\\\\.[12]$")',
  'set(span.attributes["slow"], true) where span.end_time_unix_nano - span.start_time_unix_nano > 1000000000',
];

const rounds = 9;

/** Microseconds per span of one round, in which the passes followed each other; the ratio is the round's own, so that a noisy neighbour hurts both sides of it. */
function costs(rates) {
  const [decode, read, both] = [rates.decode, rates.read, rates.both].map((rate) => 1e6 / rate);
  return { decode, read, both, statements: both - decode, ratio: (both - decode) / decode };
}

export function benchOttl() {
  const sequence = parseStatements(statements, { context: 'span', functions: transformFunctions, errorMode: 'ignore' });
  const evaluation = new Evaluation({ now: () => 0n, random: (length) => new Uint8Array(length) }, caller);
  const rows = [];
  for (const kind of ['llm', 'small']) {
    const count = 256;
    const body = request(kind, count);
    const passes = {
      decode: () => {
        each(body, visit);
        return count;
      },
      read: () => {
        each(body, read);
        return count;
      },
      both: () => {
        each(body, (span, scope, resource) => {
          visit(span);
          Object.assign(evaluation, { resource, scope, span, cache: undefined });
          sequence.run(evaluation);
        });
        return count;
      },
    };
    const figures = Array.from({ length: rounds }, () => costs(compare(passes, { rounds: 1 })));
    const of = (name) => median(figures.map((figure) => figure[name]));
    rows.push([
      `${kind}, ${Math.round(body.length / count)} B`,
      `${of('decode').toFixed(2)} µs`,
      `${of('read').toFixed(2)} µs`,
      `${of('statements').toFixed(2)} µs`,
      `${of('ratio').toFixed(2)}×`,
      `${thousands(1e6 / of('both'))} spans/s`,
    ]);
  }
  table(
    'Ten OTTL statements',
    ['spans', 'decoding, lazily', 'decoding, all of it', 'the statements', 'to decoding lazily', 'decoding and statements'],
    rows,
  );
}
