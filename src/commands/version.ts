import { readFileSync } from 'node:fs';

/** The package's version. `package.json` stands two folders above this file, in `src` as in `dist`. */
export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}
