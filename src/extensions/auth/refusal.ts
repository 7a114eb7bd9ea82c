import { Fault } from '../../model/fault.ts';

/** 401, gRPC 16. Never says how near a credential was. */
export function unauthenticated(reason: string): Fault {
  return new Fault('GW_RECEIVE_UNAUTHENTICATED', `cannot authenticate the request: ${reason}`);
}

/** The only value of a header; a repeated one is refused, because two readers might choose differently. */
export function soleHeader(metadata: ReadonlyMap<string, readonly string[]>, name: string): string {
  const values = metadata.get(name);
  if (!values || values.length === 0) throw unauthenticated(`it has no ${name} header`);
  if (values.length > 1) throw unauthenticated(`it has more than one ${name} header`);
  return values[0] as string;
}
