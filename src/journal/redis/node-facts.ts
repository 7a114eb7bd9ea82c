import type { Redis } from 'ioredis';

/** What a master says of itself. */
export interface NodeFacts {
  readonly name: string;
  readonly version: string;
  readonly isReplica: boolean;
  /** `undefined`: it does not say. */
  readonly evictionPolicy: string | undefined;
  readonly appendOnly: boolean;
  /** `undefined`: it does not say, because CONFIG is not allowed. */
  readonly appendfsync: string | undefined;
  readonly knowsWaitaof: boolean;
  readonly replicas: number;
  readonly usedBytes: number;
  /** `maxmemory`, or the memory of its machine; 0 if it does not say. */
  readonly limitBytes: number;
}

/** What to believe of a server's persistence instead of asking it, for services that do not tell. */
export type Persistence = 'probe' | 'everysec' | 'always';

export async function factsOf(node: Redis, persistence: Persistence): Promise<NodeFacts> {
  const [info, config] = await Promise.all([node.info(), node.config('GET', 'appendfsync').catch(() => undefined)]);
  const fields = new Map(info.split('\r\n').map((line) => splitOnce(line)));
  const asked = Array.isArray(config) ? (config[1] as string | undefined) : undefined;
  const version = fields.get('redis_version') ?? '';
  return {
    name: `${node.options.host}:${node.options.port}`,
    version,
    isReplica: fields.get('role') === 'slave',
    evictionPolicy: fields.get('maxmemory_policy'),
    appendOnly: persistence !== 'probe' || fields.get('aof_enabled') === '1',
    appendfsync: persistence === 'probe' ? asked : persistence,
    knowsWaitaof: isAtLeast(version, 7, 2),
    replicas: Number(fields.get('connected_slaves') ?? 0),
    usedBytes: Number(fields.get('used_memory') ?? 0),
    limitBytes: Number(fields.get('maxmemory') ?? 0) || Number(fields.get('total_system_memory') ?? 0),
  };
}

export function isAtLeast(version: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

function splitOnce(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1)];
}
