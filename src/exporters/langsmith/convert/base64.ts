const foreign = /[^\w+/=\s-]/;

/** Whether a text may be base64, of either alphabet. One search for what it may not hold: a pattern of the whole would be slow on texts made to be that. */
export function isBase64(text: string): boolean {
  return !foreign.test(text);
}
