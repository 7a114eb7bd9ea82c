/** A sample agent: it asks a model, looks something up, calls a tool, and answers. Traced with the GenAI semantic conventions. */
import { type Context, context, type Span, SpanKind, type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

type Facts = Readonly<Record<string, string | number | string[]>>;

const question = 'Is the blue tent in stock, and what does it weigh?';
const system = 'You help customers of an outdoor shop. Look things up before you answer.';
const answer = 'Yes, 14 blue Alpine tents are in stock. The tent weighs 2.3 kg.';

/** Sends one trace to an OTLP/HTTP endpoint and returns its number of spans. Children end, and are sent, before their parents. */
export async function sendAgentTrace(endpoint: string): Promise<number> {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'outdoor-shop', 'service.version': '1.4.0', 'deployment.environment.name': 'demo' }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }))],
  });
  const agent = new Agent(provider.getTracer('outdoor-shop-agent', '1.4.0'));
  await agent.run();
  await provider.shutdown();
  return agent.spans;
}

class Agent {
  readonly #tracer: Tracer;
  spans = 0;

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  async run(): Promise<void> {
    const facts = {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'shop_assistant',
      'gen_ai.conversation.id': 'conversation-42',
      'user.id': 'customer-7',
    };
    await this.#span(
      'invoke_agent shop_assistant',
      SpanKind.INTERNAL,
      { ...facts, ...input([{ role: 'user', text: question }]), ...output(answer) },
      async (root) => {
        await this.#chat(root, 'tool_call', call('check_stock', { product: 'Alpine', colour: 'blue' }), { input: 214, output: 31 });
        await this.#retrieve(root);
        await this.#tool(root);
        await this.#chat(root, 'stop', output(answer), { input: 371, output: 24, cached: 192 });
      },
    );
  }

  async #chat(parent: Context, reason: string, produced: Facts, tokens: { input: number; output: number; cached?: number }): Promise<void> {
    const facts = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.response.model': 'gpt-4o-2024-08-06',
      'gen_ai.request.temperature': 0.2,
      'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: system }]),
      'gen_ai.response.finish_reasons': [reason],
      'gen_ai.usage.input_tokens': tokens.input,
      'gen_ai.usage.output_tokens': tokens.output,
      ...(tokens.cached ? { 'gen_ai.usage.cache_read.input_tokens': tokens.cached } : {}),
      ...input([{ role: 'user', text: question }]),
      ...produced,
    };
    await this.#span('chat gpt-4o', SpanKind.CLIENT, facts, () => pause(60), parent);
  }

  async #retrieve(parent: Context): Promise<void> {
    const facts = {
      'openinference.span.kind': 'RETRIEVER',
      'input.value': 'Alpine tent weight',
      'retrieval.documents.0.document.id': 'sheet-118',
      'retrieval.documents.0.document.content': 'Alpine tent, 2 persons: weight 2.3 kg, pack size 45 cm.',
      'retrieval.documents.0.document.score': 0.91,
    };
    await this.#span('search_data_sheets', SpanKind.INTERNAL, facts, () => pause(25), parent);
  }

  async #tool(parent: Context): Promise<void> {
    const facts = {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'check_stock',
      'gen_ai.tool.call.id': 'call_1',
      'gen_ai.tool.call.arguments': '{"product":"Alpine","colour":"blue"}',
      'gen_ai.tool.call.result': '{"in_stock":14}',
    };
    await this.#span(
      'execute_tool check_stock',
      SpanKind.INTERNAL,
      facts,
      async (inside) => {
        const query = { 'db.system.name': 'postgresql', 'db.query.text': 'SELECT count(*) FROM stock WHERE product = $1 AND colour = $2' };
        await this.#span('SELECT stock', SpanKind.CLIENT, query, () => pause(8), inside);
      },
      parent,
    );
  }

  async #span(
    name: string,
    kind: SpanKind,
    attributes: Facts,
    work: (inside: Context) => Promise<void>,
    parent: Context = context.active(),
  ): Promise<void> {
    const span: Span = this.#tracer.startSpan(name, { kind, attributes: { ...attributes } }, parent);
    this.spans += 1;
    await work(trace.setSpan(parent, span));
    span.end();
  }
}

function input(messages: readonly { role: string; text: string }[]): Facts {
  return {
    'gen_ai.input.messages': JSON.stringify(messages.map(({ role, text }) => ({ role, parts: [{ type: 'text', content: text }] }))),
  };
}

function output(text: string): Facts {
  return {
    'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: text }], finish_reason: 'stop' }]),
  };
}

function call(name: string, args: Readonly<Record<string, string>>): Facts {
  const parts = [{ type: 'tool_call', id: 'call_1', name, arguments: args }];
  return { 'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts, finish_reason: 'tool_call' }]) };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
