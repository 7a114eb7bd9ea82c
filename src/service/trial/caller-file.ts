import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Caller } from '../../model/batch.ts';
import { Fault } from '../../model/fault.ts';
import { callerOf } from './request.ts';

const schema = z.strictObject({
  receiver: z.string().optional(),
  transport: z.enum(['http', 'grpc']).default('http'),
  address: z.string().default(''),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
  auth: z.record(z.string(), z.string()).optional(),
});

/** Who sends the requests of a case; without the file, somebody without headers to the first receiver. */
export function readCaller(path: string, receivers: readonly string[]): Caller {
  const first = receivers[0] ?? '';
  if (!existsSync(path)) return callerOf(first);
  const { receiver = first, transport, address, headers, auth } = parse(path);
  const metadata = Object.entries(headers).map(([name, value]): [string, string[]] => [name.toLowerCase(), [value].flat()]);
  return {
    ...callerOf(receiver),
    transport,
    address,
    metadata: new Map(metadata),
    ...(auth ? { auth: new Map(Object.entries(auth)) } : {}),
  };
}

function parse(path: string): z.output<typeof schema> {
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Fault('GW_CONFIG_INVALID', `cannot read ${path}: it is no JSON`, { cause });
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const reason = [issue?.path.join('.'), issue?.message].filter(Boolean).join(': ');
  throw new Fault('GW_CONFIG_INVALID', `cannot read ${path}: ${reason}`, { hint: `it may have ${Object.keys(schema.shape).join(', ')}` });
}
