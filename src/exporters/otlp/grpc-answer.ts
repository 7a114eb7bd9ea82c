import { status as Code, type ServiceError } from '@grpc/grpc-js';
import { asBytes } from '../../model/bytes.ts';
import { readStatus } from '../../otlp/otlp.ts';
import type { Answer } from './sender.ts';

const retryable: ReadonlySet<number> = new Set([
  Code.CANCELLED,
  Code.DEADLINE_EXCEEDED,
  Code.ABORTED,
  Code.OUT_OF_RANGE,
  Code.UNAVAILABLE,
  Code.DATA_LOSS,
]);

/** RESOURCE_EXHAUSTED means a message over the size limit, or a quota; servers and libraries tell them apart in words only. */
const saysTooLarge = /larger than|too large|exceed\w* (?:the )?(?:max|limit|size)|message size/i;

/** What an error means. Source: OTLP specification 1.11, "Retryable response codes". */
export function answerOfGrpc({ code: status, details, metadata }: ServiceError): Answer {
  const [encoded] = metadata.get('grpc-status-details-bin');
  const told = typeof encoded === 'object' ? readStatus(asBytes(encoded)) : undefined;
  const retryAfterMs = told?.retryAfterMs;
  const text = `${Code[status]}: ${details}`;
  if (retryable.has(status)) return { kind: 'retry', status, text, retryAfterMs };
  if (status === Code.RESOURCE_EXHAUSTED && retryAfterMs !== undefined) return { kind: 'retry', status, text, retryAfterMs };
  if (status === Code.RESOURCE_EXHAUSTED && saysTooLarge.test(details)) return { kind: 'too_large', status, text };
  if (status === Code.UNAUTHENTICATED || status === Code.PERMISSION_DENIED) return { kind: 'refused', status, text };
  return { kind: 'rejected', status, text };
}
