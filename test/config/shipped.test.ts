import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import { factories } from '../../src/service/components.ts';

const folder = join(import.meta.dirname, '..', '..', 'config');

for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
  it(`config/${name} is accepted with no variable set, without a warning`, async () => {
    const loaded = await loadConfig({ uris: [join(folder, name)], sets: [], env: {}, factories });
    expect([...(loaded.ok ? [] : loaded.problems), ...loaded.warnings].map(formatProblem)).toEqual([]);
  });
}
