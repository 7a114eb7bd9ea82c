import { open } from 'node:fs/promises';
import { Fault } from '../model/fault.ts';

/** Longest text of settings, in bytes: one file, or one expanded value. */
export const textBytesMax = 2 ** 20;

const reasons: Readonly<Record<string, string>> = { ENOENT: 'no such file', EACCES: 'permission denied', EISDIR: 'it is a directory' };

function cannotRead(reason: string, cause?: unknown): Fault {
  return new Fault('GW_CONFIG_INVALID', `cannot read file: ${reason}`, { cause });
}

/** Reads at most one byte more than is allowed, because pipes and devices do not tell their size. */
async function readBytes(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const content = Buffer.allocUnsafe(textBytesMax + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < content.length; length += read) {
      read = (await file.read(content, length, content.length - length)).bytesRead;
    }
    return content.subarray(0, length);
  } finally {
    await file.close();
  }
}

/** The file's text. Throws a `Fault` if it cannot be read, is longer than 1 MiB or is not UTF-8. */
export async function readText(path: string): Promise<string> {
  const content = await readBytes(path).catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(reasons[error.code ?? ''] ?? error.code ?? 'unknown reason', error);
  });
  if (content.length > textBytesMax) throw cannotRead('longer than 1 MiB');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    throw cannotRead('not UTF-8', error);
  }
}
