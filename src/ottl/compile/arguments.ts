import { didYouMean } from '../../model/closest.ts';
import { OttlError, type Place } from '../fault.ts';
import type { Arguments, FunctionSpec, Getter } from '../function.ts';
import type { Argument } from '../syntax/tree.ts';
import type { OttlValue } from '../value.ts';
import { buildArgument } from './argument.ts';
import type { Site } from './site.ts';
import { typedGetter } from './typed-getter.ts';

export interface BuiltArguments {
  readonly values: Arguments;
  /** Where each given argument stands, by the name of its parameter. */
  readonly places: ReadonlyMap<string, Place>;
  /** Whether all of them are the same for every record. */
  readonly constant: boolean;
}

/** The name of a parameter as a user may write it (snake_case, any first letter) in its own form. */
function camelCase(name: string): string {
  const joined = name.replace(/_+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return joined.charAt(0).toLowerCase() + joined.slice(1);
}

/** `name(target, pattern, [limit])`, for hints. */
function signature({ name, parameters }: FunctionSpec): string {
  const names = Object.entries(parameters).map(([parameter, { optional }]) => (optional ? `[${parameter}]` : parameter));
  return `${name}(${names.join(', ')})`;
}

/** Gives each argument to its parameter: by position, then by name. */
function assign(args: readonly Argument[], spec: FunctionSpec, place: Place): ReadonlyMap<string, Argument> {
  const names = Object.keys(spec.parameters);
  const required = names.filter((name) => !spec.parameters[name]?.optional).length;
  const wrongCount = () =>
    new OttlError(
      `incorrect number of arguments. Expected: ${required === names.length ? required : `${required} to ${names.length}`} Received: ${args.length}`,
      {
        place,
        hint: `it is ${signature(spec)}`,
      },
    );
  if (args.length > names.length) throw wrongCount();
  const assigned = new Map<string, Argument>();
  for (const [position, argument] of args.entries()) {
    const name = argument.name === '' ? (names[position] as string) : camelCase(argument.name);
    if (!names.includes(name))
      throw new OttlError(`no such parameter: ${argument.name}`, { place: argument.place, hint: didYouMean(name, names) });
    if (assigned.has(name)) throw new OttlError(`parameter "${name}" is given twice`, { place: argument.place });
    assigned.set(name, argument);
  }
  const missing = names.find((name) => !spec.parameters[name]?.optional && !assigned.has(name));
  if (missing !== undefined) throw wrongCount();
  return assigned;
}

/** Throws `OttlError` at the argument that does not fit. */
export function buildArguments(
  call: { readonly args: readonly Argument[]; readonly place: Place },
  spec: FunctionSpec,
  site: Site,
): BuiltArguments {
  const assigned = assign(call.args, spec, call.place);
  const values: Record<string, unknown> = {};
  const places = new Map<string, Place>();
  let constant = true;
  for (const [name, parameter] of Object.entries(spec.parameters)) {
    const argument = assigned.get(name);
    if (!argument) {
      values[name] = parameter.fallback;
      continue;
    }
    places.set(name, argument.value.place);
    try {
      const built = buildArgument(argument.value, parameter.shape, site);
      values[name] = built.value;
      constant &&= built.constant;
    } catch (error) {
      throw error instanceof OttlError ? error.at(argument.value.place) : error;
    }
  }
  return { values, places, constant };
}

/** The arguments of a converter that is applied to one value and leaves the rest at their defaults. */
export function passOne(spec: FunctionSpec, get: Getter<OttlValue>, place: Place): Arguments {
  const [first, ...others] = Object.entries(spec.parameters);
  if (first?.[1].shape.kind !== 'getter' || others.some(([, { optional }]) => !optional)) {
    throw new OttlError(`converter "${spec.name}" cannot be passed by name`, {
      place,
      hint: `it is ${signature(spec)}; one that takes a single value is needed`,
    });
  }
  const values: Record<string, unknown> = { [first[0]]: typedGetter({ type: 'any', get }, first[1].shape.type) };
  for (const [name, { fallback }] of others) values[name] = fallback;
  return values;
}
