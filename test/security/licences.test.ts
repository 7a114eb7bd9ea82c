/** What the package brings along may be used by everybody: licences of the dependencies that are installed with it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
  'Zlib',
]);

interface Entry {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly license?: string;
  readonly integrity?: string;
}

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Entry> };
/** Builds for other platforms are not here to be looked at; they are parts of packages that are. */
const isElsewhere = (path: string, { optional }: Entry): boolean => optional === true && !existsSync(join(root, path));
const shipped = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && !entry.dev && !isElsewhere(path, entry));

/** As the lock file says it, else as the installed package does. */
function licenceOf(path: string, entry: Entry): string {
  const file = join(root, path, 'package.json');
  if (entry.license !== undefined || !existsSync(file)) return entry.license ?? 'unknown';
  const { license, licenses } = JSON.parse(readFileSync(file, 'utf8')) as {
    license?: string | { type: string };
    licenses?: { type: string }[];
  };
  return (typeof license === 'string' ? license : license?.type) ?? licenses?.map(({ type }) => type).join(' AND ') ?? 'unknown';
}

const isPermissive = (licence: string): boolean =>
  licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => permissive.has(one)));

test('every dependency that is installed with the package has a permissive licence', () => {
  const others = shipped.map(([path, entry]) => [path, licenceOf(path, entry)] as const).filter(([, licence]) => !isPermissive(licence));
  expect(others).toEqual([]);
});

test('every dependency that is installed with the package is pinned by a hash', () => {
  expect(shipped.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
});
