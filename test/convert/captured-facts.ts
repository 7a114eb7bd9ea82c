import { isDeepStrictEqual } from 'node:util';
import { type Capture, captureRuns } from './captured-runs.ts';

/** One fact that the payload of a recording carries, and whether the run has it. */
export interface Fact {
  readonly capture: string;
  readonly span: string;
  readonly fact: string;
  readonly isFound: boolean;
}

type Dict = Readonly<Record<string, unknown>>;
type Run = Dict;

interface Call {
  readonly carried_in: Readonly<Record<string, readonly string[]>>;
  readonly payload_tokens?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly payload_disagrees_with_truth?: Readonly<Record<string, { readonly payload: readonly number[] }>>;
  readonly tokens?: Readonly<Record<string, number>>;
  readonly [fact: string]: unknown;
}

interface Carried {
  readonly in_root_span?: boolean;
  readonly in_any_span?: boolean;
  readonly root_keys?: readonly string[];
}

const dictOf = (value: unknown): Dict => (typeof value === 'object' && value !== null ? (value as Dict) : {});
const metadataOf = (run: Run): Dict => dictOf(dictOf(run.extra).metadata);

/** All facts of a recording that its manifest marks as carried. */
export function factsOf(capture: Capture): Fact[] {
  const runs = captureRuns(capture);
  const facts: Fact[] = [];
  const add = (span: string, fact: string, isFound: boolean) => facts.push({ capture: capture.name, span, fact, isFound });
  for (const span of capture.spans) {
    if (span.not_a_run !== undefined) continue;
    const run = runs.get(span.span_id) ?? {};
    for (const part of ['llm', 'embedding', 'tool'] as const) {
      const call = (span as unknown as Dict)[part] as Call | undefined;
      if (call === undefined) continue;
      for (const [name, keys] of Object.entries(call.carried_in)) if (keys.length > 0) add(span.name, name, hasFact(run, part, name, call));
      for (const [name, values] of Object.entries(call.payload_tokens ?? {})) add(span.name, name, hasTokens(run, name, values, call));
    }
  }
  const real = capture.spans.filter(({ not_a_run }) => not_a_run === undefined).map(({ span_id }) => runs.get(span_id) ?? {});
  for (const [name, isFound] of wholeFacts(capture.expect as Dict, real, capture.spans.length - real.length)) add('', name, isFound);
  return facts;
}

