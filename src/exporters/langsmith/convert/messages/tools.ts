import { isArray, isObject, isText, type Json, type JsonObject } from '../json.ts';
import { jsonOf } from '../json-text.ts';
import { firstOf, merged, rest } from './message.ts';

const schemaKeys = [
  'parameters',
  'input_schema',
  'inputSchema',
  'parameters_json_schema',
  'parametersJsonSchema',
  'parameter_definitions',
  'arguments',
];
const flat = new Set(['type', 'name', 'description', 'strict', ...schemaKeys]);

/** Definitions of tools in OpenAI's form, from everybody's; tools that run at the provider (no schema) and bare names pass through. `undefined`: no list. */
export function toolsOf(value: Json | undefined): Json[] | undefined {
  const parsed = isText(value) ? jsonOf(value) : value;
  const list = isObject(parsed) ? [parsed] : parsed;
  return isArray(list) ? list.flatMap(toolOf) : undefined;
}

function toolOf(given: Json): Json[] {
  const tool = isText(given) ? (jsonOf(given) ?? given) : given;
  if (!isObject(tool)) return [tool];
  if (isObject(tool.function)) return [{ type: 'function', ...tool }];
  const declarations = firstOf(tool, 'functionDeclarations', 'function_declarations');
  if (isArray(declarations)) return withOthers(declarations.flatMap(toolOf), tool);
  if (isObject(tool.toolSpec)) return toolOf({ ...tool.toolSpec, inputSchema: schemaIn(tool.toolSpec) });
  const schema = firstOf(tool, ...schemaKeys);
  const isFunction =
    isText(tool.name) &&
    (schema !== undefined ||
      tool.type === 'function' ||
      (tool.type === undefined && (tool.description !== undefined || Object.keys(tool).length === 1)));
  return [isFunction ? functionTool(tool, schema) : tool];
}

function functionTool(tool: JsonObject, schema: Json | undefined): JsonObject {
  const { name, description, strict } = tool;
  const parameters = isText(schema) ? (jsonOf(schema) ?? schema) : schema;
  return merged({ type: 'function', function: { name, description, parameters, strict } }, rest(tool, flat)) ?? {};
}

/** Bedrock wraps the schema once more. */
function schemaIn({ inputSchema }: JsonObject): Json | undefined {
  return isObject(inputSchema) && inputSchema.json !== undefined ? inputSchema.json : inputSchema;
}

/** Gemini puts tools of its own (`googleSearch`) beside the declarations. */
function withOthers(tools: Json[], source: JsonObject): Json[] {
  const others = rest(source, new Set(['functionDeclarations', 'function_declarations']));
  return others === undefined ? tools : [...tools, others];
}
