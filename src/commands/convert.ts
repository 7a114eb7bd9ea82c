/** `spanway convert FILE`. */
import { readFileSync } from 'node:fs';
import { Fault } from '../model/fault.ts';
import { convertFile } from '../service/convert-file.ts';

export function convert(path: string): void {
  process.stdout.write(`${JSON.stringify(convertFile(read(path)), undefined, 2)}\n`);
}

function read(path: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (cause) {
    throw new Fault('GW_CONFIG_INVALID', `cannot read ${path}: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}
