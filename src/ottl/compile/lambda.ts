import { OttlError } from '../fault.ts';
import type { Lambda } from '../function.ts';
import { unread } from '../syntax/parse-call.ts';
import type { Expression, LambdaExpression } from '../syntax/tree.ts';
import type { OttlValue } from '../value.ts';
import { compileCondition } from './condition.ts';
import type { Site } from './site.ts';
import { compileValue } from './value.ts';

const conditions: ReadonlySet<Expression['kind']> = new Set<Expression['kind']>(['and', 'or', 'not', 'comparison']);

/** The arguments of a lambda live in slots of the evaluation. Nested lambdas get slots of their own. */
export function compileLambda(node: LambdaExpression, arities: readonly number[], site: Site): Lambda {
  const { names, body, place } = node;
  if (!arities.includes(names.length)) {
    throw new OttlError(`expected a lambda with ${arities.join(' or ')} names, got ${names.length}`, { place });
  }
  const first = site.locals.size;
  const locals = new Map(site.locals);
  for (const [index, name] of names.entries()) {
    if (locals.has(name)) throw new OttlError(`lambda name "${name}" stands twice`, { place, hint: 'the lambda around has it already' });
    // Every parameter has a slot; one that nobody reads has it under a name that nobody can write.
    locals.set(name === unread ? `${unread} ${first + index}` : name, first + index);
  }
  const inner = { ...site, locals };
  const run = conditions.has(body.kind) ? compileCondition(body, inner) : compileValue(body, inner).get;
  return {
    arity: names.length,
    call: (evaluation, ...args: readonly OttlValue[]) => {
      for (let index = 0; index < names.length; index++) evaluation.locals[first + index] = args[index] ?? null;
      return run(evaluation);
    },
  };
}
