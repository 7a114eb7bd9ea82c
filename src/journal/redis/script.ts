import { createHash } from 'node:crypto';

/** A Lua script, sent by its hash; a server that does not know it yet gets the source. */
export interface Script {
  readonly source: string;
  readonly sha: string;
}

export function script(source: string): Script {
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}
