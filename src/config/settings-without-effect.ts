/** Settings of the Collector's components that mean nothing here: a file that has them runs, and its owner is told. What would change what users get is not here. */
import { locate } from './decode.ts';
import type { Report } from './report.ts';
import type { Section } from './service-config.ts';
import { isEmpty, mapNode, type Node, type Place } from './tree.ts';

type Settings = readonly (readonly [paths: readonly string[], why: string])[];

const buffers = 'buffers are sized by the runtime';
const connections = 'connections are kept open and shared between requests';

export const withoutEffect: Readonly<Partial<Record<Section, Readonly<Record<string, Settings>>>>> = {
  receivers: {
    otlp: [
      [['protocols::grpc::read_buffer_size', 'protocols::grpc::write_buffer_size'], buffers],
      [['protocols::http::write_timeout'], 'an answer is a few bytes, and is written at once'],
    ],
  },
  exporters: {
    debug: [
      [['sampling_initial', 'sampling_thereafter'], 'every batch is shown'],
      [['use_internal_logger'], 'verbosity decides what goes to the log'],
      [['sending_queue'], 'data is shown while the request waits'],
    ],
    otlp_grpc: [
      [['read_buffer_size', 'write_buffer_size'], buffers],
      [['balancer_name'], 'each request goes to the address that answered first'],
      [['wait_for_ready'], 'what cannot be sent waits in the journal'],
    ],
    otlp_http: [
      [['read_buffer_size', 'write_buffer_size'], buffers],
      [['max_idle_conns', 'max_idle_conns_per_host', 'max_conns_per_host', 'idle_conn_timeout'], connections],
      [['http2_read_idle_timeout', 'http2_ping_timeout', 'force_attempt_http2'], 'requests are sent over HTTP/1.1'],
      [['compression_params'], 'each compression has one level'],
      [['metrics_endpoint', 'profiles_endpoint'], 'there are only traces and logs to send'],
    ],
    file: [[['flush_interval'], 'each batch is written at once']],
  },
  extensions: {
    file_storage: [[['compaction'], 'the store uses its free pages again by itself']],
  },
};

/** The settings without those that mean nothing, of each of which the report is told. */
export function effectiveSettings(section: Section, type: string, body: Node, keyPlace: Place, path: string, report: Report): Node {
  let settings = body;
  for (const [names, why] of withoutEffect[section]?.[type] ?? [])
    for (const name of names) {
      const steps = name.split('::');
      const { node, place } = locate(settings, keyPlace, steps);
      if (node === undefined) continue;
      if (!isEmpty(node)) report.warn(place, `${path}::${name}`, `has no effect here: ${why}`);
      settings = without(settings, steps);
    }
  return settings;
}

function without(node: Node, [step = '', ...steps]: readonly string[]): Node {
  if (node.kind !== 'map') return node;
  const entries = new Map(node.entries);
  const entry = entries.get(step);
  if (entry === undefined) return node;
  if (steps.length === 0) entries.delete(step);
  else entries.set(step, { ...entry, value: without(entry.value, steps) });
  return { ...mapNode(entries, node.place), origin: node.origin, raw: node.raw };
}
