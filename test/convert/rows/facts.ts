/** Names, errors, tags, metadata, threads, projects and feedback (mapping §5, §11, §13). */
import { startNano } from '../spans.ts';
import { type Expected, type Row, row } from './row.ts';

const each = (keys: string, value: unknown, expected: Expected, more: Record<string, unknown> = {}): Row[] =>
  keys.split(' ').map((key) => row(key, { ...more, [key]: value }, expected));
const tool = { 'langsmith.span.kind': 'tool' };
const agent = { 'langsmith.span.kind': 'agent' };

const names: readonly Row[] = [
  ...each('langsmith.trace.name langsmith.metadata.ls_run_name ai.telemetry.metadata.ls_run_name langfuse.trace.name', 'n', { name: 'n' }),
  ...each(
    'gen_ai.tool.name ai.toolCall.name tool.name tool_name tool.function_name lk.function_tool.name spring.ai.tool.definition.name haystack.tool.name genkit:name',
    'n',
    { name: 'n' },
    tool,
  ),
  ...each(
    'gen_ai.agent.name agent.name agent_name lk.agent_name haystack.agent.name ai.telemetry.functionId gen_ai.agent.id',
    'n',
    { name: 'n' },
    agent,
  ),
  ...each('genkit:name traceloop.entity.name gen_ai.workflow.name haystack.component.name', 'n', { name: 'n' }),
  ...each('mlflow.spanName', '"n"', { name: 'n' }),
  ...each('gen_ai.prompt.name', 'n', { name: 'n' }, { 'langsmith.span.kind': 'prompt' }),
  row('traceloop.workflow.name', { 'traceloop.span.kind': 'workflow', 'traceloop.workflow.name': 'n' }, { name: 'n' }),
  row('the function of an outer span', { 'ai.operationId': 'ai.generateText', 'ai.telemetry.functionId': 'n' }, { name: 'n' }),
  row(
    'the operation of an inner span',
    { 'ai.operationId': 'ai.generateText.doGenerate', 'ai.telemetry.functionId': 'n' },
    { name: 'ai.generateText.doGenerate' },
  ),
  row("MCP's target", { 'mcp.method.name': 'tools/call' }, { name: 'search' }, { name: 'tools/call search' }),
  row('logfire.msg', { 'logfire.msg': 'Hello Ann' }, { name: 'span', metadata: { logfire_msg: 'Hello Ann' } }),
  row('nothing but a scope', {}, { name: 'my.scope' }, { name: '' }, 'my.scope'),
  row('nothing', {}, { name: 'span' }, { name: '' }),
];

const failure = (code: number, message = '') => ({ status: { code, message } });
const exception = (attributes: [string, string | boolean][]) => ({ events: [{ name: 'exception', timeUnixNano: startNano, attributes }] });
const errors: readonly Row[] = [
  row('a status with a message', {}, { status: 'error', error: 'broken' }, failure(2, 'broken')),
  row('a status without', {}, { status: 'error', error: 'Span status ERROR' }, failure(2)),
  ...'error.message exception.message langfuse.observation.status_message error_message error dify.error'
    .split(' ')
    .map((key) => row(key, { [key]: 'broken' }, { status: 'error', error: 'broken' }, failure(2))),
  row('http.response.status_code', { 'http.response.status_code': 503 }, { status: 'error', error: 'HTTP 503' }, failure(2)),
  row('error.type', { 'error.type': 'Timeout' }, { status: 'error', error: 'Timeout', metadata: { error_type: 'Timeout' } }),
  ...(
    [
      ['langfuse.observation.level', 'ERROR'],
      ['gen_ai.tool.status', 'error'],
      ['lk.function_tool.is_error', true],
      ['tool.result_status', 'error'],
      ['success', false],
      ['success', 'false'],
      ['dify.span.status', 'error'],
      ['gen_ai.task.status', 'failure'],
      ['genkit:state', 'error'],
    ] as const
  ).map(([key, value]) => row(`${key} = ${value}`, { [key]: value }, { status: 'error' })),
  row(
    'a handled error',
    { 'dify.span.status': 'handled_error', 'error.message': 'm', 'dify.trace_type': 'tool' },
    {
      status: 'success',
      metadata: { handled_error: 'm' },
    },
  ),
  row(
    'an exception',
    {},
    { status: 'error', error: 'A: m' },
    exception([
      ['exception.type', 'A'],
      ['exception.message', 'm'],
    ]),
  ),
  row(
    'a generic exception',
    {},
    { error: 'm' },
    exception([
      ['exception.type', 'Exception'],
      ['exception.message', 'm'],
    ]),
  ),
  row(
    'a stack trace',
    {},
    { error: 'A: m\n\nStacktrace:\ns' },
    exception([
      ['exception.type', 'A'],
      ['exception.message', 'm'],
      ['exception.stacktrace', 's'],
    ]),
  ),
  row(
    'an exception that did not escape',
    {},
    { status: 'success' },
    exception([
      ['exception.message', 'm'],
      ['exception.escaped', false],
    ]),
  ),
  row(
    'an exception under OK',
    {},
    { status: 'success', events: [{ name: 'exception' }] },
    { ...failure(1), ...exception([['exception.message', 'm']]) },
  ),
  row('an exception and a message', {}, { error: 'm\nbroken' }, { ...failure(2, 'broken'), ...exception([['exception.message', 'm']]) }),
  row(
    'the text of a failed tool',
    { ...tool, 'error.type': 'tool_error', 'output.value': 'no such file' },
    { status: 'error', error: 'no such file' },
  ),
  row('no end', {}, { status: 'pending' }, { endTimeUnixNano: 0n }),
  ...'GraphInterrupt NodeInterrupt AbortError CancelledError asyncio.CancelledError KeyboardInterrupt'
    .split(' ')
    .map((type) => row(type, { 'error.type': type }, { metadata: { ls_is_error_interrupt: true } })),
  row('turn.was_interrupted', { 'turn.was_interrupted': true }, { metadata: { ls_is_error_interrupt: true } }, failure(2)),
  ...'error.code error.domain error.category rpc.response.status_code'
    .split(' ')
    .map((key) => row(key, { [key]: 'x' }, { metadata: { [key]: 'x' } })),
];

