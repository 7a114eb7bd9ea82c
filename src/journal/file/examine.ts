/** Whether a directory can hold a journal, and has the room. */
import { access, constants, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Fault } from '../../model/fault.ts';
import { type Finding, ok, problem, warning } from '../../model/finding.ts';
import { checkFile } from './check-file.ts';

/** Numbers of statfs(2) for file systems whose locks and syncs do not reach other machines, or lie. */
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
  [0x01021997, '9P'],
  [0x65735546, 'FUSE'],
]);
const memoryTypes: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

export async function examineDirectory(directory: string, create: boolean, bytesWanted: number): Promise<readonly Finding[]> {
  const subject = `directory ${directory}`;
  const existing = await nearest(directory);
  if (existing !== resolve(directory) && !create)
    return [problem(subject, 'it does not exist', 'make it, or set create_directory to true')];
  const writable = await access(existing, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!writable) return [problem(subject, `this user may not write ${existing}`, 'give it to the user who runs the gateway')];
  return [...(await spaceFindings(subject, existing, bytesWanted)), ...(await fileFindings(subject, join(directory, 'data.mdb')))];
}

async function spaceFindings(subject: string, directory: string, bytesWanted: number): Promise<Finding[]> {
  const { type, bavail, bsize } = await statfs(directory);
  const freeBytes = bavail * bsize;
  const network = networkTypes.get(type >>> 0);
  const findings = [
    freeBytes < bytesWanted
      ? warning(
          subject,
          `${mebibytes(freeBytes)} are free, and the queue may take ${mebibytes(bytesWanted)}`,
          'make room, or lower sending_queue::queue_size',
        )
      : ok(subject, `it can be written, ${mebibytes(freeBytes)} are free`),
  ];
  if (network)
    findings.push(
      problem(subject, `it lies on ${network}`, 'use a local disk: locks and syncs of network file systems cannot be relied on'),
    );
  if (memoryTypes.has(type >>> 0))
    findings.push(warning(subject, 'it lies in memory', 'use a disk: what is acknowledged is gone when the machine stops'));
  return findings;
}

async function fileFindings(subject: string, file: string): Promise<Finding[]> {
  const there = await stat(file).catch(() => undefined);
  if (!there) return [ok(subject, 'there is no journal yet; the start makes one')];
  return checkFile(file).then(
    () => [ok(subject, 'data.mdb in it is whole')],
    (error: unknown) => {
      const { message, hint = 'restore it from a backup' } = Fault.of(error);
      return [problem(subject, message, hint)];
    },
  );
}

/** The directory, or what of its path exists. */
async function nearest(directory: string): Promise<string> {
  for (let path = resolve(directory); ; path = dirname(path)) {
    const found = await stat(path).catch(() => undefined);
    if (found || dirname(path) === path) return path;
  }
}

function mebibytes(count: number): string {
  return `${Math.floor(count / 2 ** 20)} MiB`;
}
