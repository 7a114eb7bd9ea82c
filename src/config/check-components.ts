import { z } from 'zod';
import { didYouMean } from '../model/closest.ts';
import { Fault } from '../model/fault.ts';
import { elsewhereHint } from './components-elsewhere.ts';
import { decode } from './decode.ts';
import { parseId } from './id.ts';
import type { Report } from './report.ts';
import { reportIssues } from './schema-issues.ts';
import type { AnyFactory, ComponentConfig, Section } from './service-config.ts';
import { effectiveSettings } from './settings-without-effect.ts';
import { type Entry, isEmpty, mapNode, type Node, type Place, type Plain, shownKey, typeName } from './tree.ts';

/** A component that stands in the file, right or wrong: references to a wrong one are not wrong, too. */
export interface Declared {
  readonly id: string;
  /** As a problem may show it. */
  readonly shown: string;
  readonly keyPlace: Place;
  readonly factory: AnyFactory | undefined;
  /** `undefined` if its settings are refused. */
  readonly component: ComponentConfig | undefined;
  readonly schema: z.ZodType;
  readonly plain: Plain;
}

export type DeclaredSections = Readonly<Record<Section, ReadonlyMap<string, Declared>>>;

/** Factories carry their schema as data, because `model/` knows no zod. */
export function schemaOf({ kind, type, schema }: AnyFactory): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  throw new Fault('GW_BUG', `cannot read the schema of ${kind} "${type}": it is no zod schema`);
}

export function checkSection(
  section: Section,
  node: Node | undefined,
  factories: readonly AnyFactory[],
  report: Report,
): ReadonlyMap<string, Declared> {
  const declared = new Map<string, Declared>();
  if (node === undefined || isEmpty(node)) return declared;
  if (node.kind !== 'map') {
    report.error(node.place, section, `'${section}' expected a map or struct, got "${typeName(node)}"`);
    return declared;
  }
  for (const [key, entry] of node.entries) {
    const shown = shownKey(node, key);
    const id = parseId(key);
    const found = typeof id === 'string' ? undefined : declared.get(id.id);
    if (typeof id === 'string') report.error(entry.keyPlace, section, node.origin ? `invalid id in ${shown}` : id);
    else if (found) report.error(entry.keyPlace, section, `duplicate name "${node.origin ? shown : id.id}" after trimming spaces`);
    else
      declared.set(
        id.id,
        checkComponent({ section, id: id.id, type: id.type, shown, confidential: node.origin !== undefined }, entry, factories, report),
      );
  }
  return declared;
}

interface Name {
  readonly section: Section;
  readonly id: string;
  readonly type: string;
  readonly shown: string;
  /** The id came out of a `${…}`. */
  readonly confidential: boolean;
}

function checkComponent(name: Name, entry: Entry, factories: readonly AnyFactory[], report: Report): Declared {
  const { section, id, type, shown } = name;
  const { keyPlace } = entry;
  const path = `${section}::${shown}`;
  const factory = factories.find((one) => one.type === type) ?? factories.find(({ aliases }) => aliases.includes(type));
  if (!factory) {
    reportUnknownType(name, keyPlace, factories, report);
    return { id, shown, keyPlace, factory, component: undefined, schema: z.unknown(), plain: null };
  }
  if (factory.type !== type) {
    const renamed = id.replace(type, factory.type);
    report.warn(keyPlace, path, `type "${type}" is deprecated`, { hint: `write "${name.confidential ? factory.type : renamed}"` });
  }
  const schema = schemaOf(factory);
  // A component with nothing behind its colon has all its defaults.
  const written = isEmpty(entry.value) && !entry.value.origin?.broken ? mapNode(new Map(), keyPlace) : entry.value;
  const node = effectiveSettings(section, factory.type, written, keyPlace, path, report);
  const decoded = decode(schema, node);
  if (decoded.ok) {
    const component = { id, type: factory.type, factory, config: decoded.config };
    return { id, shown, keyPlace, factory, component, schema, plain: decoded.plain };
  }
  reportIssues({ schema, node, keyPlace, path, name: '', wrapper: `error reading configuration for "${shown}": ` }, decoded.issues, report);
  return { id, shown, keyPlace, factory, component: undefined, schema, plain: null };
}

function reportUnknownType(
  { section, type, shown, confidential }: Name,
  keyPlace: Place,
  factories: readonly AnyFactory[],
  report: Report,
): void {
  const valid = factories.map((factory) => factory.type).sort();
  const sentence = `unknown type: "${confidential ? shown : type}" for id: "${shown}" (valid values: [${valid.join(' ')}])`;
  const names = factories.flatMap((factory) => [factory.type, ...factory.aliases]);
  const hint = confidential ? undefined : (elsewhereHint(type, valid) ?? didYouMean(type, names));
  report.error(keyPlace, section, sentence, { key: confidential ? undefined : shown, hint });
}
