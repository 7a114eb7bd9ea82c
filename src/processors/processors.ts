/** Every processor there is. Each stands in a folder of its own, whose file of the same name is to be read first. */
import type { ProcessorFactory } from '../model/component.ts';
import { attributesProcessor } from './attributes/attributes.ts';
import { batchProcessor } from './batch/batch.ts';
import { filter } from './filter/filter.ts';
import { genAiNormalizer } from './gen-ai-normalizer/gen-ai-normalizer.ts';
import { memoryLimiter } from './memory-limiter/memory-limiter.ts';
import { probabilisticSampler } from './probabilistic-sampler/probabilistic-sampler.ts';
import { redaction } from './redaction/redaction.ts';
import { resourceProcessor } from './resource/resource.ts';
import { traceSampler } from './trace-sampler/trace-sampler.ts';
import { transform } from './transform/transform.ts';

export const processors: readonly ProcessorFactory[] = [
  memoryLimiter,
  batchProcessor,
  attributesProcessor,
  resourceProcessor,
  filter,
  transform,
  genAiNormalizer,
  probabilisticSampler,
  traceSampler,
  redaction,
];
