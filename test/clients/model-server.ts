/**
 * A simulated model behind a real HTTP server: OpenAI's chat completions, responses and embeddings, whole and streamed.
 * The model is the only thing that these tests simulate, since none can run here; what it answers stands in `model/answer.ts`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { answeringModel, answerTo, type Dict, embedding, embeddingTokens, isRefused, refusal } from './model/answer.ts';
import { chatChunks, chatCompletion } from './model/chat.ts';
import { response, responseEvents } from './model/responses.ts';

export interface ModelServer {
  /** For `OPENAI_BASE_URL`: ends in `/v1`. */
  readonly url: string;
  close(): Promise<void>;
}

export async function startModelServer(): Promise<ModelServer> {
  const server = createServer((request, reply) => void serve(request, reply));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(request: IncomingMessage, reply: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as Dict;
  if (isRefused(body)) return answerJson(reply, 400, refusal);
  switch (request.url) {
    case '/v1/chat/completions':
      if (body.stream !== true) return answerJson(reply, 200, chatCompletion(answerTo(body)));
      return stream(reply, [...chatChunks(answerTo(body), body).map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n']);
    case '/v1/responses':
      if (body.stream !== true) return answerJson(reply, 200, response(answerTo(body), body));
      return stream(
        reply,
        responseEvents(answerTo(body), body).map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
      );
    case '/v1/embeddings':
      return answerJson(reply, 200, embeddings(body));
    default:
      return answerJson(reply, 404, { error: { message: `no route ${request.url}` } });
  }
}

function embeddings({ input, encoding_format: format }: Dict): Dict {
  const vector = format === 'base64' ? Buffer.from(new Float32Array(embedding).buffer).toString('base64') : embedding;
  const inputs = Array.isArray(input) ? input : [input];
  return {
    object: 'list',
    model: answeringModel,
    data: inputs.map((_, index) => ({ object: 'embedding', index, embedding: vector })),
    usage: { prompt_tokens: embeddingTokens, total_tokens: embeddingTokens },
  };
}

function answerJson(reply: ServerResponse, status: number, body: Dict): void {
  reply.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_1' }).end(JSON.stringify(body));
}

/** Every event is a write of its own, so that a client sees a first one before the last. */
async function stream(reply: ServerResponse, events: readonly string[]): Promise<void> {
  reply.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_1' });
  for (const event of events) {
    reply.write(event);
    await nextTurn();
  }
  reply.end();
}
