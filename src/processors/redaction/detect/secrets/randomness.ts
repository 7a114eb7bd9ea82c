/** Whether characters look drawn by a machine, not written by a person. */
import { isAlphanumeric, isDigit, isUpper } from '../characters.ts';

const distinctMin = 8;
const tailLength = 16;
const tailDistinctMin = 6;

/** For what has a form of its own: not the example of a manual, as `ghp_xxxxxxxx` is. */
export const isDrawn = (text: string): boolean => distinctCount(text.slice(-tailLength)) >= tailDistinctMin && !isPlaceholder(text);

/** For what has hardly a form: nor words, as `sk-learn-from-examples` is. */
export function isRandom(text: string): boolean {
  return distinctCount(text) >= distinctMin && !isReadable(text) && !isPlaceholder(text);
}

const placeholder =
  /^(?:<[^<>]{1,64}>|\{\{?[^{}]{1,64}\}?\}|\[[^[\]]{1,64}\]|\$[\w({].{0,64}|%[\w({].{0,64}|[*•.x_-]{3,}|(?:string|password|passwd|secret|token|required|optional|hidden|redacted|masked|null|nil|none|true|false|undefined|empty|unknown|text|number|boolean|test|example|n\/a|changeit|changeme))$|your[_ -]|[_-]here$|example|placeholder|redacted|x{6}|\*{4}|•{4}|\.\.\.|…/i;

export const isPlaceholder = (text: string): boolean => text.length <= 512 && placeholder.test(text);

function distinctCount(text: string): number {
  const length = Math.min(text.length, 256);
  let low = 0;
  let middle = 0;
  let high = 0;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 64) low |= 1 << (code & 31);
    else if (code < 96) middle |= 1 << (code & 31);
    else high |= 1 << (code & 31);
  }
  return bits(low) + bits(middle) + bits(high);
}

function bits(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

const kindOf = (code: number): number => (isDigit(code) ? 1 : !isAlphanumeric(code) ? 0 : isUpper(code) ? 2 : 3);

/**
 * Names and words change rarely between digits, capitals and small letters; drawn characters change at every second or third place. A capital at the
 * beginning of a word is no change.
 */
function isReadable(text: string): boolean {
  const length = Math.min(text.length, 256);
  let changes = 0;
  let letters = 0;
  let before = 0;
  for (let at = 0; at < length; at += 1) {
    const kind = kindOf(text.charCodeAt(at));
    if (kind !== 0) letters += 1;
    if (kind !== before && kind !== 0 && before !== 0 && !(before === 2 && kind === 3)) changes += 1;
    before = kind;
  }
  return changes * 7 < letters;
}
