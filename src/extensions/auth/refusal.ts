import { Fault } from '../../model/fault.ts';

const isToken = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Refusals of one way to authenticate: 401, gRPC 16. They never say how near a credential was. */
export class Refusals {
  readonly #challenge: string;

  /** `scheme` as in the Authorization header (RFC 9110, §11.1). */
  constructor(scheme: string) {
    this.#challenge = `${isToken.test(scheme) ? scheme : 'ApiKey'} realm="spanway"`;
  }

  unauthenticated(reason: string): Fault {
    return new Fault('GW_RECEIVE_UNAUTHENTICATED', `cannot authenticate the request: ${reason}`, { challenge: this.#challenge });
  }

  /** The only value of a header; a repeated one is refused, because two readers might choose differently. */
  soleHeader(metadata: ReadonlyMap<string, readonly string[]>, name: string): string {
    const values = metadata.get(name);
    if (!values || values.length === 0) throw this.unauthenticated(`it has no ${name} header`);
    if (values.length > 1) throw this.unauthenticated(`it has more than one ${name} header`);
    return values[0] as string;
  }
}
