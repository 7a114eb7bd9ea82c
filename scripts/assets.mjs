// Copies what tsc does not: the sink's page and other files that the program reads at run time.
import { cpSync, existsSync } from 'node:fs';

process.chdir(new URL('..', import.meta.url).pathname);
for (const folder of ['sink/page']) if (existsSync(`src/${folder}`)) cpSync(`src/${folder}`, `dist/${folder}`, { recursive: true });
