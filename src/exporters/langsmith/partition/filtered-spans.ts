import type { FilteredSpan } from '../../../model/draft.ts';
import type { Assembler } from '../assemble/assemble.ts';
import type { HeldDraft, HeldEntry, Trace } from './held-draft.ts';
import type { Intake } from './intake.ts';
import type { Sealer } from './sealer.ts';

/**
 * Spans that were left out before the journal, on their way from the inbox to the index of their traces. They are runs of nobody, so no book counts them.
 *
 *   read ─► told to the assembler, fresh ─► in the index, and their entries acknowledged
 *
 * Children that they wake leave `park` with the same commit, or before it: once the index knows why, nothing would wake them again.
 */
export class FilteredSpans {
  readonly #assembler: Assembler<HeldDraft>;
  readonly #intake: Intake;
  readonly #sealer: Sealer;
  readonly #fresh = new Map<Trace, FilteredSpan[]>();
  #entries: HeldEntry[] = [];

  constructor(assembler: Assembler<HeldDraft>, intake: Intake, sealer: Sealer) {
    this.#assembler = assembler;
    this.#intake = intake;
    this.#sealer = sealer;
  }

  get empty(): boolean {
    return this.#entries.length === 0;
  }

  /** Those that the intake has read. `traceOf`: they are loaded. */
  take(traceOf: (key: string) => Trace): void {
    for (const { traceKey, span, held } of this.#intake.filtered.splice(0)) {
      this.#entries.push(held);
      const trace = traceOf(traceKey);
      if (!this.#assembler.leaveOut(trace, span)) continue;
      const fresh = this.#fresh.get(trace);
      if (fresh) fresh.push(span);
      else this.#fresh.set(trace, [span]);
      if (!fresh) trace.unsaved += 1;
    }
  }

  /** Into the step, one chunk per trace. */
  write(): void {
    const { step } = this.#intake;
    for (const [trace, spans] of this.#fresh) {
      this.#sealer.indexFiltered(trace.key, spans);
      step.afterwards(() => {
        trace.unsaved -= 1;
      });
    }
    for (const entry of this.#entries) this.#intake.releaseEntry(entry, 1);
    this.#fresh.clear();
    this.#entries = [];
  }
}
