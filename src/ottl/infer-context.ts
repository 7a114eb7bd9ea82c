import { contextNamed, contexts } from './contexts/contexts.ts';
import type { ContextName } from './evaluation.ts';
import type { FunctionSpec } from './function.ts';
import type { Argument, Expression, Statement } from './syntax/tree.ts';

/** What a tree mentions: contexts by its paths, functions by name. */
interface Mentions {
  readonly contexts: Set<ContextName>;
  readonly functions: Set<string>;
}

function visitArguments(args: readonly Argument[], mentions: Mentions): void {
  for (const { value } of args) {
    if (value.kind === 'lambda') visit(value.body, mentions);
    else visit(value, mentions);
  }
}

function visit(node: Expression, mentions: Mentions): void {
  switch (node.kind) {
    case 'path': {
      const [first] = node.names as [string, ...string[]];
      const context = first === 'request' ? 'otelcol' : contextNamed(first);
      if (context !== undefined) mentions.contexts.add(context);
      for (const key of node.keys) visit(key, mentions);
      break;
    }
    case 'converter':
      mentions.functions.add(node.name);
      visitArguments(node.args, mentions);
      for (const key of node.keys) visit(key, mentions);
      break;
    case 'list':
      for (const element of node.elements) visit(element, mentions);
      break;
    case 'map':
      for (const [, value] of node.entries) visit(value, mentions);
      break;
    case 'math':
    case 'comparison':
    case 'and':
    case 'or':
      visit(node.left, mentions);
      visit(node.right, mentions);
      break;
    case 'signed':
    case 'not':
      visit(node.operand, mentions);
      break;
  }
}

/** From the whole to the part: the first that sees everything mentioned is the one. */
const candidates: readonly ContextName[] = ['otelcol', 'resource', 'scope', 'span', 'spanevent', 'spanlink', 'log'];

/**
 * The highest context that sees every context and has every function that the trees mention; `undefined` if there is none, or if nothing
 * says one. Source: `context_inferrer.go` of the Collector's OTTL.
 */
export function contextOf(
  trees: readonly (Statement | Expression)[],
  functions: ReadonlyMap<string, FunctionSpec>,
): ContextName | undefined {
  const mentions: Mentions = { contexts: new Set(), functions: new Set() };
  for (const tree of trees) {
    if (tree.kind !== 'statement') visit(tree, mentions);
    else {
      mentions.functions.add(tree.editor.name);
      visitArguments(tree.editor.args, mentions);
      if (tree.where) visit(tree.where, mentions);
    }
  }
  const limits = [...mentions.functions].map((name) => functions.get(name)?.contexts).filter((limit) => limit !== undefined);
  if (mentions.contexts.size === 0 && limits.length === 0) return undefined;
  return candidates.find(
    (candidate) =>
      [...mentions.contexts].every((context) => contexts[candidate].sees.includes(context)) &&
      limits.every((limit) => limit.includes(candidate)),
  );
}
