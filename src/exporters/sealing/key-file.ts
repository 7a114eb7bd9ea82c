import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../model/fault.ts';
import { Secret } from '../../model/secret.ts';

const keyBytes = 32;
const othersMask = 0o077;

/** `undefined` if there is none. Throws `GW_START_FAILED` if it cannot be read, or others than its owner may read it. */
export function readKeyFile(directory: string): Secret | undefined {
  const path = pathIn(directory);
  try {
    if ((statSync(path).mode & othersMask) !== 0)
      throw new Fault('GW_START_FAILED', `cannot use ${path}: others than its owner may read it`, { hint: `run: chmod 600 ${path}` });
    return new Secret(readFileSync(path, 'utf8').trim());
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (cause instanceof Fault) throw cause;
    throw new Fault('GW_START_FAILED', `cannot read ${path}: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}

/** Makes one unless another process has just done so: it appears whole or not at all. */
export function makeKeyFile(directory: string): Secret {
  const path = pathIn(directory);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(draft, `${randomBytes(keyBytes).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    linkSync(draft, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new Fault('GW_START_FAILED', `cannot write ${path}: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  } finally {
    rmSync(draft, { force: true });
  }
  return readKeyFile(directory) as Secret;
}

function pathIn(directory: string): string {
  return join(directory, 'sealing-key');
}
