/**
 * Tells operators in time that a journal fills up. Per journal:
 *
 *   roomy ─80 %─► nearly full ─no room for a request─► full      back below 75 %, so that a journal at the edge does not tell again and again
 *     ▲                │                                 │
 *     └──────75 %──────┴─────────────────────────────────┘
 */
import type { Observer } from '../model/observer.ts';
import type { JournaledExporter } from './factories.ts';

const nearlyFullShare = 0.8;
/** Less room than this takes an ordinary request no more: a hundredth, and in a small journal that many bytes. */
const roomShare = 0.01;
const roomBytes = 128 << 10;
const roomyShare = 0.75;

/** The key under which the state of an exporter's journal is told. */
export function journalKey(exporter: string): string {
  return `${exporter}/journal`;
}

/** Looked at every second or so. */
export function watchJournals(exporters: Iterable<readonly [id: string, exporter: JournaledExporter]>, observer: Observer): void {
  for (const [id, { journal }] of exporters) {
    const { bytes, bytesMax } = journal.stats();
    if (isFull(journal))
      observer.degraded(journalKey(id), 'The journal is full; data is refused until some of it is delivered.', { bytes, bytesMax });
    else if (bytes >= bytesMax * nearlyFullShare)
      observer.degraded(journalKey(id), 'The journal is nearly full; when it is, data is refused.', { bytes, bytesMax });
    else if (bytes < bytesMax * roomyShare) observer.healthy(journalKey(id));
  }
}

export function isFull(journal: JournaledExporter['journal']): boolean {
  const { bytes, bytesMax } = journal.stats();
  return bytesMax - bytes <= Math.max(bytesMax * roomShare, Math.min(roomBytes, bytesMax * (1 - nearlyFullShare)));
}
