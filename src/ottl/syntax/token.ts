import type { Place } from '../fault.ts';

/** `word` is a name in any case; the parser tells paths, converters and enums apart. `end` stands behind the last token. */
export type TokenKind =
  | 'bytes'
  | 'float'
  | 'int'
  | 'string'
  | 'word'
  | 'keyword'
  | 'comparison'
  | 'sign'
  | 'factor'
  | 'arrow'
  | 'mark'
  | 'end';

export interface Token extends Place {
  readonly kind: TokenKind;
  readonly text: string;
}

/** `where` is not among them: it is a word that the grammar looks for. */
export const keywords: ReadonlySet<string> = new Set(['nil', 'not', 'or', 'and', 'true', 'false']);
