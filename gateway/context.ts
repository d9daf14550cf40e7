/**
 * What is known of one request from its beginning to its end. One object, passed along every step.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { DocumentNode } from "graphql";
import { preferredLanguage, type Language } from "./language.ts";
import type { Charged } from "./limits/rates.ts";
import type { AnswerDigest } from "./record/answers.ts";
import type { Spent } from "./limits/costing.ts";
import { ANONYMOUS, type Caller } from "./trust/caller.ts";

/** One call to a subgraph, as the trace and the log show it. Addresses are left out on purpose. */
export interface SubgraphCall {
  readonly service: string;
  /** Key of the member asked, where the subgraph is partitioned. */
  readonly member?: string;
  /** Its name for readers, where the members file gives one. */
  readonly memberName?: string;
  /** Milliseconds from the beginning of the request. */
  readonly startedAt: number;
  /** Milliseconds; undefined while the call goes on. */
  duration?: number;
  /** HTTP status; undefined when no answer came. */
  status?: number;
  /** Code of the error table, when the call failed. */
  code?: string;
  /** How many entities were asked for; undefined for root fields. */
  readonly entities?: number;
}

export interface RequestContext {
  readonly id: string;
  readonly language: Language;
  /** Headers that go along to every subgraph. */
  readonly forwarded: Readonly<Record<string, string>>;
  /** What subgraphs' answers may depend on beside the question: the forwarded headers but for the request's id. */
  readonly identity: string;
  /** Who asks; nobody known until the request's token is verified. */
  caller: Caller;
  /** What the request says it is for (`X-Purpose`). */
  readonly purpose: string | undefined;
  /** Whether the client asked for the list of calls in its answer. */
  readonly traceCalls: boolean;
  /** Whether it asked which members had a part in it. */
  readonly traceMembers: boolean;
  /** Of the connection's other end; empty where nothing was told. */
  readonly address: string;
  /** `X-Forwarded-For`, which counts as far as it is a trusted proxy's word. */
  readonly forwardedFor: string | undefined;
  /** Whether errors must not tell names of the schema that it did not use. */
  hidesSchema?: boolean;
  /** Headers that its answer is to have. */
  answerHeaders?: Readonly<Record<string, string>>;
  /** Whether it asked what its operation costs. */
  readonly traceCost: boolean;
  /** Set once it is computed: before the operation is executed, and after it. */
  cost?: { readonly estimated: number; readonly allowed: number; actual?: number };
  /** What was taken for it from its caller's allowances. */
  charged?: Charged;
  /** What it came to, once it is answered. */
  spent?: Spent | undefined;
  /** On the clock of `performance.now()`. */
  readonly startedAt: number;
  /** In the order they were asked. */
  readonly calls: SubgraphCall[];
  /** Of its calls, where readings are recorded. */
  answers?: AnswerDigest[];
  /** Set once the operation is known. */
  operation?: {
    readonly name: string | undefined;
    readonly kind: string;
    /** Undefined where only a part of it is executed, as for an event. */
    readonly document?: DocumentNode;
  };
  /** Codes of the errors in the answer, each once. */
  errorCodes: string[];
}

/** Characters that the log and the record keep of what a client names as it likes: its operation, its purpose. */
export const KEPT_OF_NAME = 100;

const FORWARDED = ["accept-language", "authorization", "x-purpose"] as const;

/** Opens the context of a request that has just come in. */
export function openContext(id: string, headers: IncomingHttpHeaders, address = ""): RequestContext {
  const forwarded: Record<string, string> = { "x-request-id": id };
  for (const name of FORWARDED) {
    const value = headers[name]?.toString();
    if (value !== undefined) forwarded[name] = value;
  }
  return {
    id,
    language: preferredLanguage(headers["accept-language"]),
    forwarded,
    identity: FORWARDED.map((name) => forwarded[name] ?? "").join("\n"),
    caller: ANONYMOUS,
    purpose: headers["x-purpose"]?.toString(),
    traceCalls: headers["x-trace-calls"] === "1",
    traceMembers: headers["x-trace-members"] === "1",
    address,
    forwardedFor: headers["x-forwarded-for"]?.toString(),
    traceCost: headers["x-trace-cost"] === "1",
    startedAt: performance.now(),
    calls: [],
    errorCodes: [],
  };
}
