/**
 * Whose account a span goes to. Read this file first.
 *
 *   request, resource, span ─► api key, workspace ─► `Address`: a reference that may be stored, with the key sealed   (any replica)
 *   reference ─► the key, unsealed ─► upload                                                                         (the partition's owner)
 *
 * A tenant's data leaves only under that tenant's key: a request without one is refused, never sent with another's.
 */
import type { Caller, Resource } from '../../../model/batch.ts';
import { Fault } from '../../../model/fault.ts';
import { Secret } from '../../../model/secret.ts';
import type { CallerHeaders, SealedHeaders } from '../../sealing/caller-headers.ts';
import { digestOf, type KeySealer } from '../../sealing/key-sealer.ts';
import { type DestinationRef, tenantOf } from '../sealed-batch.ts';
import type { Attributed, Source } from './source.ts';

/** A destination as an entry carries it. Equal ones are the same object, within limits. */
export interface Address {
  /** JSON of the `DestinationRef`. */
  readonly destination: string;
  readonly tenant: string;
}

export interface DestinationsConfig {
  /** Base URL as `normalizeEndpoint` gives it. */
  readonly endpoint: string;
  readonly apiKey: Secret;
  readonly workspaceId: string;
  readonly apiKeyFrom: Source | undefined;
  readonly workspaceIdFrom: Source | undefined;
  readonly projectFrom: Source | undefined;
  readonly callerHeaders: CallerHeaders | undefined;
}

const addressesMax = 4_096;
const keysMax = 4_096;
const projectCharactersMax = 256;
const staticKey = 'static';
/** What an HTTP header can carry. */
const sendable = /^[\x21-\x7e]{1,256}$/;

export class Destinations {
  readonly #config: DestinationsConfig;
  readonly #sealer: KeySealer | undefined;
  readonly #static: Address;
  readonly #addresses = new Map<string, Address>();
  /** Unsealed, by digest. */
  readonly #keys = new Map<string, Secret>();

  /** `sealer`: needed if keys come with the requests. */
  constructor(config: DestinationsConfig, sealer: KeySealer | undefined) {
    this.#config = config;
    this.#sealer = sealer;
    this.#static = addressOf({ endpoint: config.endpoint, workspaceId: '', key: staticKey });
  }

  /** Throws `GW_RECEIVE_UNAUTHENTICATED` if the key must come with the request and does not. */
  addressOf(span: Attributed, resource: Resource, caller: Caller): Address {
    const { apiKeyFrom, workspaceIdFrom } = this.#config;
    const headers = this.#config.callerHeaders?.of(caller);
    if (apiKeyFrom === undefined && workspaceIdFrom === undefined && headers === undefined) return this.#static;
    const apiKey = this.#apiKeyOf(span, resource, caller);
    const workspace = workspaceIdFrom?.read(span, resource, caller) ?? '';
    if (workspace !== '' && !sendable.test(workspace)) throw refused('its workspace id holds a character that HTTP does not allow');
    return this.#interned(apiKey, workspace, headers);
  }

  /** The project that the configuration gives a span; '' leaves it to the span. */
  projectOf(span: Attributed, resource: Resource, caller: Caller): string {
    return projectFrom(this.#config.projectFrom, span, resource, caller);
  }

  /** Endpoint and workspace are the configuration's as it is now, so that what waits for a wrong one goes to the right one. */
  current(stored: DestinationRef): DestinationRef {
    const { endpoint, workspaceId } = this.#config;
    return { ...stored, endpoint, workspaceId: stored.workspaceId || workspaceId };
  }

  /** `undefined` if the key that sealed it is not known here. */
  keyOf({ key, sealed }: DestinationRef): Secret | undefined {
    if (key === staticKey) return this.#config.apiKey;
    const known = this.#keys.get(key);
    if (known) return known;
    const unsealed = sealed === undefined ? undefined : this.#sealer?.unseal(sealed);
    if (!unsealed || digestOf(unsealed.reveal()) !== key) return undefined;
    remember(this.#keys, key, unsealed, keysMax);
    return unsealed;
  }

  /** '' = the configured one. */
  #apiKeyOf(span: Attributed, resource: Resource, caller: Caller): string {
    const { apiKeyFrom, apiKey } = this.#config;
    const given = apiKeyFrom?.read(span, resource, caller).replace(/^Bearer +/i, '') ?? '';
    if (given !== '' && !sendable.test(given)) throw refused('its API key holds a character that HTTP does not allow');
    if (given === '' && apiKeyFrom && apiKey.empty) throw refused('it brings no API key of its own');
    return given;
  }

  #interned(apiKey: string, workspaceId: string, headers: SealedHeaders | undefined): Address {
    const digest = apiKey === '' ? staticKey : digestOf(apiKey);
    const name = `${digest}\n${workspaceId}\n${headers?.key ?? ''}`;
    const known = this.#addresses.get(name);
    if (known) return known;
    const { endpoint } = this.#config;
    const sealed = apiKey === '' ? undefined : this.#sealer?.seal(new Secret(apiKey));
    const address = addressOf({
      endpoint,
      workspaceId,
      key: digest,
      ...(sealed === undefined ? {} : { sealed }),
      ...(headers ? { headers } : {}),
    });
    remember(this.#addresses, name, address, addressesMax);
    return address;
  }
}

/** The project that `project_from` gives a span; '' leaves it to the span. */
export function projectFrom(source: Source | undefined, span: Attributed, resource: Resource, caller: Caller): string {
  return source?.read(span, resource, caller).slice(0, projectCharactersMax) ?? '';
}

function addressOf(ref: DestinationRef): Address {
  return { destination: JSON.stringify(ref), tenant: tenantOf(ref) };
}

function refused(reason: string): Fault {
  return new Fault('GW_RECEIVE_UNAUTHENTICATED', `cannot take the request: ${reason}`, {
    hint: 'send the API key of your workspace in the header that the gateway reads it from',
  });
}

/** The oldest one is forgotten when there are too many. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value, max: number): void {
  map.set(key, value);
  if (map.size <= max) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
