import type { z } from 'zod';
import { didYouMean } from '../model/closest.ts';
import type { DeclaredSections } from './check-components.ts';
import { decode } from './decode.ts';
import { idList, once } from './id-list.ts';
import { redact } from './redact.ts';
import type { Report } from './report.ts';
import { reportIssues } from './schema-issues.ts';
import { type Reload, reload, service, type Telemetry, type Workers, workers } from './service-schema.ts';
import { telemetry } from './telemetry-schema.ts';
import { warnOfTelemetryWithoutEffect } from './telemetry-without-effect.ts';
import { isEmpty, type MapNode, mapNode, type Node, type Place, type Plain, placeOf, toPlain, typeName } from './tree.ts';
import { reportUnknownKeys } from './unknown-key.ts';

export interface CheckedService {
  readonly node: MapNode;
  readonly keyPlace: Place;
  readonly extensions: readonly string[];
  readonly settings: { readonly telemetry: Telemetry; readonly reload: Reload; readonly workers: Workers };
  /** The section as expanded, secrets redacted. */
  readonly plain: Plain;
}

/** Everything of `service` except its pipelines. What is refused counts as not written, so that the checks can go on. */
export function checkService(given: Node | undefined, keyPlace: Place, declared: DeclaredSections, report: Report): CheckedService {
  if (given !== undefined && given.kind !== 'map' && !isEmpty(given)) {
    report.error(given.place, 'service', `'service' expected a map or struct, got "${typeName(given)}"`);
  }
  const node = given?.kind === 'map' ? given : mapNode(new Map(), keyPlace);
  reportUnknownKeys(node, Object.keys(service.shape), 'service', "'service' has invalid keys", report);
  warnOfTelemetryWithoutEffect(node.entries.get('telemetry')?.value, keyPlace, report);
  return {
    node,
    keyPlace,
    extensions: checkExtensions(node, declared, report),
    settings: {
      telemetry: settingsOf(node, 'telemetry', telemetry, {}, report),
      reload: settingsOf(node, 'reload', reload, {}, report),
      workers: settingsOf(node, 'workers', workers, 1, report),
    },
    plain: redact(
      toPlain(node, () => undefined),
      service,
    ),
  };
}

function settingsOf<Schema extends z.ZodType>(
  node: MapNode,
  key: string,
  schema: Schema,
  unset: z.input<Schema>,
  report: Report,
): z.output<Schema> {
  const entry = node.entries.get(key);
  if (entry === undefined || isEmpty(entry.value)) return schema.parse(unset);
  const decoded = decode(schema, entry.value);
  if (decoded.ok) return decoded.config as z.output<Schema>;
  reportIssues(
    { schema, node: entry.value, keyPlace: placeOf(entry), path: `service::${key}`, name: key, wrapper: '' },
    decoded.issues,
    report,
  );
  return schema.parse(unset);
}

function checkExtensions(node: MapNode, { extensions }: DeclaredSections, report: Report): string[] {
  const references = once(idList(node.entries.get('extensions')?.value, 'service::extensions', report));
  for (const { id, shown, place } of references) {
    if (extensions.has(id)) continue;
    const hint = id === shown ? didYouMean(id, extensions.keys()) : undefined;
    report.error(place, 'service::extensions', `references extension "${shown}" which is not configured`, { hint });
  }
  return references.map(({ id }) => id);
}