const tags: readonly Row[] = [
  ...each(
    'langsmith.span.tags langfuse.trace.tags langfuse.tags tag.tags ai.telemetry.metadata.tags traceloop.association.properties.tags langwatch.labels lmnr.association.properties.tags lmnr.span.tags logfire.tags braintrust.tags metadata.tags mastra.tags tags',
    ['x', 'y'],
    { tags: ['x', 'y'] },
  ),
  ...each('langsmith.span.tags langfuse.trace.tags', '["x","y"]', { tags: ['x', 'y'] }),
  ...each('langsmith.span.tags', ' x, y ,x,', { tags: ['x', 'y'] }),
  ...each('metadata', '{"tags":["x","y"]}', { tags: ['x', 'y'] }),
  ...each('mlflow.trace.tags', '{"x":"1","y":"2"}', { tags: ['x', 'y'] }),
];

const metadata: readonly Row[] = [
  ...each(
    'langsmith.metadata.user_id langfuse.user.id user.id gen_ai.user.id gen_ai.user gen_ai.request.user llm.user enduser.id traceloop.association.properties.user_id ai.telemetry.metadata.userId ai.telemetry.metadata.user_id langwatch.user.id lmnr.association.properties.user_id mastra.metadata.userId dify.user.id gen_ai.prompt.0.user enduser.pseudo.id',
    'u',
    { metadata: { user_id: 'u' } },
  ),
  ...each('gen_ai.prompt.name langfuse.observation.prompt.name traceloop.prompt.key prompt.id', 'p', { metadata: { prompt_name: 'p' } }),
  ...each('langfuse.observation.prompt.version traceloop.prompt.version llm.prompt_template.version', '3', {
    metadata: { prompt_version: '3' },
  }),
  ...each('deployment.environment.name deployment.environment langfuse.environment gen_ai.environment', 'e', {
    metadata: { environment: 'e' },
  }),
  ...each('langfuse.release', 'r', { metadata: { release: 'r' } }),
  ...each('vcs.ref.head.revision', 'r', { metadata: { revision_id: 'r' } }),
  ...each('gen_ai.agent.version', 'v', { metadata: { ls_agent_version: 'v' } }),
  row(
    'a subagent of Claude Code',
    { agent_id: 'v', subagent_type: 'w' },
    { metadata: { ls_subagent_id: 'v', ls_subagent_type: 'w' } },
    {},
    'com.anthropic.claude_code',
  ),
  ...each(
    'langsmith.metadata.a ai.telemetry.metadata.a ai.settings.context.a traceloop.association.properties.a lmnr.association.properties.a lmnr.association.properties.metadata.a langfuse.trace.metadata.a langfuse.observation.metadata.a mastra.metadata.a metadata.a dify.metadata.a',
    'x',
    { metadata: { a: 'x' } },
  ),
  ...each(
    'langsmith.metadata langfuse.trace.metadata langfuse.observation.metadata langwatch.metadata langwatch.params braintrust.metadata metadata dify.metadata',
    '{"a":"x"}',
    { metadata: { a: 'x' } },
  ),
  row('LiteLLM in Python notation', { 'metadata.a': "{'b': None, 'c': True}" }, { metadata: { a: { c: true } } }, {}, 'litellm'),
  ...'generate_session_title prompt_suggestion'
    .split(' ')
    .map((source) =>
      row(
        `query_source ${source}`,
        { 'span.type': 'llm_request', query_source: source },
        { metadata: { ls_message_view_exclude: true } },
        { name: 'claude_code.llm_request' },
      ),
    ),
  ...'ls_agent_purpose ls_trace_schema_version ls_experiment_id ls_subagent_id'
    .split(' ')
    .map((key) => row(key, { [key]: 'x' }, { metadata: { [key]: 'x' } })),
  row(
    'what LangSmith reads as a switch',
    { 'langsmith.metadata.ls_message_view_exclude': 'false' },
    { metadata: { ls_message_view_exclude: false } },
  ),
];

