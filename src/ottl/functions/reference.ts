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

/** What the examples of a page run on, and what each of them gives there. */
export interface ExampleWorld {
  /** As the page tells it, in Markdown. */
  readonly description: string;
  resultOf(spec: FunctionSpec): string;
}

type Row = (spec: FunctionSpec) => string;

/** A row of signature, meaning, example and its result. */
function rowWith({ resultOf }: ExampleWorld): Row {
  return (spec) => {
    const name = spec.unsupported === undefined ? signature(spec) : spec.name;
    const shown = spec.example === undefined ? ' | ' : `${code(spec.example)} | ${code(resultOf(spec))}`;
    return `| ${code(name)} | ${spec.summary.replaceAll('|', '\\|')} | ${shown} |`;
  };
}

function table(title: string, functions: readonly FunctionSpec[], row: Row): string {
  const rows = [...functions].sort((one, other) => (one.name < other.name ? -1 : 1)).map(row);
  return [`## ${title}`, '', '| signature | meaning | example | gives |', '|---|---|---|---|', ...rows, ''].join('\n');
}

const introduction = `# OTTL functions

Every function that conditions and statements may use, as \`transform\` knows them; \`filter\`, \`routing\` and \`trace_sampler\` take the converters. An editor
changes data, a converter gives a value. A parameter with a default or a question mark may be left out, or given by name: \`Substring(x, 0, 3, utf8_safe = true)\`.
This page is made from the functions themselves, and a test runs each example.
`;

/** The page `docs/ottl-functions.md`. */
export function functionPage(functions: readonly FunctionSpec[], world: ExampleWorld): string {
  return `${introduction}\n${world.description}\n${functionReference(functions, world)}`;
}

/** Markdown tables of the functions: signature with defaults, meaning, example, and what it gives. */
export function functionReference(functions: readonly FunctionSpec[], world: ExampleWorld): string {
  const row = rowWith(world);
  const ofKind = (kind: FunctionSpec['kind']): readonly FunctionSpec[] => functions.filter((spec) => spec.kind === kind);
  return `${table('Editors', ofKind('editor'), row)}\n${table('Converters', ofKind('converter'), row)}`;
}
