/** `file`: appends each batch as one line of OTLP/JSON. It writes before it answers, but does not sync: it is no journal. */
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { unjournaled } from '../../journal/unjournaled.ts';
import { itemCount } from '../../model/batch.ts';
import type { Deps, Exporter } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import { logsJson, tracesJson } from '../../otlp/otlp.ts';

const schema = z.strictObject({
  path: z.string().min(1).describe('The file; it is appended to, and made if it is missing.'),
});

export const fileExporter = {
  kind: 'exporter',
  type: 'file',
  aliases: [],
  summary: 'Appends batches to a file, one line of OTLP/JSON each.',
  signals: ['traces', 'logs'],
  stability: 'beta',
  schema,
  create: (config: unknown, _deps: Deps): Exporter => {
    const { path } = config as z.output<typeof schema>;
    let file: FileHandle | undefined;
    let last: Promise<unknown> = Promise.resolve();
    return {
      start: async () => {
        try {
          file = await open(path, 'a', 0o600);
        } catch (cause) {
          throw new Fault('GW_START_FAILED', `cannot open ${path} for appending: ${(cause as NodeJS.ErrnoException).code}`, {
            cause,
            hint: 'check that the folder exists and may be written',
          });
        }
      },
      consume: async (batch) => {
        if (itemCount(batch) === 0) return unjournaled(0);
        const line = `${batch.signal === 'traces' ? tracesJson(batch) : logsJson(batch)}\n`;
        // One write after the other, so that lines never interleave.
        const written = last.then(() => file?.appendFile(line));
        last = written.catch(() => {});
        await written.catch((cause: NodeJS.ErrnoException) => {
          throw new Fault('GW_JOURNAL_UNAVAILABLE', `cannot append to ${path}: ${cause.code}`, { cause, retryAfterMs: 5_000 });
        });
        return unjournaled(itemCount(batch));
      },
      stop: async () => {
        await last;
        await file?.close();
      },
    };
  },
} as const;
