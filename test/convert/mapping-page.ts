import { traceTypes } from '../../src/exporters/langsmith/convert/dify/trace-types.ts';
import { type Slot, slotName } from '../../src/exporters/langsmith/convert/keys.ts';
import * as rules from '../../src/exporters/langsmith/convert/rules.ts';

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
const list = (names: readonly string[]): string => names.map(code).join(' › ');
const slots = (of: readonly Slot[]): string => list([...new Set(of.map(slotName))]);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

/** `mapping.md`: the merged rules as tables, in the order in which the converter asks them. */
export function mappingPage(): string {
  return [
    '# What becomes of an attribute',
    '',
    'This reference is made from the rules that the converter reads (`SPANWAY_WRITE_DOCS=1 npx vitest run test/convert/mapping-page.test.ts` writes it).',
    'Where several attributes are named, the first that says something wins: absent, empty and placeholder values (`"null"`, `"N/A"`, …) are passed over.',
    'What no rule uses is kept: short scalars in `extra.metadata` under their own name, everything else in `extra.otel.attributes`.',
    '',
    ...dialects(),
    ...fields(),
    ...runTypes(),
    ...names(),
    ...contents(),
    ...tokens(),
    ...metadata(),
    ...parameters(),
    ...failures(),
    ...logs(),
    ...dify(),
  ].join('\n');
}

function dialects(): string[] {
  const rows = rules.dialects.map(({ id, integration = '', signs, recognise }) => {
    const signsOf = [
      ...(signs.scopes ?? []).map((scope) => `scope ${code(scope)}`),
      ...(signs.attributes ?? []).map(code),
      ...(signs.events ?? []).map((event) => `event ${code(event)}`),
      ...(recognise === undefined ? [] : ['a look at the span']),
    ];
    return [id, integration === '' ? '' : code(integration), signsOf.join(', ')];
  });
  return ['## Dialects', '', 'A span may be of several.', '', ...table(['dialect', '`ls_integration`', 'known by'], rows)];
}

function fields(): string[] {
  const nested = rules.nestedFields.map(({ field, key, path }) => [code(field), `else ${code([key, ...path].join('.'))} (JSON)`]);
  const rows = [...Object.entries(rules.fields).map(([field, of]) => [code(field), slots(of)]), ...nested];
  return ['## Fields', '', ...table(['field', 'attributes, the first wins'], rows)];
}

function runTypes(): string[] {
  const rows = rules.kinds.map(({ slot, byValue, read }) => {
    const byKind = new Map<string, string[]>();
    for (const [value, { runType, agent, middleware, exclude }] of byValue) {
      const kind = `${runType}${agent ? ' (agent)' : middleware ? ' (middleware)' : exclude ? ' (hidden)' : ''}`;
      byKind.set(kind, [...(byKind.get(kind) ?? []), value]);
    }
    const values = [...byKind].map(([kind, texts]) => `${kind}: ${texts.map(code).join(' ')}`);
    return [code(slotName(slot)), [...values, ...(read === undefined ? [] : ['by a look at the span'])].join('; ')];
  });
  const spanNames = rules.dialects.flatMap(({ id, spanNames }) =>
    spanNames === undefined
      ? []
      : [
          [
            id,
            Object.entries(spanNames)
              .map(([name, kind]) => `${code(name)} ${kind}`)
              .join(', '),
          ],
        ],
  );
  return [
    '## Run types',
    '',
    'The first attribute with a known value decides; then what is there at all (tool, documents, vectors, messages); then the span name; else `chain`.',
    '',
    ...table(['attribute', 'values'], rows),
    ...table(['dialect', 'span names'], spanNames),
  ];
}

function names(): string[] {
  const rows = rules.names.map(({ slot, only = 'any' }) => [code(slotName(slot)), only]);
  return ['## Names', '', '`langsmith.trace.name` first, the span name last.', '', ...table(['attribute', 'of runs'], rows)];
}

function contents(): string[] {
  const rows = (sources: typeof rules.inputSources) =>
    Object.entries(sources).map(([target, of]) => {
      const told = of.map(({ slot, read, dialect }) => {
        const { id } = rules.dialects[dialect] ?? { id: '' };
        return slot >= 0
          ? `${code(slotName(slot))} (${id})`
          : `${read?.name === 'read' || read === undefined ? 'several attributes' : code(read.name)} (${id})`;
      });
      return [target, told.join(' › ')];
    });
  return [
    '## Inputs and outputs',
    '',
    'A name in brackets is the dialect; a name that is no attribute is the function that reads several attributes or events.',
    '',
    '### Inputs',
    '',
    ...table(['run', 'sources, the first wins'], rows(rules.inputSources)),
    '### Outputs',
    '',
    ...table(['run', 'sources, the first wins'], rows(rules.outputSources)),
  ];
}

