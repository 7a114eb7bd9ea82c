import { didYouMean } from '../../model/closest.ts';
import { contextNamed, contexts } from '../contexts/contexts.ts';
import type { Field } from '../contexts/field.ts';
import { requestField } from '../contexts/otelcol.ts';
import type { ContextName } from '../evaluation.ts';
import { OttlError } from '../fault.ts';
import type { Expression, Path } from '../syntax/tree.ts';
import { type Access, accessOf, follow, keysMax } from './access.ts';
import type { CompiledValue, Site } from './site.ts';
import { compileValue } from './value.ts';

/** A key in brackets: a string or an int. */
export function compileKey(node: Expression, site: Site): CompiledValue['get'] {
  const { type, get } = compileValue(node, site);
  if (type !== 'string' && type !== 'int' && type !== 'any') {
    throw new OttlError(`cannot index with ${type}: keys are string or int`, { place: node.place });
  }
  return get;
}

function field(path: Path, context: ContextName, names: readonly string[]): Field {
  const { fields } = contexts[context];
  const name = names.join('.');
  if (Object.hasOwn(fields, name)) return fields[name] as Field;
  if (names.length === 0)
    throw new OttlError(`path "${context}" needs a field`, { place: path.place, hint: `e.g. ${context}.${Object.keys(fields)[0]}` });
  const [first] = names as [string, ...string[]];
  const keyed = names.length > 1 && Object.hasOwn(fields, first) && fields[first]?.kind !== 'scalar';
  const hint = keyed
    ? `keys of ${first} stand in brackets: ${first}["${names.slice(1).join('.')}"]`
    : didYouMean(name, Object.keys(fields));
  throw new OttlError(`context ${context} has no path "${name}"`, { place: path.place, hint });
}

/** Refuses a path that starts with no context, with the one that was probably meant. */
function refuseBare(path: Path, site: Site): never {
  const { fields, sees } = contexts[site.context];
  const name = path.names.join('.');
  const known = Object.hasOwn(fields, name) || Object.hasOwn(fields, path.names[0] as string);
  const hint = known
    ? `did you mean "${site.context}.${name}"?`
    : (didYouMean(path.names[0] as string, sees) ?? `it starts with one of ${sees.join(', ')}`);
  throw new OttlError(`path "${name}" does not start with a context`, { place: path.place, hint });
}

function contextField(path: Path, site: Site): Field {
  const [first, ...rest] = path.names as [string, ...string[]];
  if (first === 'request' && path.names.length === 1 && path.keys.length > 0) return requestField;
  const named = contextNamed(first);
  // A bare word may be a field of the statement's own context, as in the older configurations.
  if (named === undefined) return site.unprefixed ? field(path, site.context, path.names) : refuseBare(path, site);
  if (!contexts[site.context].sees.includes(named)) {
    const hint = `it sees ${contexts[site.context].sees.join(', ')}`;
    throw new OttlError(`context ${site.context} does not see "${first}"`, { place: path.place, hint });
  }
  const found = field(path, named, rest);
  if (found.kind === 'cache' && named !== site.context) {
    throw new OttlError(`context ${site.context} cannot use the cache of ${named}`, {
      place: path.place,
      hint: `use ${site.context}.cache`,
    });
  }
  return found;
}

function localAccess(slot: number, path: Path, site: Site): Access {
  if (path.names.length > 1) {
    throw new OttlError(`lambda name "${path.names[0]}" has no fields`, { place: path.place, hint: 'keys stand in brackets: ["…"]' });
  }
  const keys = path.keys.map((key) => compileKey(key, site));
  return { type: 'any', get: follow(({ locals }) => locals[slot], keys), set: undefined, open: undefined };
}

/** Resolves a path. Throws `OttlError` if the context has no such path or it takes no such keys. */
export function compilePath(path: Path, site: Site): Access {
  const slot = site.locals.get(path.names[0] as string);
  if (slot !== undefined) return localAccess(slot, path, site);
  const found = contextField(path, site);
  const tooMany = path.keys[keysMax(found)];
  if (tooMany) throw new OttlError(`path "${path.names.join('.')}" takes no such key`, { place: tooMany.place });
  return accessOf(
    found,
    path.keys.map((key) => compileKey(key, site)),
  );
}
