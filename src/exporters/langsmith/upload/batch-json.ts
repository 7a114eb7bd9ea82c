import { type Bytes, bytes } from '../../../model/bytes.ts';
import { isUpdate, type SealedItem } from '../sealed-batch.ts';
import { partsIn } from './parts.ts';

/** A multipart body for servers without `/runs/multipart` (langsmith-ingest §2.10). */
export interface BatchJson {
  /** `{"post":[…],"patch":[…]}`, all fields of a run inline. */
  readonly body: Bytes;
  /** Bodies for `POST /feedback`, one each. */
  readonly feedback: readonly Bytes[];
  /** `/runs/batch` has no place for them. */
  readonly attachmentsLeftOut: number;
}

const opening = bytes.from('{"post":[');
const between = bytes.from('],"patch":[');
const closing = bytes.from(']}');
const comma = bytes.from(',');
const brace = bytes.from('}');

/** Bytes are spliced, never parsed: a run's main object is left open and its other parts become members of it. */
export function batchJsonOf(body: Bytes, items: readonly SealedItem[]): BatchJson {
  const posts: Uint8Array[] = [];
  const patches: Uint8Array[] = [];
  const feedback: Bytes[] = [];
  let attachmentsLeftOut = 0;
  for (const item of items) {
    const pieces = isUpdate(item) ? patches : posts;
    if (pieces.length > 0) pieces.push(comma);
    for (const part of partsIn(body, item.start, item.end)) {
      const [kind, , field] = part.name.split('.', 3);
      const content = body.subarray(part.start, part.end);
      if (kind === 'feedback') feedback.push(content);
      else if (kind === 'attachment') attachmentsLeftOut += 1;
      else if (field === undefined) pieces.push(content.subarray(0, content.length - 1));
      else pieces.push(bytes.from(`,"${field}":`), content);
    }
    pieces.push(brace);
  }
  const all = [opening, ...posts, ...(patches.length === 0 ? [] : [between, ...patches]), closing];
  return { body: bytes.concat(all), feedback, attachmentsLeftOut };
}
