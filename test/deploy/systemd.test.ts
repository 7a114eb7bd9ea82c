/** The systemd unit fits the program: its command exists, its times leave room to finish, and only the state directory can be written. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { factories } from '../../src/service/components.ts';

const unit = readFileSync(new URL('../../deploy/systemd/spanway.service', import.meta.url), 'utf8');
const settings = new Map([...unit.matchAll(/^(\w+)=(.*)$/gm)].map(([, key, value]) => [key as string, value as string]));

test('the unit gives the program longer to stop than it takes', () => {
  const source = readFileSync(new URL('../../src/commands/run.ts', import.meta.url), 'utf8');
  const graceSeconds = Number(/graceMs = ([\d_]+)/.exec(source)?.[1]?.replaceAll('_', '')) / 1_000;
  expect(Number(settings.get('TimeoutStopSec'))).toBeGreaterThanOrEqual(graceSeconds + 5);
  expect(settings.get('ExecReload')).toBe('/bin/kill -HUP $MAINPID');
});

test('nothing but the state directory can be written, and the journal lies there', async () => {
  expect(settings.get('ProtectSystem')).toBe('strict');
  expect(settings.get('DynamicUser')).toBe('true');
  const [, directory] = /^Environment=SPANWAY_DIRECTORY=%S\/(.*)$/m.exec(unit) ?? [];
  expect(directory?.startsWith(`${settings.get('StateDirectory')}/`)).toBe(true);
  const loaded = await loadConfig({
    uris: ['config/default.yaml'],
    sets: [],
    env: { SPANWAY_DIRECTORY: `/var/lib/${directory}`, LANGSMITH_API_KEY: 'k' },
    factories,
  });
  expect(loaded.ok && JSON.stringify([...loaded.config.extensions.values()])).toContain(`/var/lib/${directory}`);
});
