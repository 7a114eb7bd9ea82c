import type { Clock } from '../../../model/clock.ts';
import type { JoinLogs } from '../../../model/draft.ts';
import type { LoopTurns } from '../../../model/loop-turns.ts';
import type { Observer } from '../../../model/observer.ts';
import type { Compressor } from '../../compressor/compressor.ts';
import type { AssemblyRules, MissingParentPolicy } from '../assemble/assemble.ts';
import type { ClaimedRunIds } from '../assemble/claimed-run-ids.ts';
import type { Lanes } from '../sealed-batch.ts';
import type { Ledger } from './ledger.ts';

export interface PartitionOptions {
  /** The exporter's component id. */
  readonly exporter: string;
  readonly rules: AssemblyRules;
  readonly onMissingParent: MissingParentPolicy;
  readonly remoteParentWaitMs: number;
  readonly localParentWaitMs: number;
  readonly lateWindowMs: number;
  /** How long a run waits for its log records, and late ones for each other. */
  readonly logJoinWindowMs: number;
  /** How long a draft waits in memory before it is parked, and for a parent that may not exist. */
  readonly settleWindowMs: number;
  readonly flushTimeoutMs: number;
  /** How long what was appended waits for more, if the partition has read just before. */
  readonly readEveryMs: number;
  /** The configuration's limits of a batch; the server's may be smaller. */
  readonly operationsMax: number;
  readonly batchBytesMax: number;
  /** Payload bytes that one partition keeps in memory; over it everything is sealed or parked at once. */
  readonly memoryBytesMax: number;
  /** Nodes and waiting skeletons that one partition keeps in memory. */
  readonly nodesMax: number;
  /** Of the filters that say which traces are not in the index. */
  readonly indexFilterBytesMax: number;
}

export interface PartitionDeps {
  readonly clock: Clock;
  readonly observer: Observer;
  readonly ledger: Ledger;
  readonly lanes: Lanes;
  readonly compressor: Compressor;
  readonly joinLogs: JoinLogs;
  /** Of all partitions. */
  readonly runIds: ClaimedRunIds;
  /** Of all partitions: each step that reads, and each larger batch that is composed, has one for itself. */
  readonly turns: LoopTurns;
}