/** Every text inside of a value, also of texts that hold JSON. */
function textsOf(value: unknown, into: string[] = []): string[] {
  if (typeof value === 'string') {
    into.push(value);
    if (/^\s*[[{"]/.test(value)) {
      try {
        textsOf(JSON.parse(value), into);
      } catch {
        // An ordinary text.
      }
    }
  } else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) textsOf(inner, into);
  else if (value !== null && value !== undefined) into.push(String(value));
  return into;
}

/** The manifests shorten long texts: "… (238 chars)". */
function says(value: unknown, text: unknown): boolean {
  const wanted = String(text).replace(/…\(\d+ chars\)$/, '');
  return textsOf(value).some((found) => found.includes(wanted));
}

/** The value itself, somewhere inside. */
function holds(value: unknown, wanted: unknown): boolean {
  if (isDeepStrictEqual(value, wanted)) return true;
  if (typeof value === 'string' && /^\s*[[{]/.test(value)) {
    try {
      return holds(JSON.parse(value), wanted);
    } catch {
      return false;
    }
  }
  return typeof value === 'object' && value !== null && Object.values(value).some((inner) => holds(inner, wanted));
}

interface Choice {
  readonly message?: {
    readonly tool_calls?: readonly { readonly id?: string; readonly function: { readonly name: string; readonly arguments: string } }[];
  };
}

function hasCall(run: Run, name: string, call: Call): boolean {
  const wanted = (call.tool_calls as readonly { id?: string; name: string; arguments: unknown }[]).filter((one) => one.name === name);
  // LangSmith's own SDKs write outputs in another shape, and those stay as they are.
  if (!Array.isArray(dictOf(run.outputs).choices))
    return wanted.every((one) => says(run.outputs, one.id) && holds(run.outputs, one.arguments));
  const choices = dictOf(run.outputs).choices as readonly Choice[];
  const made = choices.flatMap(({ message }) => message?.tool_calls ?? []);
  const ids = call.tool_call_ids_missing === undefined;
  return wanted.every(({ id, arguments: given }) =>
    made.some(
      (one) => one.function.name === name && (!ids || one.id === id) && isDeepStrictEqual(JSON.parse(one.function.arguments), given),
    ),
  );
}

function hasFact(run: Run, part: string, name: string, call: Call): boolean {
  const metadata = metadataOf(run);
  const { invocation_params } = dictOf(run.extra);
  const [fact, detail] = name.split(':', 2) as [string, string | undefined];
  switch (fact) {
    case 'model_response':
      return [metadata.ls_model_name, metadata.response_model].includes(call.model_response);
    case 'model_requested':
      // A manifest calls a name carried where only a longer name with its beginning is.
      return says([metadata.ls_model_name, metadata.request_model, dictOf(invocation_params).model], call.model_requested);
    case 'response_id':
      return metadata.response_id === call.response_id || says(run.outputs, call.response_id);
    case 'last_user_text':
      return says(run.inputs, call.last_user_text);
    case 'output_text':
      return says(run.outputs, call.output_text ?? call.output_prefix);
    case 'reasoning_text':
      return says(run.outputs, call.reasoning_text);
    case 'tool_call':
      return hasCall(run, detail ?? '', call);
    case 'error':
      return run.status === 'error' && typeof run.error === 'string' && run.error !== '';
    case 'input':
      return holds(run.inputs, call.input) || (typeof call.input === 'string' && says(run.inputs, call.input));
    case 'output':
      return holds(run.outputs, call.output) || (typeof call.output === 'string' && says(run.outputs, call.output));
    default:
      throw new Error(`the grader does not know the fact ${part}.${name}`);
  }
}

const details: Readonly<Record<string, readonly [side: string, name: string]>> = {
  cache_read: ['input_token_details', 'cache_read'],
  cache_creation: ['input_token_details', 'cache_creation'],
  cache_write: ['input_token_details', 'cache_creation'],
  reasoning: ['output_token_details', 'reasoning'],
};

/** The truth where the payload has it or adds up to it; what the payload says where that is something else. */
function hasTokens(run: Run, name: string, values: Dict, call: Call): boolean {
  const metadata = metadataOf(run);
  const usage = dictOf(metadata.usage_metadata ?? metadata.aggregated_usage_metadata ?? dictOf(run.outputs).usage_metadata);
  const detail = details[name];
  const found = detail === undefined ? usage[name] : (dictOf(usage[detail[0]])[detail[1]] ?? 0);
  const truth = call.tokens?.[name];
  const wrong = call.payload_disagrees_with_truth?.[name]?.payload;
  if (wrong !== undefined) return found === truth || wrong.includes(found as number);
  return truth !== undefined && String(truth) in values ? found === truth : Object.hasOwn(values, String(found));
}

interface Failure {
  readonly contains?: string;
  readonly contains_any?: readonly string[];
  readonly carried: readonly { readonly span: string; readonly status: number; readonly where: readonly string[] }[];
}

const threadKeys = ['session_id', 'conversation_id', 'thread_id'];

function* wholeFacts(expect: Dict, runs: readonly Run[], placeholders: number): Generator<[string, boolean]> {
  const roots = runs.filter((run) => run.parent_run_id === undefined);
  for (const side of ['input', 'output'] as const) {
    const carried = expect[`${side}_carried`] as Carried | undefined;
    const wanted = expect[side] ?? expect[`${side}_prefix`];
    if (carried?.in_any_span !== true || wanted === undefined) continue;
    // What an application writes under a name of its own is metadata.
    const own = carried.root_keys?.[0]?.startsWith('app.') === true;
    const where = carried.in_root_span === true ? roots : runs;
    const has = (run: Run) => {
      const value = own ? metadataOf(run) : run[`${side}s`];
      return typeof wanted === 'string'
        ? says(value, wanted)
        : holds(value, wanted) || Object.values(dictOf(wanted)).every((inner) => says(value, inner));
    };
    yield [side, where.some(has)];
  }
  const count = (name: string) => ((dictOf(expect[`${name}_carried`]).spans as number | undefined) ?? 0) - placeholders;
  const threads = count('thread_id');
  if (threads > 0) {
    yield ['thread_id', runs.filter((run) => threadKeys.some((key) => metadataOf(run)[key] === expect.thread_id)).length >= threads];
  }
  const users = count('user_id');
  if (users > 0) yield ['user_id', runs.filter((run) => metadataOf(run).user_id === expect.user_id).length >= users];
  const tagged = count('tags');
  if (tagged > 0) {
    const has = (run: Run) => (expect.tags as string[]).every((tag) => (run.tags as string[] | undefined)?.includes(tag));
    yield ['tags', runs.filter(has).length >= tagged];
  }
  for (const [key, keys] of Object.entries(dictOf(expect.metadata_carried))) {
    if ((keys as string[]).length === 0) continue;
    const wanted = dictOf(expect.metadata)[key];
    yield [`metadata ${key}`, runs.some((run) => String(metadataOf(run)[key]) === String(wanted))];
  }
  for (const { contains, contains_any, carried } of (expect.errors ?? []) as Failure[]) {
    for (const { span, status, where } of carried) {
      // Other spans only repeat the text in their content.
      if (status !== 2 && !where.includes('langfuse.observation.status_message')) continue;
      const texts = contains_any ?? [contains ?? ''];
      const failed = runs.filter((run) => run.status === 'error' && texts.some((text) => String(run.error).includes(text)));
      yield [`error of ${span}`, failed.some((run) => run.name === span || dictOf(dictOf(run.extra).otel).name === span)];
    }
  }
  if (expect.project !== undefined) yield ['project', roots.every((run) => run.session_name === expect.project)];
}

export interface Score {
  readonly found: number;
  readonly all: number;
}

/** By the first word of a recording's name. */
export function scores(facts: readonly Fact[]): Map<string, Score> {
  const byDialect = new Map<string, Score>();
  for (const { capture, isFound } of facts) {
    const dialect = capture.slice(0, capture.indexOf('-'));
    const { found, all } = byDialect.get(dialect) ?? { found: 0, all: 0 };
    byDialect.set(dialect, { found: found + (isFound ? 1 : 0), all: all + 1 });
  }
  return byDialect;
}
