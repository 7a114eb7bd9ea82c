/**
 * Which durability the servers give: asked when a journal is opened, and again as long as it is open, because a failover may bring a server
 * that is set up differently.
 *
 *   redis          AOF is on, so that what was answered survives the end of the process
 *   redis_fsync    the same, and `appendfsync always`; or WAITAOF 1 0 (Redis 7.2, Valkey) behind each pipeline
 *   redis_replica  AOF is on, and WAIT 1 behind each pipeline
 *
 * All need `noeviction`: any other policy throws leases and entries away when memory is short.
 */
import { Fault } from '../../model/fault.ts';
import type { Durability } from '../../model/receipt.ts';
import type { Assurance } from './link.ts';
import { isAtLeast, type NodeFacts } from './node-facts.ts';

export interface Shortfall {
  readonly reason: string;
  readonly hint: string;
}

/** What must follow each pipeline for the level. */
export function assuranceFor(durability: Durability, nodes: readonly NodeFacts[]): Assurance {
  if (durability === 'redis_replica') return 'replica';
  const waits = durability === 'redis_fsync' && nodes.some(({ appendfsync }) => appendfsync !== 'always');
  return waits ? 'local_fsync' : 'reply';
}

/** What a server lacks for the level, if anything. */
export function shortfallOf(facts: NodeFacts, durability: Durability, assurance: Assurance): Shortfall | undefined {
  const { name, version, evictionPolicy, appendOnly, replicas, isReplica } = facts;
  if (durability === 'memory' || durability === 'disk')
    return {
      reason: 'Redis is neither memory nor a file',
      hint: 'set sending_queue::durability to "redis", "redis_fsync" or "redis_replica"',
    };
  if (!isAtLeast(version, 7, 0)) return { reason: `${name} is Redis ${version}`, hint: 'use Redis 7.0 or later, or Valkey' };
  if (isReplica) return { reason: `${name} is a replica`, hint: 'let redis_storage::endpoint lead to the master' };
  if (evictionPolicy !== 'noeviction')
    return { reason: `${name} has maxmemory-policy "${evictionPolicy ?? 'unknown'}"`, hint: 'set maxmemory-policy to noeviction' };
  if (!appendOnly)
    return {
      reason: `${name} keeps no append-only file`,
      hint: 'set appendonly to yes; if the provider promises as much in another way, say so with redis_storage::persistence',
    };
  if (durability === 'redis_fsync') return fsyncShortfall(facts, assurance);
  if (durability === 'redis_replica' && replicas === 0)
    return { reason: `${name} has no replica`, hint: 'add a replica, or set sending_queue::durability to "redis_fsync"' };
  return undefined;
}

function fsyncShortfall({ name, appendfsync, knowsWaitaof }: NodeFacts, assurance: Assurance): Shortfall | undefined {
  if (appendfsync === 'always' || (assurance === 'local_fsync' && knowsWaitaof)) return undefined;
  if (appendfsync === undefined)
    return {
      reason: `${name} does not tell its appendfsync (CONFIG is not allowed) and does not know WAITAOF`,
      hint: 'if it is "always", say so with redis_storage::persistence',
    };
  return {
    reason: `${name} has appendfsync "${appendfsync}"${knowsWaitaof ? '' : ' and does not know WAITAOF'}`,
    hint: 'set appendfsync to always, or sending_queue::durability to "redis"',
  };
}

/** Throws `GW_JOURNAL_LEVEL` unless every server gives the level. */
export function checkLevel(name: string, durability: Durability, nodes: readonly NodeFacts[]): Assurance {
  const assurance = assuranceFor(durability, nodes);
  for (const facts of nodes) {
    const shortfall = shortfallOf(facts, durability, assurance);
    if (shortfall)
      throw new Fault('GW_JOURNAL_LEVEL', `cannot open journal "${name}" with durability "${durability}": ${shortfall.reason}`, {
        hint: shortfall.hint,
      });
  }
  return assurance;
}