function tokens(): string[] {
  const groups = rules.usageGroups.map(({ input, output, total, read }) => [
    ...(read === undefined ? [slots(input), slots(output), slots(total)] : [code(read.name || 'a JSON attribute'), '', '']),
  ]);
  const details = [...rules.usageDetails].map(([name, of]) => [code(name), slots(of)]);
  const costs = [...rules.costs].map(([name, of]) => [code(name), slots(of)]);
  const firstToken = rules.firstToken.map(({ slot, unit, member }) => [
    code(slotName(slot) + (member === undefined ? '' : `.${member}`)),
    unit,
  ]);
  return [
    '## Tokens and costs',
    '',
    'The base counts come from the first group that has any; details come each from its first attribute.',
    '',
    ...table(['input', 'output', 'total'], groups),
    ...table(['detail', 'attributes'], details),
    ...table(['cost', 'attributes'], [...costs, ['all', slots(rules.costDetails)]]),
    '## Time to the first token',
    '',
    ...table(['attribute', 'unit'], firstToken),
    `Events: ${list([...rules.firstTokenEvents].sort())}`,
    '',
  ];
}

function metadata(): string[] {
  const rows = rules.metadataRules.map(({ key, prefix, except = [] }) => [code(key ?? `${prefix}*`), except.map(code).join(' ')]);
  const renames = [...rules.renames].map(([from, to]) => [code(from), code(to)]);
  return [
    '## Metadata and tags',
    '',
    'Later rows override earlier ones; what is derived overrides them all, and `langsmith.metadata.*` has the last word.',
    '',
    ...table(['source', 'without'], rows),
    ...table(['attribute', 'is called'], renames),
    `Tags are the union of ${list(rules.tagSlots.map(slotName))}.`,
    '',
  ];
}

function parameters(): string[] {
  const rows = rules.parameterRules.map(({ key, prefix, parameter = '', rename = {} }) => [
    code(key ?? `${prefix}*`),
    parameter === '' ? '' : code(parameter),
    Object.entries(rename)
      .map(([from, to]) => (to === '' ? `without ${code(from)}` : `${code(from)} → ${code(to)}`))
      .join(', '),
  ]);
  return ['## Parameters', '', ...table(['source', 'parameter', 'other names'], rows), `Tools: ${list(rules.toolSlots.map(slotName))}`, ''];
}

function failures(): string[] {
  const rows = rules.failures.map(({ slot, value }) => [code(slotName(slot)), code(value)]);
  return ['## Failures without an error status', '', ...table(['attribute', 'value'], rows)];
}

function logs(): string[] {
  const rows = [...rules.eventAttributes].map(([event, of]) => [
    code(event),
    [...of].map(([from, to]) => `${code(from)} → ${code(to)}`).join(', '),
  ]);
  const scopes = rules.dialects.flatMap(({ logScopes }) => logScopes ?? []);
  return [
    '## Log records',
    '',
    ...table(['event', 'attributes, and whose place they take on the span'], rows),
    `Spans of these scopes wait for their log records: ${scopes.map(code).join(', ')}`,
    '',
    ...untracedLogs(),
  ];
}

function untracedLogs(): string[] {
  const rows = rules.dialects.flatMap(({ id, untraced }) => {
    if (untraced === undefined) return [];
    const { session, turn, root, runs, only } = untraced;
    const below = Object.entries(runs).map(([event, run]) => {
      const [key, value] = only?.[event] ?? [];
      return `${code(event)}${key === undefined ? '' : ` (${key} ${value})`} ${run}`;
    });
    return [[id, [session, ...(turn === undefined ? [] : [turn])].map(code).join(' + '), code(root), below.join(', ')]];
  });
  return [
    'With `assembly::synthesize_from_logs`, records in no trace become runs. Other records of the same session and turn join them.',
    '',
    ...table(['dialect', 'a trace is', 'root', 'runs below it'], rows),
  ];
}

function dify(): string[] {
  const rows = Object.entries(traceTypes).map(([type, { kind, name, namedBy, id, tags, taggedBy, parent, inputs, outputs, metadata }]) => [
    type,
    kind.split(' ')[0] ?? '',
    list(id ?? []),
    namedBy === undefined ? code(id === undefined ? name : `${name}_<id>`) : code(namedBy),
    [...tags, ...(taggedBy === undefined ? [] : [taggedBy])].map(code).join(' '),
    parent === undefined ? '' : code(parent),
    list(inputs),
    list(outputs),
    metadata.map(code).join(' '),
  ]);
  return ["## Dify's trace types", '', ...table(['type', 'run', 'id', 'name', 'tags', 'parent', 'inputs', 'outputs', 'metadata'], rows)];
}
