import type { Place } from './tree.ts';

/** One thing that is wrong with a configuration. Holds no expanded values and no secrets. */
export interface Problem {
  /** The file, `env:NAME` or `--set a.b` it stands in. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly col: number;
  /** The Collector's way to name a place: `receivers::otlp`; '' for the whole document. */
  readonly path: string;
  readonly sentence: string;
  /** Lines that show a place inside a text, as a statement of OTTL with a caret below it. */
  readonly excerpt?: readonly string[];
  /** What to do about it. */
  readonly hint?: string;
  /** The line as written; absent where it may hold what must not be shown. */
  readonly sourceLine?: string;
}

export interface ProblemOptions {
  readonly excerpt?: readonly string[];
  readonly hint?: string | undefined;
  /** The place is a key whose name is wrong. Nobody knows what stands behind it, so the line is shown up to the key only. */
  readonly key?: string | undefined;
  /** The problem is that something is missing, so no line shows it. */
  readonly missing?: boolean;
}

const lineCharactersMax = 200;

const hidden = '[REDACTED]';

/** Names of settings that hold secrets, unless a mere `${…}` stands behind. A line may be shown before any schema has seen it, so names decide. */
const secretSetting =
  /(?:[\w.-]*(?:[_-]key|token|secret|passw\w*|authorization|credentials?|cookie)|headers?)["']?[ \t]*[:=][ \t]*(?=\S)(?!["']?\$\{[\w:/.]*\}["']?[ \t]*(?:$|[,}]))/gi;

/** Hides what stands behind the names of secrets: to the end of the line, or inside { } to the end of a plain or quoted value. */
function withoutSecrets(line: string): string {
  let shown = '';
  let from = 0;
  for (const match of line.matchAll(secretSetting)) {
    const start = match.index + match[0].length;
    if (match.index < from) continue;
    const value = line.slice(0, match.index).includes('{')
      ? /^(?:"[^"\\]*"|'[^']*'|[^\s"'{[&*!|>,}][^,}]*)(?=\s*[,}])/.exec(line.slice(start))
      : null;
    shown += line.slice(from, start) + hidden;
    from = value ? start + value[0].length : line.length;
  }
  return shown + line.slice(from);
}

function lineAt({ source, offset }: Place, { key, missing = false }: ProblemOptions): string | undefined {
  if (source.hidden || missing) return undefined;
  const start = source.text.lastIndexOf('\n', offset - 1) + 1;
  const newline = source.text.indexOf('\n', offset);
  const end = key === undefined ? (newline < 0 ? source.text.length : newline) : offset + key.length;
  if (end - start > lineCharactersMax) return undefined;
  const line = source.text.slice(start, end).replace(/\r$/, '');
  return withoutSecrets(key === undefined ? line : `${line}: …`);
}

export function problemAt(place: Place, path: string, sentence: string, options: ProblemOptions = {}): Problem {
  const before = place.source.text.slice(0, place.offset);
  const sourceLine = lineAt(place, options);
  return {
    file: place.source.name,
    line: before.split('\n').length,
    col: place.offset - before.lastIndexOf('\n'),
    path,
    sentence,
    ...(options.excerpt === undefined ? {} : { excerpt: options.excerpt }),
    ...(options.hint === undefined ? {} : { hint: options.hint }),
    ...(sourceLine === undefined ? {} : { sourceLine }),
  };
}

/** Keys and file names are the user's: they must not steer a terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => (character === '\t' ? character : JSON.stringify(character).slice(1, -1)));
}

/** `file:line:col: path: sentence`, then the hint and the source line with a caret, where there are such. */
export function formatProblem(problem: Problem): string {
  const { file, line, col, path, sentence, excerpt = [], hint, sourceLine } = problem;
  const lines = [`${file}:${line}:${col}: ${path === '' ? '' : `${path}: `}${sentence}`, ...excerpt.map((text) => `    ${text}`)];
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  if (sourceLine !== undefined) {
    const before = sourceLine.slice(0, col - 1);
    lines.push(`    ${sourceLine}`);
    // What is hidden has another length, so behind it a caret would point anywhere.
    if (!sourceLine.includes(hidden) || sourceLine.indexOf(hidden) >= col - 1) lines.push(`    ${before.replace(/[^\t]/g, ' ')}^`);
  }
  return lines.map(printable).join('\n');
}
