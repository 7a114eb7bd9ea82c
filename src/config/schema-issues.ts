/** Turns what zod says into the Collector's sentences, each at its place. */
import { z } from 'zod';
import { didYouMean } from '../model/closest.ts';
import { confidentialMessage } from './confidential.ts';
import { locate } from './decode.ts';
import type { Report } from './report.ts';
import { alternatives, keysAt, schemasAt } from './schema-walk.ts';
import { isEmpty, type Node, type Place, shownKey, shownValue, typeName } from './tree.ts';
import { reportUnknownKey } from './unknown-key.ts';

/** A body of settings that a schema refused. */
export interface Body {
  readonly schema: z.ZodType;
  readonly node: Node;
  readonly keyPlace: Place;
  /** `receivers::otlp` */
  readonly path: string;
  /** The decoded thing's own name in front of the names of its fields: '' for a component, `telemetry` for a part of `service`. */
  readonly name: string;
  /** What stands before a decoding error: `error reading configuration for "otlp": `, or ''. */
  readonly wrapper: string;
}

export function reportIssues(body: Body, issues: readonly z.core.$ZodIssue[], report: Report): void {
  for (const issue of issues.flatMap(closestOption)) reportIssue(body, issue, report);
}

/**
 * A union's issue is told by the one option that the user must have meant: the one that has the right type and fails inside.
 * If there is none, the union's own message stands.
 */
function closestOption(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.filter(
    (option) => !option.some(({ code, path }) => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')),
  );
  const [option] = meant;
  if (meant.length !== 1 || option === undefined) return [issue];
  return option.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })).flatMap(closestOption);
}

function reportIssue(body: Body, issue: z.core.$ZodIssue, report: Report): void {
  const { place, node } = locate(body.node, body.keyPlace, issue.path);
  if (node?.origin?.broken) return;
  const steps = shownSteps(body.node, issue.path);
  const name = `'${[body.name, ...steps].filter((part) => part !== '').join('.')}'`;
  const path = [body.path, ...steps].join('::');
  const mismatch = issue.code === 'invalid_type' || issue.code === 'invalid_union' || issue.code === 'invalid_value';
  if (issue.code === 'unrecognized_keys') {
    if (node?.kind !== 'map') return;
    const known = keysAt(body.schema, issue.path);
    for (const key of issue.keys) reportUnknownKey(node, key, known, body.path, `${body.wrapper}${name} has invalid keys`, report);
  } else if (mismatch && (node === undefined || isEmpty(node))) {
    const given = node?.origin === undefined ? '' : `, but ${node.origin.reference} is empty`;
    report.error(place, path, `must be specified${given}`, { hint: ownMessage(body, node, issue) });
  } else if (mismatch && node !== undefined) {
    const [sentence, hint] = issue.code === 'invalid_value' ? wrongValue(name, issue, node) : wrongType(name, issue, node, body);
    report.error(place, body.path, `${body.wrapper}${sentence}`, { hint });
  } else {
    const [sentence = '', ...excerpt] = confidentialMessage(body.schema, body.node, node ?? body.node, issue).split('\n');
    report.error(place, path, sentence, excerpt.length === 0 ? {} : { excerpt });
  }
}

/** A path as problems may show it: keys that came out of a `${…}` are shown as that reference. */
function shownSteps(root: Node, path: readonly PropertyKey[]): string[] {
  return path.map((key, index) => {
    const { node } = locate(root, root.place, path.slice(0, index));
    return node?.kind === 'map' && node.entries.has(String(key)) ? shownKey(node, String(key)) : String(key);
  });
}

function wrongValue(name: string, issue: z.core.$ZodIssueInvalidValue, node: Node): [sentence: string, hint: string | undefined] {
  const valid = issue.values.map(String);
  const given = node.kind === 'scalar' ? `"${shownValue(node)}"` : typeName(node);
  const hint = node.kind === 'scalar' && node.origin === undefined ? didYouMean(String(node.value), valid) : undefined;
  return [`${name} has invalid value ${given} (valid values: [${valid.join(' ')}])`, hint];
}

function wrongType(
  name: string,
  issue: z.core.$ZodIssueInvalidType | z.core.$ZodIssueInvalidUnion,
  node: Node,
  body: Body,
): [sentence: string, hint: string | undefined] {
  const hint = ownMessage(body, node, issue);
  const got = typeName(node);
  if (node.kind === 'scalar' && typeof node.value === 'number' && !Number.isFinite(node.value))
    return [`${name} must be a finite number`, hint];
  if (issue.code === 'invalid_union') return [`${name} has a value of unconvertible type '${got}'`, hint];
  switch (issue.expected) {
    case 'object':
    case 'record':
    case 'map':
      return [`${name} expected a map or struct, got "${got}"`, hint];
    case 'array':
    case 'tuple':
      return [`${name}: source data must be an array or slice, got ${got}`, hint];
    default:
      return [`${name} expected type '${expectedType(issue, body.schema)}', got unconvertible type '${got}'`, hint];
  }
}

/** zod says "number" for a text where an integer is wanted; the schema knows better. */
function expectedType(issue: z.core.$ZodIssueInvalidType, schema: z.ZodType): string {
  if (issue.expected === 'boolean') return 'bool';
  if (issue.expected !== 'number') return issue.expected;
  const numbers = schemasAt(schema, issue.path).flatMap(alternatives);
  return numbers.some((one) => one instanceof z.ZodNumber && one.format?.includes('int')) ? 'int' : 'float64';
}

/** What the schema's author wrote for this case; zod's own words say no more than the sentence does. */
function ownMessage(body: Body, node: Node | undefined, issue: z.core.$ZodIssue): string | undefined {
  return issue.message.startsWith('Invalid ') ? undefined : confidentialMessage(body.schema, body.node, node ?? body.node, issue);
}
