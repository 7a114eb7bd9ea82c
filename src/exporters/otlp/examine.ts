/** What `spanway doctor` asks an OTLP backend: whether it takes a request without data, which the specification allows and which changes nothing. */
import { noBytes } from '../../model/bytes.ts';
import { type Finding, ok, problem, warning } from '../../model/finding.ts';
import { explainFailure } from '../../model/network-failure.ts';
import type { Sender } from './sender.ts';

export async function examineBackend(sender: Sender, stop: AbortSignal): Promise<readonly Finding[]> {
  const subject = `backend ${sender.endpoint}`;
  const signal = sender.takes('traces') ? 'traces' : 'logs';
  const answer = await sender.send({ signal, body: noBytes, items: 0, sealedHeaders: '' }, stop);
  const { kind, status } = answer;
  if (kind === 'delivered') return [ok(subject, 'it takes requests')];
  if (kind === 'refused')
    return [problem(subject, `it refuses the credentials (${status})`, 'check headers, and the account that they stand for')];
  if (status === 0) {
    const { sentence, remedy } = explainFailure(answer.text);
    return [problem(subject, `it cannot be reached: ${sentence}`, remedy)];
  }
  if (status === 404 || status === 405)
    return [
      problem(
        subject,
        `there is no OTLP at this path (${status})`,
        'endpoint is a base URL: /v1/traces is appended; traces_endpoint is taken as it is',
      ),
    ];
  if (kind === 'retry') return [warning(subject, `it answers ${status} for now`, 'try again in a minute; data is kept meanwhile')];
  return [warning(subject, `it refuses a request without data (${status})`, 'send a span, and see whether it arrives')];
}
