import { randomUUID } from 'node:crypto';
import type { ServiceConfig } from '../../config/load.ts';
import { userAgent } from '../../exporters/user-agent.ts';

/** A worker gets its supervisor's, so that `target_info` is one series. */
export const instanceVariable = 'SPANWAY_INSTANCE_ID';
const instanceId = process.env[instanceVariable] ?? randomUUID();

/** Attributes of the gateway's own telemetry: three of its own, then what `service::telemetry::resource` adds, changes, or removes with null. */
export function resourceOf({ service }: ServiceConfig): ReadonlyMap<string, string> {
  const resource = new Map([
    ['service.name', 'spanway'],
    ['service.version', userAgent.slice('spanway/'.length)],
    ['service.instance.id', instanceId],
  ]);
  for (const [name, value] of service.telemetry.resource) {
    if (value === null) resource.delete(name);
    else resource.set(name, `${value}`);
  }
  return resource;
}

/** Of what a worker sends by itself. */
export function resourceOfWorker(resource: ReadonlyMap<string, string>, worker: string | undefined): ReadonlyMap<string, string> {
  const id = resource.get('service.instance.id');
  return worker === undefined || id === undefined ? resource : new Map([...resource, ['service.instance.id', `${id}/${worker}`]]);
}
