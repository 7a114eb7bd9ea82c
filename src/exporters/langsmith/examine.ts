/** What `spanway doctor` asks about the configured destination. Destinations that requests bring along are not known here. */
import type { Clock } from '../../model/clock.ts';
import type { Finding } from '../../model/finding.ts';
import { clientTls } from '../client-tls/client-tls.ts';
import { userAgent } from '../user-agent.ts';
import type { Settings } from './settings.ts';
import { Client } from './upload/client.ts';
import { normalizeEndpoint } from './upload/endpoint-url.ts';
import { examineEndpoint } from './upload/examine.ts';

export async function examineDestination(settings: Settings, clock: Clock, stop: AbortSignal): Promise<readonly Finding[]> {
  const endpoint = normalizeEndpoint(settings.endpoint);
  const client = new Client({
    endpoint,
    connectionsMax: 1,
    timeoutMs: settings.timeout,
    userAgent,
    headers: settings.headers,
    tls: clientTls(settings.tls),
  });
  const destination = { endpoint, apiKey: settings.api_key, workspaceId: settings.workspace_id };
  const keysFromCallers = settings.api_key_from !== undefined || settings.auth !== undefined;
  try {
    return await examineEndpoint({ client, written: settings.endpoint, destination, keysFromCallers, now: () => clock.now() }, stop);
  } finally {
    await client.close();
  }
}
