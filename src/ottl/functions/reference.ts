import type { FunctionSpec, Parameter } from '../function.ts';

/** How a reader sees a parameter: its name as he writes it, and its default. */
function parameterText(name: string, parameter: Parameter<unknown>): string {
  const snake = name.replace(/([a-z0-9])([A-Z]+)/g, (_, before: string, upper: string) => `${before}_${upper.toLowerCase()}`);
  const list = parameter.shape.kind === 'list' ? '[]' : '';
  if (!parameter.optional) return snake + list;
  const { fallback } = parameter;
  const isPlain = ['string', 'boolean', 'bigint', 'number'].includes(typeof fallback);
  return isPlain ? `${snake} = ${typeof fallback === 'string' ? JSON.stringify(fallback) : fallback}` : `${snake}${list}?`;
}

function signature({ name, parameters }: FunctionSpec): string {
  return `${name}(${Object.entries(parameters)
    .map(([parameter, declared]) => parameterText(parameter, declared))
    .join(', ')})`;
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function row(spec: FunctionSpec): string {
  const name = spec.unsupported === undefined ? signature(spec) : spec.name;
  return `| ${code(name)} | ${spec.summary.replaceAll('|', '\\|')} | ${spec.example === undefined ? '' : code(spec.example)} |`;
}

function table(title: string, functions: readonly FunctionSpec[]): string {
  const rows = [...functions].sort((one, other) => (one.name < other.name ? -1 : 1)).map(row);
  return [`## ${title}`, '', '| signature | meaning | example |', '|---|---|---|', ...rows, ''].join('\n');
}

const introduction = `# OTTL functions

Every function that conditions and statements may use, as \`transform\` knows them; \`filter\`, \`routing\` and \`trace_sampler\` take the converters. An editor
changes data, a converter gives a value. A parameter with a default or a question mark may be left out, or given by name: \`Substring(x, 0, 3, utf8_safe = true)\`.
This page is made from the functions themselves, and a test compiles each example.
`;

/** The page `docs/ottl-functions.md`. */
export function functionPage(functions: readonly FunctionSpec[]): string {
  return `${introduction}\n${functionReference(functions)}`;
}

/** Markdown tables of the functions: signature with defaults, meaning, example. */
export function functionReference(functions: readonly FunctionSpec[]): string {
  const ofKind = (kind: FunctionSpec['kind']): readonly FunctionSpec[] => functions.filter((spec) => spec.kind === kind);
  return `${table('Editors', ofKind('editor'))}\n${table('Converters', ofKind('converter'))}`;
}
