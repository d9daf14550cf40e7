/**
 * Where a gateway has its graph from: files, or a registry.
 */
import type { AnswerKeys } from "./answer-keys.ts";
import type { MemberDirectory } from "./members.ts";
import type { Supergraph } from "./supergraph.ts";
import type { GrantDirectory } from "./trust/grants-file.ts";

/** What a graph is built from. */
export interface GraphInput {
  readonly supergraph: Supergraph;
  readonly directory: MemberDirectory;
  /** That answers of subgraphs must be signed with. */
  readonly answerKeys: AnswerKeys;
  /** What providers grant beside their SDL. */
  readonly grants: GrantDirectory;
  /** Supergraph SDL by variant. */
  readonly variants: ReadonlyMap<string, string>;
}

export interface GraphSource {
  /** What is said of a change that cannot be served. */
  readonly faulty: string;
  /** What to do about a supergraph that cannot be served. */
  readonly origin: string;
  /**
   * The graph as it is now. Where `before` is given, what is faulty stays as it was before, and the log says so.
   * @throws StartError when there is nothing to begin with
   */
  load(before?: GraphInput): Promise<GraphInput>;
  /** Calls `changed` when there is something to load. Returns how to end that. */
  watch(changed: () => void): () => void;
  /** Told of each graph that has begun to be served. */
  served?(input: GraphInput): Promise<void>;
}
