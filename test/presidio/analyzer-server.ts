/** A recogniser that behaves as Presidio's analyzer does: the format of its REST API, places in code points, lists of texts. What it finds is simple. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const patterns: Readonly<Record<string, { readonly pattern: RegExp; readonly score: number }>> = {
  PERSON: { pattern: /(?<!\p{L})(?:Ann|Bob|Zoë)(?: [A-Z][a-z]+)?(?!\p{L})/gu, score: 0.85 },
  LOCATION: { pattern: /\b(?:Paris|Berlin|Brown)\b/gu, score: 0.6 },
};

interface Question {
  readonly text: string | readonly string[];
  readonly language: string;
  readonly entities?: readonly string[];
  readonly score_threshold?: number;
}

export class AnalyzerServer {
  readonly questions: Question[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  /** What it answers instead, as long as there is one; `hang`: nothing. */
  instead: { readonly status: number; readonly body: string } | 'hang' | undefined;
  /** Requests at the same time, at most. */
  concurrent = 0;
  #now = 0;
  /** Answers wait for this. */
  gate: Promise<void> = Promise.resolve();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      this.concurrent = Math.max(this.concurrent, ++this.#now);
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const question = JSON.parse(Buffer.concat(chunks).toString()) as Question;
      this.questions.push(question);
      this.headers.push(request.headers);
      await this.gate;
      this.#now--;
      if (this.instead === 'hang') return;
      const isAnalyze = request.method === 'POST' && request.url === '/analyze';
      const { status, body } = this.instead ?? { status: isAnalyze ? 200 : 404, body: JSON.stringify(answerTo(question)) };
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  }

  static async start(): Promise<AnalyzerServer> {
    const self = new AnalyzerServer();
    self.#server.listen(0, '127.0.0.1');
    await once(self.#server, 'listening');
    return self;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function answerTo({ text, entities, score_threshold = 0 }: Question): unknown {
  return typeof text === 'string' ? findings(text, entities, score_threshold) : text.map((one) => findings(one, entities, score_threshold));
}

function findings(text: string, entities: readonly string[] | undefined, threshold: number): unknown[] {
  const wanted = Object.entries(patterns).filter(([name, { score }]) => (entities?.includes(name) ?? true) && score >= threshold);
  return wanted.flatMap(([entity_type, { pattern, score }]) =>
    [...text.matchAll(pattern)].map(({ index, 0: found }) => {
      const start = codePoints(text.slice(0, index));
      return { entity_type, start, end: start + codePoints(found), score, analysis_explanation: null };
    }),
  );
}

const codePoints = (text: string): number => [...text].length;
