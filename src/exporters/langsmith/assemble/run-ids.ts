const prefix = '00000000-0000-0000-';
const runIdLength = 36;
const spanIdLength = 16;
/** Digits of the span id in front of the run id's last dash. */
const firstDigits = 4;

/** Whether the run id is `runIdOfSpan(spanId)`. Asked several times for each run, so no text is made to answer it. */
export function isMadeFrom(spanId: string, runId: string): boolean {
  if (runId.length !== runIdLength || spanId.length !== spanIdLength || !runId.startsWith(prefix)) return false;
  for (let at = 0; at < spanIdLength; at += 1) {
    const behind = prefix.length + at + (at < firstDigits ? 0 : 1);
    if (spanId.charCodeAt(at) !== runId.charCodeAt(behind)) return false;
  }
  return runId[prefix.length + firstDigits] === '-';
}
