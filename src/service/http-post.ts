/** Requests for connectors that ask somebody outside. Connections are kept alive, but never the process. */
import { EnvHttpProxyAgent } from 'undici';
import { asBytes } from '../model/bytes.ts';
import type { HttpAnswer, HttpPost } from '../model/http-post.ts';

/** `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of the environment hold. Who asks limits how many requests there are at a time. */
let agent: EnvHttpProxyAgent | undefined;

export const httpPost: HttpPost = async ({ url, headers, body, timeoutMs, answerBytesMax }): Promise<HttpAnswer> => {
  agent ??= new EnvHttpProxyAgent();
  const { origin, pathname, search } = new URL(url);
  const signal = AbortSignal.timeout(timeoutMs);
  const all: Record<string, string> = Object.create(null);
  for (const [name, value] of headers) all[name] = value.reveal();
  all['content-type'] = 'application/json';
  try {
    const response = await agent.request({ origin, path: pathname + search, method: 'POST', headers: all, body, signal });
    return { status: response.statusCode, body: asBytes(await read(response.body, answerBytesMax)) };
  } catch (error) {
    throw signal.aborted ? failure('TIMEOUT') : error;
  }
};

async function read(body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > bytesMax) throw failure('TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function failure(code: string): Error {
  return Object.assign(new Error('no answer'), { code });
}
