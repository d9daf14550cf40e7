/**
 * Asking a subgraph is an onion: every layer is a function of this one signature, around the next.
 *
 *   routeSubgraphs        which URL; a partitioned subgraph is split over its members (partition.ts), and those that
 *                         do not grant what is asked are left out
 *     recordCalls           writes the call down on the request
 *       measureCalls        counts it, for whoever watches the gateway
 *         rememberFailures  since when an address has been failing
 *           checkEntities   an answer for every entity, or it is no answer
 *             http          the call itself
 *
 * A call that fails is a value (`failure`), not an exception: exceptions are for broken invariants.
 */
import type { Verifiers } from "../answer-keys.ts";
import type { RequestContext } from "../context.ts";
import type { ErrorDetails, GatewayErrorCode } from "../errors.ts";
import type { Member } from "../members.ts";
import type { AnswerProof } from "./answer-proof.ts";

export interface SubgraphRequest {
  /** Name of the subgraph, as in the supergraph. */
  readonly service: string;
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The lists of entities it asks for; one, under the usual names, when it is left out. */
  readonly entities?: readonly EntityList[] | undefined;
  readonly context: RequestContext;
  /** Where to ask; set by the routing layer. Undefined below it: no URL is known. */
  readonly url?: string | undefined;
  /** Who is asked, where the subgraph is partitioned. */
  readonly member?: Member | undefined;
  /** By one of whose keys the answer must be signed; anybody's is believed where it is undefined. */
  readonly signers?: Verifiers | undefined;
  /** Why whom it goes to is not asked; undefined where it is. */
  readonly refusal?: ((request: SubgraphRequest) => Failure | undefined) | undefined;
  /** When nobody waits for the answer any more, the call is given up, and throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** One `_entities` field: where its answer stands, and which variable holds its representations. */
export interface EntityList {
  readonly responseKey: string;
  readonly variable: string;
}

export interface SubgraphResponse {
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors?: readonly SubgraphError[] | undefined;
  /** Whether no text in `data` needs escaping in JSON; not known when it is left out. */
  readonly plain?: boolean | undefined;
  /** HTTP status, when an answer came. */
  readonly status?: number | undefined;
  /** SHA-256 of the body, base64, where it is asked for. */
  readonly digest?: string | undefined;
  /** That it was signed, where it must be. */
  readonly proof?: AnswerProof | undefined;
  /** Set when there is no answer to use; then there is no data. */
  readonly failure?: Failure | undefined;
}

export interface SubgraphError {
  readonly message: string;
  /** In the subgraph's answer: response keys and list indices. */
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface Failure {
  readonly code: GatewayErrorCode;
  /** For the log only: may name addresses. */
  readonly reason: string;
  readonly status?: number | undefined;
  /** What a grant lacks. */
  readonly missing?: ErrorDetails["missing"];
  /** The limit that was passed, for deadlines (ms) and sizes (bytes). */
  readonly limit?: number | undefined;
  /** RFC 3339, the first failure since the address last answered. */
  readonly since?: string | undefined;
}

export type Transport = (request: SubgraphRequest) => Promise<SubgraphResponse>;

const USUAL_LIST: EntityList = { responseKey: "_entities", variable: "representations" };

/** The lists of entities that a request asks for; empty when it asks for root fields. */
export function entityLists({ entities, variables }: SubgraphRequest): readonly EntityList[] {
  return entities ?? (Array.isArray(variables[USUAL_LIST.variable]) ? [USUAL_LIST] : []);
}

/** The representations of one list. */
export function representationsOf(
  { variables }: SubgraphRequest,
  { variable }: EntityList,
): readonly unknown[] {
  const representations = variables[variable];
  return Array.isArray(representations) ? representations : [];
}

/** How many entities a request asks for; undefined when it asks for root fields. */
export function entityCount(request: SubgraphRequest): number | undefined {
  const lists = entityLists(request);
  return lists.length === 0
    ? undefined
    : lists.reduce((count, list) => count + representationsOf(request, list).length, 0);
}
