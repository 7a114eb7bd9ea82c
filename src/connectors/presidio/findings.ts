/** What an analyzer says of a text, and the text without it. */

export const entityName = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** `start` and `end` count Unicode code points, as Python does. */
export interface Finding {
  readonly entity: string;
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/** Findings of one text that are listened to. */
const findingsMax = 100_000;

/** The answer about one text: `[{entity_type, start, end, score}, …]`. `undefined` if it is none. */
export function readFindings(json: unknown): readonly Finding[] | undefined {
  if (!Array.isArray(json) || json.length > findingsMax) return undefined;
  const findings = json.map(readFinding);
  return findings.some((finding) => finding === undefined) ? undefined : (findings as Finding[]);
}

function readFinding(json: unknown): Finding | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { entity_type: entity, start, end, score } = json as Readonly<Record<string, unknown>>;
  if (typeof entity !== 'string' || !entityName.test(entity)) return undefined;
  if (!isPlace(start) || !isPlace(end) || end < start) return undefined;
  return { entity, start, end, score: typeof score === 'number' ? score : 0 };
}

const isPlace = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** Where findings overlap, all of it goes under the name of the surest. */
export function merged(findings: readonly Finding[]): readonly Finding[] {
  const result: Finding[] = [];
  for (const finding of [...findings].sort((one, other) => one.start - other.start || other.end - one.end)) {
    if (finding.end === finding.start) continue;
    const last = result.at(-1);
    if (last === undefined || finding.start >= last.end) result.push(finding);
    else {
      const { entity, score } = finding.score > last.score ? finding : last;
      result[result.length - 1] = { entity, score, start: last.start, end: Math.max(last.end, finding.end) };
    }
  }
  return result;
}

/** What an earlier redaction left. */
const token = /<\w{1,64}(?::[0-9a-f]{16,128})?>/g;

/**
 * The text with each finding replaced; `null` as a replacement takes the whole text away. Findings within a token of an earlier redaction stay, so that
 * redacting twice changes nothing. `findings` ascend and do not overlap.
 */
export function withoutFindings(
  text: string,
  findings: readonly Finding[],
  replace: (entity: string, found: string) => string | null,
): string | null {
  const tokens = Array.from(text.matchAll(token), ({ index, 0: one }) => ({ start: index, end: index + one.length }));
  const parts: string[] = [];
  const cursor = new CodePoints(text);
  let copied = 0;
  for (const { entity, start: first, end: last } of findings) {
    const start = cursor.indexOf(first);
    const end = cursor.indexOf(last);
    if (start === end || tokens.some((one) => start >= one.start && end <= one.end)) continue;
    const replacement = replace(entity, text.slice(start, end));
    if (replacement === null) return null;
    parts.push(text.slice(copied, start), replacement);
    copied = end;
  }
  parts.push(text.slice(copied));
  return parts.join('');
}

/** Places in code points as places in the text; they are asked in ascending order, so the text is walked once. */
class CodePoints {
  readonly #text: string;
  #index = 0;
  #count = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The end of the text for a place behind it. */
  indexOf(place: number): number {
    for (; this.#count < place && this.#index < this.#text.length; this.#count++)
      this.#index += (this.#text.codePointAt(this.#index) as number) > 0xffff ? 2 : 1;
    return this.#index;
  }
}
