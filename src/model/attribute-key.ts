import { internalized } from './internalized.ts';

/**
 * An attribute key that is known at load, and where it stood the last time: attributes whose keys are in the same order need not look for it again.
 * Whoever asks for the same key at every record makes one of these at load.
 */
export class AttributeKey {
  readonly text: string;
  /** For attributes alone: the order of keys that `position` belongs to. */
  sequence: object | undefined = undefined;
  position = -1;

  constructor(text: string) {
    this.text = internalized(text);
  }
}
