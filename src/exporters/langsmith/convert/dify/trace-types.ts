/** Dify's trace types, column by column as in mapping §19.3. Keys that a span does not have are left out. */
import type { KindText } from '../kind.ts';

export interface TraceType {
  readonly kind: KindText;
  /** What the run is called: this, with `_<id>` behind it where the type has ids of its own. */
  readonly name: string;
  /** Fields that may hold the run's id, the better first. */
  readonly id?: readonly string[];
  /** A field whose value is the name. */
  readonly namedBy?: string;
  readonly tags: readonly string[];
  /** A field whose value is one more tag. */
  readonly taggedBy?: string;
  /** The field with the id of the parent. */
  readonly parent?: string;
  /** The field with the id of another, for where that one does not exist. */
  readonly otherParent?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Outputs made of several fields where no field holds them. */
  readonly outputFields?: readonly string[];
  /** Fields with token counts; `none`: what the span says repeats another run's numbers. */
  readonly usage?: { readonly input?: string; readonly output?: string; readonly total: string } | 'none';
  readonly failable?: boolean;
  readonly metadata: readonly string[];
}

const model = ['status', 'from_end_user_id', 'from_account_id', 'agent_based', 'workflow_run_id', 'from_source'];

export const traceTypes: Readonly<Record<string, TraceType>> = {
  workflow: {
    kind: 'chain',
    name: 'workflow',
    id: ['workflow_app_log_id', 'workflow_run_id'],
    tags: ['workflow'],
    parent: 'conversation_id',
    otherParent: 'message_id',
    inputs: ['workflow_run_inputs', 'inputs'],
    outputs: ['workflow_run_outputs', 'outputs'],
    usage: { total: 'total_tokens' },
    failable: true,
    metadata: [
      ...[
        'workflow_id',
        'workflow_run_id',
        'tenant_id',
        'elapsed_time',
        'status',
        'version',
        'total_tokens',
        'file_list',
        'triggered_from',
      ],
      ...['user_session_id', 'query', 'workflow_app_log_id', 'message_id'],
    ],
  },
  message: {
    kind: 'llm',
    name: 'message',
    id: ['message_id'],
    tags: ['message'],
    taggedBy: 'conversation_mode',
    parent: 'conversation_id',
    inputs: ['inputs'],
    outputs: ['outputs'],
    usage: { input: 'message_tokens', output: 'answer_tokens', total: 'total_tokens' },
    failable: true,
    metadata: [...model, 'message_id', 'user_session_id', 'file_list', 'conversation_mode', 'message_file_data'],
  },
  moderation: {
    kind: 'tool exclude',
    name: 'moderation',
    tags: ['moderation'],
    parent: 'message_id',
    inputs: ['inputs'],
    outputs: ['outputs'],
    outputFields: ['action', 'flagged', 'preset_response', 'inputs'],
    usage: 'none',
    metadata: ['message_id', 'action', 'preset_response', 'user_id', 'flagged', 'workflow_app_log_id'],
  },
  suggested_question: {
    kind: 'llm exclude',
    name: 'suggested_question',
    tags: ['suggested_question'],
    parent: 'message_id',
    inputs: ['inputs'],
    outputs: ['suggested_question', 'outputs'],
    usage: 'none',
    failable: true,
    metadata: [...model, 'message_id', 'user_id', 'suggested_question', 'level', 'status_message', 'total_tokens'],
  },
  dataset_retrieval: {
    kind: 'retriever',
    name: 'dataset_retrieval',
    tags: ['dataset_retrieval'],
    parent: 'message_id',
    inputs: ['inputs'],
    outputs: ['documents', 'outputs'],
    usage: 'none',
    metadata: [...model, 'message_id', 'user_id'],
  },
  tool: {
    kind: 'tool',
    name: '',
    namedBy: 'tool_name',
    tags: ['tool'],
    taggedBy: 'tool_name',
    parent: 'message_id',
    inputs: ['tool_inputs', 'inputs'],
    outputs: ['tool_outputs', 'outputs'],
    usage: 'none',
    failable: true,
    metadata: [
      ...['message_id', 'tool_name', 'tool_inputs', 'tool_outputs', 'tool_config', 'time_cost', 'error', 'tool_parameters'],
      ...['message_file_id', 'created_by_role', 'created_user_id', 'user_id', 'file_url'],
    ],
  },
  generate_name: {
    kind: 'tool exclude',
    name: 'generate_name',
    tags: ['generate_name'],
    inputs: ['inputs'],
    outputs: ['outputs'],
    usage: 'none',
    metadata: ['tenant_id', 'user_id'],
  },
};

/** A workflow's node and the model call inside of a message are no trace types; they hang where their spans hang (mapping §19.5). */
const nodeMetadata = ['workflow_run_id', 'node_execution_id', 'node_id', 'node_type', 'tenant_id', 'status', 'message_id', 'user_id'];
export const node: Omit<TraceType, 'kind'> = {
  name: '',
  tags: ['node_execution'],
  inputs: ['inputs'],
  outputs: ['outputs'],
  failable: true,
  metadata: nodeMetadata,
};
export const modelCall: TraceType = { ...node, kind: 'llm', tags: [] };

/** Kinds of nodes; all others are chains. A classifier and an extractor are llm runs where they count tokens. */
export const nodeKinds: Readonly<Record<string, KindText>> = {
  llm: 'llm',
  'knowledge-retrieval': 'retriever',
  tool: 'tool',
  agent: 'chain agent',
};
export const modelNodes: ReadonlySet<string> = new Set(['question-classifier', 'parameter-extractor']);

/** Every record may say these, too. */
export const everyMetadata = ['external_trace_id', 'app_id', 'app_name'];
