/** What was expected and what came, compared as JSON. */
export interface Difference {
  /** `outputs.messages[0].content`; '' for the whole. */
  readonly path: string;
  readonly expected: unknown;
  readonly received: unknown;
}

export type Match = 'partial' | 'exact';

/**
 * `partial`: keys that `expected` does not name may be there, and null stands for "not there". Lists are compared whole, in order, in both ways:
 * a list that is shorter than it should be is the usual bug.
 */
export function differences(expected: unknown, received: unknown, match: Match, path = ''): Difference[] {
  if (Array.isArray(expected) && Array.isArray(received) && expected.length === received.length)
    return expected.flatMap((item, index) => differences(item, received[index], match, `${path}[${index}]`));
  if (isObject(expected) && isObject(received)) {
    const keys = match === 'exact' ? new Set([...Object.keys(expected), ...Object.keys(received)]) : Object.keys(expected);
    return [...keys].flatMap((key) => differences(own(expected, key), own(received, key), match, path === '' ? key : `${path}.${key}`));
  }
  const isAbsent = match === 'partial' && expected === null && received === undefined;
  return isAbsent || Object.is(expected, received) ? [] : [{ path, expected, received }];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `constructor` and `__proto__` are keys like any other. */
function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
