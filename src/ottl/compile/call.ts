import type { Caller } from '../../model/batch.ts';
import { didYouMean } from '../../model/closest.ts';
import { Evaluation } from '../evaluation.ts';
import { OttlError, type Place } from '../fault.ts';
import type { Arguments, ConverterReference, ConverterSpec, EditorSpec, FunctionSpec, Getter } from '../function.ts';
import type { Argument, ConverterCall, EditorCall, SymbolName } from '../syntax/tree.ts';
import type { OttlValue } from '../value.ts';
import { follow } from './access.ts';
import { buildArguments, passOne } from './arguments.ts';
import { compileKey } from './path.ts';
import type { CompiledValue, Site } from './site.ts';
import { constantValue } from './value.ts';

interface Call {
  readonly name: string;
  readonly args: readonly Argument[];
  readonly place: Place;
}

function functionOf(name: string, kind: FunctionSpec['kind'], place: Place, site: Site): FunctionSpec {
  const found = site.functions.get(name);
  const at = { start: place.start, end: place.start + name.length };
  if (found === undefined || found.kind !== kind) {
    const known = [...site.functions.values()].filter((candidate) => candidate.kind === kind).map((candidate) => candidate.name);
    const all = kind === 'editor' ? `editors here: ${known.join(', ')}` : undefined;
    throw new OttlError(`undefined function "${name}"`, { place: at, hint: didYouMean(name, known) ?? all });
  }
  if (found.unsupported !== undefined)
    throw new OttlError(`function "${name}" is not supported here`, { place: at, hint: found.unsupported });
  if (found.contexts && !found.contexts.includes(site.context)) {
    throw new OttlError(`function "${name}" is not available in context ${site.context}`, {
      place: at,
      hint: `it works in ${found.contexts.join(', ')}`,
    });
  }
  return found;
}

/** Runs a function's `compile`; what it refuses gets the place of the argument that it names, else of the call. */
function compileFunction<T>(call: Call, args: Arguments, places: ReadonlyMap<string, Place>, compile: (args: Arguments) => T): T {
  try {
    return compile(args);
  } catch (error) {
    if (!(error instanceof OttlError)) throw error;
    throw error.at((error.parameter === undefined ? undefined : places.get(error.parameter)) ?? call.place);
  }
}

export function compileEditor(call: EditorCall, site: Site): (evaluation: Evaluation) => void {
  const spec = functionOf(call.name, 'editor', call.place, site) as EditorSpec;
  const { values, places } = buildArguments(call, spec, site);
  return compileFunction(call, values, places, spec.compile);
}

const nobody: Caller = { receiver: '', transport: 'http', address: '', metadata: new Map(), receivedAtMs: 0 };

/** What folding runs on: a pure converter asks it for nothing. */
const nothing = new Evaluation(
  {
    now: () => {
      throw new OttlError('there is no clock at load');
    },
    random: () => {
      throw new OttlError('there is no chance at load');
    },
  },
  nobody,
);

/** A converter of constants alone is computed at load, unless it fails: then it fails for every record, as the Collector's does. */
function fold(run: (evaluation: Evaluation) => OttlValue): CompiledValue | undefined {
  try {
    return constantValue(run(nothing));
  } catch {
    return undefined;
  }
}

function compileCall(call: ConverterCall, site: Site): CompiledValue {
  const spec = functionOf(call.name, 'converter', call.place, site) as ConverterSpec;
  const { values, places, constant } = buildArguments(call, spec, site);
  const run = compileFunction(call, values, places, spec.compile);
  const folded = constant && !spec.volatile ? fold(run) : undefined;
  return folded ?? { type: spec.result, get: run };
}

export function compileConverter(call: ConverterCall, site: Site): CompiledValue {
  const compiled = compileCall(call, site);
  if (call.keys.length === 0) return compiled;
  if (compiled.type !== 'map' && compiled.type !== 'list' && compiled.type !== 'any') {
    throw new OttlError(`cannot index ${compiled.type}`, { place: (call.keys[0] as ConverterCall['keys'][number]).place });
  }
  const get = follow(
    compiled.get,
    call.keys.map((key) => compileKey(key, site)),
  );
  return { type: 'any', get };
}

/** A converter that takes its one required argument from the function it is passed to. */
export function buildConverterReference(node: SymbolName, site: Site): ConverterReference {
  const spec = functionOf(node.name, 'converter', node.place, site) as ConverterSpec;
  let present: OttlValue = null;
  const argument: Getter<OttlValue> = () => present;
  const values = passOne(spec, argument, node.place);
  const run = compileFunction({ name: node.name, args: [], place: node.place }, values, new Map(), spec.compile);
  return (evaluation, value) => {
    present = value;
    return run(evaluation);
  };
}
