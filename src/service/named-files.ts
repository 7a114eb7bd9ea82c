import { statSync } from 'node:fs';

const namesFile = /_file$/;

/**
 * The state of the files that settings name (`cert_file`, `key_file`, …), as a text that changes when one of them does. Components read them once,
 * so a renewed certificate is a change of its component like any other.
 */
export function namedFiles(settings: unknown): string {
  if (typeof settings !== 'object' || settings === null) return '';
  const states = Object.entries(settings).map(([key, value]: [string, unknown]) =>
    typeof value === 'string' && namesFile.test(key) ? stateOf(value) : namedFiles(value),
  );
  return states.filter((state) => state !== '').join(' ');
}

function stateOf(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats ? `${path}/${stats.ino}/${stats.size}/${stats.mtimeNs}` : `${path}/missing`;
}
