/** What `spanway doctor` tells of one thing that it looked at. No secrets, no payload. */
export interface Finding {
  /** What was looked at: `endpoint`, `key`, `port 4318`. */
  readonly subject: string;
  /** `warning`: it works, but perhaps not as meant. `problem`: it does not work. */
  readonly status: 'ok' | 'warning' | 'problem';
  readonly sentence: string;
  /** What to do about it; absent if nothing needs doing. */
  readonly remedy?: string;
}

export const ok = (subject: string, sentence: string): Finding => ({ subject, status: 'ok', sentence });
export const warning = (subject: string, sentence: string, remedy: string): Finding => ({ subject, status: 'warning', sentence, remedy });
export const problem = (subject: string, sentence: string, remedy: string): Finding => ({ subject, status: 'problem', sentence, remedy });
