import type { RunType } from '../../../model/draft.ts';

/** What a span is: its run type, and what that says beside it (mapping §4). */
export interface Kind {
  readonly runType: RunType;
  /** An agent: `ls_agent_type` is `root` or `subagent`. */
  readonly agent: boolean;
  /** A step around an agent: `ls_agent_type` is `middleware`. */
  readonly middleware: boolean;
  /** Kept out of LangSmith's messages view. */
  readonly exclude: boolean;
  /** A retriever that orders documents again. */
  readonly rerank: boolean;
  /** Completes one text instead of a conversation. */
  readonly completion: boolean;
}

/** A run type, with marks behind it: `chain agent`, `chain middleware`, `llm exclude`, `retriever rerank`, `llm completion`. */
export type KindText = `${RunType}${'' | ' agent' | ' middleware' | ' exclude' | ' rerank' | ' completion'}`;

const kinds = new Map<KindText, Kind>();

/** The one object for this text: kinds are compared and passed around without making new ones. */
export function kindOf(text: KindText): Kind {
  let kind = kinds.get(text);
  if (kind === undefined) {
    const [runType, mark] = text.split(' ');
    kind = {
      runType: runType as RunType,
      agent: mark === 'agent',
      middleware: mark === 'middleware',
      exclude: mark === 'exclude',
      rerank: mark === 'rerank',
      completion: mark === 'completion',
    };
    kinds.set(text, kind);
  }
  return kind;
}
