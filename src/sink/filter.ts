import { microsOf } from './dotted-order.ts';
import { Refusal } from './refusal.ts';
import { latencyOf, metadataOf, statusOf, threadOf } from './run-view.ts';
import type { StoredRun } from './tenant.ts';
import { isObject } from './upload.ts';
import { usageOf } from './usage.ts';

export type Predicate = (run: StoredRun) => boolean;

/** A call of LangSmith's filter language: `and(eq(run_type, "llm"), gt(latency, "2s"))`. */
interface Call {
  readonly name: string;
  readonly operands: readonly Operand[];
}
type Operand = Call | string | number | boolean | null | readonly Operand[] | Field;
class Field {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

const depthMax = 50;
const token = /\s*(?:([A-Za-z_][\w.]*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([()[\],]))/y;

/** The part of the language that the SDKs' users know: comparisons, `in`, `has`, `search`, `and`, `or`, `not`. Throws a 400 `Refusal` for the rest. */
export function compileFilter(text: string): Predicate {
  const tokens = tokensOf(text);
  let position = 0;
  const operand = (depth: number): Operand => {
    const current = tokens[position++];
    if (current === undefined || depth > depthMax) throw invalid(text);
    if (current === '[') return list(depth, ']');
    if (/^["']/.test(current)) return unquoted(current);
    if (/^[-\d]/.test(current)) return Number(current);
    if (!/^\w/.test(current)) throw invalid(text);
    if (tokens[position] === '(') {
      position += 1;
      return { name: current, operands: list(depth, ')') };
    }
    const literals: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
    return Object.hasOwn(literals, current) ? (literals[current] as boolean | null) : new Field(current);
  };
  const list = (depth: number, closing: string): Operand[] => {
    const operands: Operand[] = [];
    if (tokens[position] === closing) position += 1;
    else
      for (;;) {
        operands.push(operand(depth + 1));
        const separator = tokens[position++];
        if (separator === closing) break;
        if (separator !== ',') throw invalid(text);
      }
    return operands;
  };
  const whole = operand(0);
  if (position !== tokens.length) throw invalid(text);
  return predicateOf(whole, text);
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  const trimmed = text.trim();
  while (token.lastIndex < trimmed.length) {
    const match = token.exec(trimmed);
    if (match === null) throw invalid(text);
    tokens.push((match[1] ?? match[2] ?? match[3] ?? match[4]) as string);
  }
  return tokens;
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}

function invalid(text: string): Refusal {
  return new Refusal(400, { detail: `Invalid filter: ${text.slice(0, 200)}` });
}

function isCall(operand: Operand | undefined): operand is Call {
  return typeof operand === 'object' && operand !== null && 'operands' in operand;
}

function predicateOf(operand: Operand | undefined, text: string): Predicate {
  if (!isCall(operand)) throw invalid(text);
  const { name, operands } = operand;
  switch (name) {
    case 'and':
    case 'or': {
      const parts = operands.map((part) => predicateOf(part, text));
      return name === 'and' ? (run) => parts.every((part) => part(run)) : (run) => parts.some((part) => part(run));
    }
    case 'not': {
      const part = predicateOf(operands[0], text);
      return (run) => !part(run);
    }
    case 'search': {
      const wanted = String(operands.at(-1)).toLowerCase();
      return (run) =>
        JSON.stringify([run.fields.name, run.fields.inputs, run.fields.outputs, run.fields.error]).toLowerCase().includes(wanted);
    }
    default:
      return comparison(name, operands, text);
  }
}

function comparison(name: string, [field, wanted]: readonly Operand[], text: string): Predicate {
  if (!(field instanceof Field) || wanted === undefined || isCall(wanted)) throw invalid(text);
  const test = tests[name];
  if (test === undefined) throw invalid(text);
  const values = valuesOf(field.name);
  if (values === undefined) throw invalid(text);
  return (run) => test(values(run), comparable(field.name, wanted));
}

type Test = (values: readonly unknown[], wanted: unknown) => boolean;
const tests: Readonly<Record<string, Test | undefined>> = Object.assign(Object.create(null), {
  eq: (values, wanted) => values.includes(wanted) || (wanted === null && values.length === 0),
  neq: (values, wanted) => !values.includes(wanted),
  in: (values, wanted) => Array.isArray(wanted) && values.some((value) => wanted.includes(value)),
  gt: (values, wanted) => values.some((value) => compare(value, wanted) > 0),
  gte: (values, wanted) => values.some((value) => compare(value, wanted) >= 0),
  lt: (values, wanted) => values.some((value) => compare(value, wanted) < 0),
  lte: (values, wanted) => values.some((value) => compare(value, wanted) <= 0),
  has: (values, wanted) => values.some((value) => holds(value, wanted)),
} satisfies Record<string, Test>);

function compare(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one === 'string' && typeof other === 'string') return one < other ? -1 : one > other ? 1 : 0;
  return Number.NaN;
}

/** `has(tags, "x")`, `has(metadata, '{"key": "value"}')`. */
function holds(value: unknown, wanted: unknown): boolean {
  if (!isObject(value) || typeof wanted !== 'string') return value === wanted;
  try {
    const members: unknown = JSON.parse(wanted);
    return isObject(members) && Object.entries(members).every(([key, member]) => JSON.stringify(value[key]) === JSON.stringify(member));
  } catch {
    return Object.hasOwn(value, wanted);
  }
}

/** Times compare in microseconds, a latency in seconds. */
function comparable(field: string, wanted: Operand): unknown {
  if (typeof wanted !== 'string') return wanted;
  if (field === 'start_time' || field === 'end_time') return microsOf(wanted) ?? wanted;
  if (field !== 'latency') return wanted;
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/.exec(wanted);
  const unit = { ms: 0.001, s: 1, m: 60, h: 3600 }[match?.[2] ?? 's'] as number;
  return match === null ? wanted : Number(match[1]) * unit;
}

/** What a run has to compare under the name of a field; some have several. `undefined` for a name that is no field. */
function valuesOf(field: string): ((run: StoredRun) => readonly unknown[]) | undefined {
  switch (field) {
    case 'id':
    case 'name':
    case 'run_type':
    case 'error':
    case 'trace_id':
    case 'parent_run_id':
    case 'reference_example_id':
      return ({ fields }) => (fields[field] === undefined ? [] : [fields[field]]);
    case 'start_time':
    case 'end_time':
      return ({ fields }) => [microsOf(fields[field])];
    case 'status':
      return (run) => [statusOf(run)];
    case 'is_root':
      return (run) => [run.parentRunId === ''];
    case 'latency':
      return (run) => [latencyOf(run)];
    case 'total_tokens':
      return ({ fields }) => [usageOf(fields)?.totalTokens ?? 0];
    case 'tags':
    case 'tag':
      return ({ fields }) => (Array.isArray(fields.tags) ? fields.tags : []);
    case 'metadata':
      return ({ fields }) => [metadataOf(fields)];
    case 'metadata_key':
      return ({ fields }) => Object.keys(metadataOf(fields));
    case 'metadata_value':
      return ({ fields }) => Object.values(metadataOf(fields));
    case 'thread_id':
      return ({ fields }) => [threadOf(fields)];
    default:
      return undefined;
  }
}
