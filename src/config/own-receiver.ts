import type { CheckedService } from './check-service.ts';
import { locate } from './decode.ts';
import { hostAndPort } from './fields.ts';
import type { Report } from './report.ts';
import type { Components } from './service-config.ts';

/** Whether who listens on that host and port is reached under the URL, as far as one can tell without asking a name server. */
export function leadsTo({ hostname, port, protocol }: URL, listens: { readonly host: string; readonly port: number }): boolean {
  const wanted = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  const isLoopback = /^(localhost|127\..*|\[::1?\]|0\.0\.0\.0)$/.test(hostname);
  return listens.port === wanted && (isLoopback || listens.host === hostname);
}

/** Spans of the gateway's own that it sends to itself become runs, which few want. They make no further spans, so it is allowed. */
export function warnOfOwnReceiver({ node, keyPlace }: CheckedService, receivers: Components, report: Report): void {
  const listening = [...receivers.values()].flatMap(({ id, config }) => {
    const endpoint = httpEndpointOf(config);
    return endpoint === undefined ? [] : [{ id, ...hostAndPort(endpoint) }];
  });
  const processors = ['telemetry', 'traces', 'processors'];
  const { node: list } = locate(node, keyPlace, processors);
  for (const at of list?.kind === 'list' ? list.items.keys() : []) {
    for (const kind of ['batch', 'simple']) {
      const path = [...processors, `${at}`, kind, 'exporter', 'otlp', 'endpoint'];
      const { node: endpoint, place } = locate(node, keyPlace, path);
      const url = endpoint?.kind === 'scalar' && URL.canParse(`${endpoint.value}`) ? new URL(`${endpoint.value}`) : undefined;
      const own = url && listening.find((listens) => leadsTo(url, listens));
      if (own)
        report.warn(
          place,
          ['service', ...path].join('::'),
          `is receiver "${own.id}" of this gateway: spans of its own become runs among all others`,
        );
    }
  }
}

/** Of a receiver that has `protocols::http`. */
function httpEndpointOf(config: unknown): string | undefined {
  const { protocols } = config as { readonly protocols?: { readonly http?: { readonly endpoint?: unknown } } };
  const endpoint = protocols?.http?.endpoint;
  return typeof endpoint === 'string' ? endpoint : undefined;
}
