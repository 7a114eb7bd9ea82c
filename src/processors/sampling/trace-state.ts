import { parseRValue, parseTValue, type Randomness, type Threshold, tValueOf } from './threshold.ts';

/** The sampling facts that an item carries; a sampler changes them on those that it keeps. */
export interface Carried {
  randomness: Randomness | undefined;
  threshold: Threshold | undefined;
}

/** A span's tracestate with OpenTelemetry's own member taken apart; everything else stays as it came. */
export interface TraceState extends Carried {
  readonly otherFields: readonly string[];
  readonly otherMembers: readonly string[];
}

const charactersMax = 1_024;
const membersMax = 32;
const otCharactersMax = 256;
/** A member of the list, by W3C Trace Context, section 3.3.1.3. */
const key = /[a-z0-9][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13}/;
const value = /[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]/;
const member = new RegExp(`^(?:${key.source})=${value.source}$`);
const field = /^[a-z][a-z0-9]*:[A-Za-z0-9._-]*$/;
const noMembers: readonly string[] = [];

/** `undefined` if it breaks the rules of W3C Trace Context or of the `ot` member. */
export function parseTraceState(text: string): TraceState | undefined {
  if (text === '') return { randomness: undefined, threshold: undefined, otherFields: noMembers, otherMembers: noMembers };
  if (text.length > charactersMax) return undefined;
  const members = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (members.length > membersMax || !members.every((one) => member.test(one))) return undefined;
  const own = members.filter((one) => one.startsWith('ot='));
  if (own.length > 1) return undefined;
  return parseOwn(
    own[0]?.slice(3),
    members.filter((one) => !one.startsWith('ot=')),
  );
}

function parseOwn(own: string | undefined, otherMembers: readonly string[]): TraceState | undefined {
  const state = { randomness: undefined, threshold: undefined, otherFields: [] as string[], otherMembers };
  if (own === undefined) return state;
  if (own.length > otCharactersMax) return undefined;
  let { randomness, threshold }: Carried = state;
  for (const one of own.split(';')) {
    if (!field.test(one)) return undefined;
    const text = one.slice(3);
    if (one.startsWith('rv:')) {
      if ((randomness = parseRValue(text)) === undefined) return undefined;
    } else if (one.startsWith('th:')) {
      if ((threshold = parseTValue(text)) === undefined) return undefined;
    } else {
      state.otherFields.push(one);
    }
  }
  return { ...state, randomness, threshold };
}

/** The `ot` member comes first, `rv` before `th`, as the Collector writes them. */
export function printTraceState({ randomness, threshold, otherFields, otherMembers }: TraceState): string {
  const fields = [...otherFields];
  if (threshold !== undefined) fields.unshift(`th:${tValueOf(threshold)}`);
  if (randomness !== undefined) fields.unshift(`rv:${randomness}`);
  return (fields.length === 0 ? otherMembers : [`ot=${fields.join(';')}`, ...otherMembers]).join(',');
}
