// Payloads of the benches: LLM spans of 6–8 kB (25 attributes, prompt and completion) and plain spans of about 1 kB. Deterministic.
import protobuf from 'protobufjs';

const root = new protobuf.Root();
root.resolvePath = (_origin, target) => new URL(`../proto/${target}`, import.meta.url).pathname;
root.loadSync('opentelemetry/proto/collector/trace/v1/trace_service.proto');
export const ExportTraceServiceRequest = root.lookupType('opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest');

let state = 20261121;
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

const words =
  'the gateway holds what it has acknowledged until the server has taken it and a parent that comes late finds its children waiting on disk where they cost nothing while traces of agents grow with every call to a model or a tool so a batch is sealed before it is sent and sent again byte for byte when the answer was lost'.split(
    ' ',
  );
function text(bytes) {
  let out = '';
  while (out.length < bytes) out += `${words[Math.floor(random() * words.length)]}${random() < 0.05 ? '.\n' : ' '}`;
  return out.slice(0, bytes);
}

const string = (key, value) => ({ key, value: { stringValue: value } });
const int = (key, value) => ({ key, value: { intValue: value } });
const double = (key, value) => ({ key, value: { doubleValue: value } });
const id = (bytes) => Buffer.from(Array.from({ length: bytes }, () => 1 + Math.floor(random() * 255)));

function llmAttributes() {
  const input = [
    { role: 'system', parts: [{ type: 'text', content: text(800) }] },
    { role: 'user', parts: [{ type: 'text', content: text(3200) }] },
  ];
  const output = [{ role: 'assistant', parts: [{ type: 'text', content: text(1800) }], finish_reason: 'stop' }];
  return [
    string('gen_ai.operation.name', 'chat'),
    string('gen_ai.provider.name', 'openai'),
    string('gen_ai.request.model', 'gpt-4o'),
    string('gen_ai.response.model', 'gpt-4o-2024-08-06'),
    string('gen_ai.response.id', `chatcmpl-${Math.floor(random() * 1e9)}`),
    double('gen_ai.request.temperature', 0.2),
    double('gen_ai.request.top_p', 0.9),
    int('gen_ai.request.max_tokens', 1024),
    int('gen_ai.usage.input_tokens', 1100),
    int('gen_ai.usage.output_tokens', 420),
    int('gen_ai.usage.cache_read.input_tokens', 512),
    string('gen_ai.input.messages', JSON.stringify(input)),
    string('gen_ai.output.messages', JSON.stringify(output)),
    string('gen_ai.conversation.id', `conversation-${Math.floor(random() * 1000)}`),
    string('user.id', `user-${Math.floor(random() * 1000)}`),
    string('server.address', 'api.openai.com'),
    int('server.port', 443),
    ...Array.from({ length: 8 }, (_, index) => string(`app.attribute.${index}`, text(24))),
  ];
}

// The same conversation as OpenInference writes it: text in indexed attributes.
function indexedAttributes() {
  return [
    string('openinference.span.kind', 'LLM'),
    string('llm.model_name', 'gpt-4o-2024-08-06'),
    string('llm.provider', 'openai'),
    string('llm.invocation_parameters', '{"temperature":0.2,"max_tokens":1024}'),
    string('llm.input_messages.0.message.role', 'system'),
    string('llm.input_messages.0.message.content', text(800)),
    string('llm.input_messages.1.message.role', 'user'),
    string('llm.input_messages.1.message.content', text(3200)),
    string('llm.output_messages.0.message.role', 'assistant'),
    string('llm.output_messages.0.message.content', text(1800)),
    int('llm.token_count.prompt', 1100),
    int('llm.token_count.completion', 420),
    int('llm.token_count.total', 1520),
    string('session.id', `session-${Math.floor(random() * 1000)}`),
    string('user.id', `user-${Math.floor(random() * 1000)}`),
    ...Array.from({ length: 10 }, (_, index) => string(`app.attribute.${index}`, text(24))),
  ];
}

// The same as OpenLLMetry writes it.
function openllmetryAttributes() {
  return [
    string('gen_ai.system', 'openai'),
    string('llm.request.type', 'chat'),
    string('gen_ai.request.model', 'gpt-4o'),
    string('gen_ai.response.model', 'gpt-4o-2024-08-06'),
    double('gen_ai.request.temperature', 0.2),
    int('gen_ai.request.max_tokens', 1024),
    string('gen_ai.prompt.0.role', 'system'),
    string('gen_ai.prompt.0.content', text(800)),
    string('gen_ai.prompt.1.role', 'user'),
    string('gen_ai.prompt.1.content', text(3200)),
    string('gen_ai.completion.0.role', 'assistant'),
    string('gen_ai.completion.0.content', text(1800)),
    string('gen_ai.completion.0.finish_reason', 'stop'),
    int('gen_ai.usage.prompt_tokens', 1100),
    int('gen_ai.usage.completion_tokens', 420),
    int('llm.usage.total_tokens', 1520),
    string('traceloop.workflow.name', 'answer'),
    ...Array.from({ length: 8 }, (_, index) => string(`traceloop.association.properties.key${index}`, text(24))),
  ];
}

function smallAttributes() {
  return [
    string('gen_ai.operation.name', 'execute_tool'),
    string('gen_ai.tool.name', 'search'),
    string('gen_ai.tool.call.arguments', JSON.stringify({ query: text(80) })),
    string('gen_ai.tool.call.result', text(380)),
    int('http.response.status_code', 200),
    string('user.id', `user-${Math.floor(random() * 1000)}`),
    ...Array.from({ length: 5 }, (_, index) => string(`app.attribute.${index}`, text(24))),
  ];
}

/** A model call among two other spans. */
const mixedAttributes = () => (random() < 1 / 3 ? llmAttributes() : smallAttributes());

const kinds = {
  llm: llmAttributes,
  indexed: indexedAttributes,
  small: smallAttributes,
  openllmetry: openllmetryAttributes,
  mix: mixedAttributes,
};

/** A request of `count` spans in traces of eight: a root and its children, children first. Every call makes new ids. */
export function request(kind, count) {
  return Buffer.from(ExportTraceServiceRequest.encode(ExportTraceServiceRequest.fromObject(message(kind, count))).finish());
}

/** The same as fields, ids as bytes. */
export function message(kind, count) {
  const spans = [];
  while (spans.length < count) {
    const traceId = id(16);
    const rootId = id(8);
    const size = Math.min(8, count - spans.length);
    for (let i = size - 1; i >= 0; i -= 1) {
      const start = 1767225600_000_000_000n + BigInt(Math.floor(random() * 1e9)) * 1000n;
      spans.push({
        traceId,
        spanId: i === 0 ? rootId : id(8),
        ...(i === 0 ? {} : { parentSpanId: rootId }),
        name: i === 0 ? 'agent' : 'step',
        kind: 1,
        startTimeUnixNano: `${start}`,
        endTimeUnixNano: `${start + 2_000_000_000n}`,
        attributes: kinds[kind](),
        status: { code: 1 },
      });
    }
  }
  const resource = { attributes: [string('service.name', 'shop'), string('telemetry.sdk.language', 'python')] };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'bench', version: '1.0' }, spans }] }] };
}
