import type { Consume } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import type { Observer } from '../../model/observer.ts';

/** What a receiver hands on, told span by span: that it came, and that it was refused. */
export function watched(consume: Consume, observer: Observer): Consume {
  return (batch) => {
    if (batch.signal !== 'traces') return consume(batch);
    observer.spansReceived?.(batch);
    const held = consume(batch);
    held.catch((error: unknown) => observer.spansRefused?.(batch, Fault.of(error)));
    return held;
  };
}
