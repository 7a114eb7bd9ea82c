import { readFileSync } from 'node:fs';

/** `spanway/<version>`. The package's own file stands at the same distance from the sources and from the build. */
export const userAgent = `spanway/${(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version}`;
