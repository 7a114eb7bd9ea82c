/** The attributes of OpenTelemetry's GenAI semantic conventions (release 1.40.0) with their types, and values brought to these types. */
import type { Value } from '../../model/value.ts';
import { floatLike, intLike } from '../../ottl/like.ts';
import { textOf } from '../text-of.ts';

export const schemaUrl = 'https://opentelemetry.io/schemas/1.40.0';

type Type = 'string' | 'int' | 'double' | 'strings';

/** Without those that may have any type (messages, documents, tool arguments), and without the prefix that all have. */
const keys: Readonly<Record<Type, string>> = {
  string:
    'agent.description agent.id agent.name agent.version conversation.id data_source.id evaluation.explanation evaluation.name ' +
    'evaluation.score.label operation.name output.type prompt.name provider.name request.model response.id response.model ' +
    'retrieval.query.text token.type tool.call.id tool.description tool.name tool.type',
  int:
    'embeddings.dimension.count request.choice.count request.max_tokens request.seed usage.cache_creation.input_tokens ' +
    'usage.cache_read.input_tokens usage.input_tokens usage.output_tokens',
  double: 'evaluation.score.value request.frequency_penalty request.presence_penalty request.temperature request.top_k request.top_p',
  strings: 'request.encoding_formats request.stop_sequences response.finish_reasons',
};

const typeOfKey: ReadonlyMap<string, Type> = new Map(
  (Object.keys(keys) as Type[]).flatMap((type) => keys[type].split(' ').map((key) => [`gen_ai.${key}`, type] as const)),
);

/** The value as the attribute's type asks for it; `undefined` if it has no such form without loss. Other keys take any value. */
export function conform(key: string, value: Value): Value | undefined {
  const type = typeOfKey.get(key);
  if (type === undefined) return value;
  if (type === 'strings') return listOfTexts(value);
  if (value === null || typeof value === 'object') return undefined;
  if (type === 'string') return textOf(value);
  if (typeof value === 'boolean') return undefined;
  if (type === 'double') return floatLike(value) ?? undefined;
  return typeof value === 'number' && !Number.isInteger(value) ? undefined : (intLike(value) ?? undefined);
}

function listOfTexts(value: Value): Value | undefined {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined;
}
