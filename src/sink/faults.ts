import { z } from 'zod';

/**
 * A scripted misbehaviour of the sink, for tests of an uploader. Of the rules that match a request the oldest acts, and only that one.
 * - `status`: answers with it and stores nothing. With `match.bodyIncludes` this is a poison run, with `match.bytesOver` a proxy's size limit.
 * - `lose_reply`: stores, then closes the connection without an answer.
 * - `cut_reply`: stores, then breaks off in the middle of the answer.
 * - `reset`: resets the connection once `afterBytes` of the body have come.
 * - `hang`: takes the request and never answers.
 * - `delay`: waits `delayMs`, then goes on as if nothing had been. Every other action may wait, too.
 */
const action = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('status'),
    status: z.int().min(200).max(599),
    /** Text of the header, in seconds or as an HTTP date; absent without it. */
    retryAfter: z.string().optional(),
    body: z.string().optional(),
  }),
  z.strictObject({ do: z.literal('lose_reply') }),
  z.strictObject({ do: z.literal('cut_reply') }),
  z.strictObject({ do: z.literal('reset'), afterBytes: z.int().min(0).optional() }),
  z.strictObject({ do: z.literal('hang') }),
  z.strictObject({ do: z.literal('delay') }),
]);

export const faultRuleSchema = z.strictObject({
  /** All that is given must hold. By default every ingestion request matches. */
  match: z
    .strictObject({
      /** Path without `/api` and `/api/v1`, as in `/runs/multipart`; `*` for every one. */
      path: z.string().optional(),
      apiKey: z.string().optional(),
      workspaceId: z.string().optional(),
      /** Text in the decoded body. */
      bodyIncludes: z.string().min(1).optional(),
      /** Decoded body of more bytes than this. */
      bytesOver: z.int().min(0).optional(),
    })
    .optional(),
  /** Acts on so many requests; on all until `clear` if absent. */
  times: z.int().min(1).optional(),
  /** Acts for so long; for ever if absent. */
  forMs: z.int().min(0).optional(),
  delayMs: z.int().min(0).max(600_000).optional(),
  action,
});

export type FaultRule = z.infer<typeof faultRuleSchema>;

interface ActiveRule {
  readonly rule: FaultRule;
  readonly until: number;
  left: number;
}

export interface RequestHead {
  readonly path: string;
  readonly apiKey: string;
  readonly workspaceId: string;
}

const rulesMax = 1_000;
const ingestionPath = /^\/(runs|feedback)(\/(batch|multipart))?$/;

export class Faults {
  #active: ActiveRule[] = [];

  add(rule: FaultRule): void {
    if (this.#active.length >= rulesMax) this.#active.shift();
    this.#active.push({ rule, until: Date.now() + (rule.forMs ?? Number.POSITIVE_INFINITY), left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#active = [];
  }

  get active(): readonly FaultRule[] {
    return this.#active.map(({ rule }) => rule);
  }

  /** The rule that acts on this request, counted down. Without a body: only rules that need none. With it: only those that need one. */
  take(head: RequestHead, body?: Buffer): FaultRule | undefined {
    const now = Date.now();
    this.#active = this.#active.filter(({ until, left }) => until > now && left > 0);
    const found = this.#active.find(({ rule }) => matches(rule, head, body));
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.rule;
  }
}

function matches({ match = {} }: FaultRule, head: RequestHead, body: Buffer | undefined): boolean {
  const { path, apiKey, workspaceId, bodyIncludes, bytesOver } = match;
  if (path === undefined ? !ingestionPath.test(head.path) : path !== '*' && path !== head.path) return false;
  if (apiKey !== undefined && apiKey !== head.apiKey) return false;
  if (workspaceId !== undefined && workspaceId !== head.workspaceId) return false;
  const needsBody = bodyIncludes !== undefined || bytesOver !== undefined;
  if (body === undefined) return !needsBody;
  if (!needsBody) return false;
  return (bodyIncludes === undefined || body.includes(bodyIncludes)) && (bytesOver === undefined || body.length > bytesOver);
}
