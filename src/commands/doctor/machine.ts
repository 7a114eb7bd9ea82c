/** What the machine gives the program: Node, files, memory, cores. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { type Finding, ok, warning } from '../../model/finding.ts';
import { memoryUse } from '../../service/memory-use.ts';

const filesMin = 4_096;
const workerBytes = 512 * 2 ** 20;

export async function machineFindings(workers: number): Promise<Finding[]> {
  return [nodeFinding(process.versions.node), ...filesFindings(await openFilesMax()), ...coreFindings(workers, memoryUse().totalBytes)];
}

function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 15))
    return warning(
      'Node',
      `${version} compresses uploads in WebAssembly`,
      'a newer LTS (22.15 or later) compresses natively, which costs less CPU',
    );
  return ok('Node', `${version}`);
}

/** Soft limit of open files; `undefined` where the system does not tell. */
async function openFilesMax(): Promise<number | undefined> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const found = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1];
  if (found === undefined) return undefined;
  return found === 'unlimited' ? Number.POSITIVE_INFINITY : Number(found);
}

function filesFindings(max: number | undefined): Finding[] {
  if (max === undefined) return [];
  if (max >= filesMin) return [ok('open files', max === Number.POSITIVE_INFINITY ? 'as many as wanted' : `up to ${max}`)];
  return [
    warning(
      'open files',
      `only ${max} are allowed, and each connection is one`,
      `raise the limit to ${filesMin} or more (ulimit -n, LimitNOFILE)`,
    ),
  ];
}

function coreFindings(workers: number, totalBytes: number): Finding[] {
  const cores = availableParallelism();
  const findings: Finding[] = [];
  if (workers > cores) findings.push(warning('workers', `${workers} workers share ${cores} cores`, 'set service::workers to auto'));
  if (totalBytes < workers * workerBytes)
    findings.push(
      warning(
        'memory',
        `${Math.floor(totalBytes / 2 ** 20)} MiB are little for ${workers} ${workers === 1 ? 'process' : 'processes'}`,
        `allow ${(workers * workerBytes) / 2 ** 20} MiB, and use the memory_limiter processor`,
      ),
    );
  return findings.length > 0 ? findings : [ok('workers', `${workers} on ${cores} ${cores === 1 ? 'core' : 'cores'}`)];
}