const threads: readonly Row[] = [
  ...['session_id', 'conversation_id', 'thread_id'].flatMap((key) => [
    row(key, { [key]: 't' }, { metadata: { [key]: 't' } }),
    row(`langsmith.metadata.${key}`, { [`langsmith.metadata.${key}`]: 't' }, { metadata: { [key]: 't' } }),
    row(`metadata with ${key}`, { metadata: JSON.stringify({ [key]: 't' }) }, { metadata: { [key]: 't' } }),
  ]),
  ...each(
    'gen_ai.conversation.id dify.conversation.id conversation.id spring.ai.chat.client.conversation.id ai.telemetry.metadata.conversationId ai.telemetry.metadata.conversation_id ai.settings.context.conversationId traceloop.association.properties.conversation_id voltagent.conversation_id',
    't',
    { metadata: { conversation_id: 't' } },
  ),
  ...each(
    'langwatch.thread.id thread.id ai.telemetry.metadata.threadId ai.telemetry.metadata.thread_id ai.telemetry.metadata.chatId ai.settings.context.threadId ai.settings.context.chatId mastra.metadata.threadId traceloop.association.properties.thread_id traceloop.association.properties.chat_id group_id orq.thread_id',
    't',
    { metadata: { thread_id: 't' } },
  ),
  ...each(
    'langfuse.session.id session.id gen_ai.session.id ai.telemetry.metadata.sessionId ai.telemetry.metadata.session_id traceloop.association.properties.session_id lmnr.association.properties.session_id genkit:sessionId gcp.vertex.agent.session_id mastra.metadata.sessionId ai.settings.context.sessionId trace.metadata.session_id',
    't',
    { metadata: { session_id: 't' } },
  ),
  ...each('mlflow.trace.session', '"t"', { metadata: { session_id: 't' } }),
  row(
    'a session and another chat',
    { 'session.id': 's', 'gen_ai.conversation.id': 't' },
    { metadata: { conversation_id: 't', 'session.id': 's' } },
  ),
  row(
    'a session that is the chat',
    { 'session.id': 't', 'gen_ai.conversation.id': 't' },
    { metadata: { conversation_id: 't', session_id: 't' } },
  ),
  ...each('mcp.session.id aws.session lk.room_sid', 't', { absent: ['session_id', 'thread_id', 'conversation_id'] }),
];

const scored = (key: string, score: number) => ({ feedback: [{ key, score }] });
const feedback: readonly Row[] = [
  ...'annotations.0.annotation evaluations.0.evaluation trace.evaluations.0.evaluation session.evaluations.0.evaluation'
    .split(' ')
    .map((prefix) =>
      row(
        prefix,
        { [`${prefix}.name`]: 'k', [`${prefix}.score`]: 0.5, [`${prefix}.label`]: 'good' },
        { feedback: [{ key: 'k', score: 0.5, value: 'good' }] },
      ),
    ),
  row('braintrust.scores', { 'braintrust.scores': '{"k":0.5}' }, scored('k', 0.5)),
  row(
    'mlflow.assessments',
    {
      'mlflow.assessments':
        '[{"assessment_name":"k","feedback":{"value":0.5},"rationale":"because","source":{"source_type":"HUMAN","source_id":"ann"}}]',
    },
    {
      feedback: [{ key: 'k', score: 0.5, comment: 'because', feedback_source: { type: 'app' } }],
    },
  ),
  row(
    'mlflow.assessments with a word',
    { 'mlflow.assessments': '[{"name":"k","feedback":{"value":"good"},"source":{"source_type":"LLM_JUDGE"}}]' },
    {
      feedback: [{ key: 'k', value: 'good', feedback_source: { type: 'model' } }],
    },
  ),
  row(
    'a scorer of Mastra',
    { 'mastra.span.type': 'scorer_run', 'mastra.scorer_run.output': '{"score":0.5,"reason":"because"}' },
    {
      type: 'chain',
      feedback: [{ key: 'k', score: 0.5, comment: 'because' }],
    },
    { name: 'scorer_run k' },
  ),
  row(
    'gen_ai.evaluation.result',
    {},
    { feedback: [{ key: 'k', value: 'good', comment: 'because' }] },
    {
      events: [
        {
          name: 'gen_ai.evaluation.result',
          timeUnixNano: startNano,
          attributes: [
            ['gen_ai.evaluation.name', 'k'],
            ['gen_ai.evaluation.score.label', 'good'],
            ['gen_ai.evaluation.explanation', 'because'],
          ],
        },
      ],
    },
  ),
];

export const factRows: readonly Row[] = [...names, ...errors, ...tags, ...metadata, ...threads, ...feedback];
