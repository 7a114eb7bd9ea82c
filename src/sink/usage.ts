import type { Trace } from './tenant.ts';
import { type Fields, isObject } from './upload.ts';

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly totalTokens: number;
  /** US dollars; `undefined` where nobody sent a cost, since the sink has no price list. */
  readonly promptCost: number | undefined;
  readonly completionCost: number | undefined;
  readonly totalCost: number | undefined;
}

/** `usage_metadata` of a run, in its outputs or else in its metadata (langsmith-ingest §3.7). Roll-ups of other runs do not count. */
export function usageOf(fields: Fields): Usage | undefined {
  const metadata = isObject(fields.extra) && isObject(fields.extra.metadata) ? fields.extra.metadata : undefined;
  const sent =
    isObject(fields.outputs) && isObject(fields.outputs.usage_metadata) ? fields.outputs.usage_metadata : metadata?.usage_metadata;
  if (!isObject(sent) || metadata?.ls_aggregated_usage === true) return undefined;
  const count = (name: string): number => (typeof sent[name] === 'number' ? sent[name] : 0);
  const cost = (name: string): number | undefined => (typeof sent[name] === 'number' ? sent[name] : undefined);
  const isModel = fields.run_type === 'llm' || fields.run_type === 'embedding';
  const promptTokens = isModel ? count('input_tokens') : 0;
  const completionTokens = isModel ? count('output_tokens') : 0;
  return {
    promptTokens,
    completionTokens,
    totalTokens: isModel ? count('total_tokens') || promptTokens + completionTokens : 0,
    promptCost: cost('input_cost'),
    completionCost: cost('output_cost'),
    totalCost: cost('total_cost') ?? sum(cost('input_cost'), cost('output_cost')),
  };
}

/** A root shows what all runs of its trace used. */
export function totalsOfTrace(trace: Trace): Usage {
  let total: Usage = {
    promptTokens: 0,
    completionTokens: 0,
    totalTokens: 0,
    promptCost: undefined,
    completionCost: undefined,
    totalCost: undefined,
  };
  for (const { fields } of trace.runs.values()) {
    const usage = usageOf(fields);
    if (usage === undefined) continue;
    total = {
      promptTokens: total.promptTokens + usage.promptTokens,
      completionTokens: total.completionTokens + usage.completionTokens,
      totalTokens: total.totalTokens + usage.totalTokens,
      promptCost: sum(total.promptCost, usage.promptCost),
      completionCost: sum(total.completionCost, usage.completionCost),
      totalCost: sum(total.totalCost, usage.totalCost),
    };
  }
  return total;
}

function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : one + (other ?? 0);
}
