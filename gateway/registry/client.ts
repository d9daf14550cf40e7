/**
 * The registry's API as functions: for the command line, for gateways, for programs of operators.
 */
import type { z } from "zod";
import type { Language } from "../language.ts";
import type { AnswerKeyVersion, Signer } from "./answer-keys.ts";
import type {
  answerKeyBody,
  checkBody,
  grantBody,
  keyBody,
  memberBody,
  operationsBody,
  publishBody,
  usageBody,
  variantBody,
} from "./bodies.ts";
import type { Changed } from "./change.ts";
import type { ClientCheck } from "./check.ts";
import type { SchemaChange, UsedOperation } from "./compare.ts";
import type { CompositionFault } from "./compose.ts";
import type { ServedGraph } from "./feed.ts";
import type { Granted, GrantVersion } from "./grants.ts";
import type { Identity, KeyInfo } from "./keys.ts";
import type { HistoryEntry } from "./sql.ts";
import type { MemberVersion, SubgraphVersion, VariantVersion } from "./state.ts";
import type { RegisteredOperation } from "./usage-sql.ts";

/** As JSON carries it: instants are RFC 3339 texts. */
export type Told<T> = T extends Date
  ? string
  : T extends readonly (infer I)[]
    ? readonly Told<I>[]
    : T extends object
      ? { readonly [K in keyof T]: Told<T[K]> }
      : T;

export type SubgraphInfo = Told<Omit<SubgraphVersion, "sdl">>;

export interface CheckResult extends Told<ClientCheck> {
  readonly ok: boolean;
  readonly faults: readonly CompositionFault[];
  readonly hints: readonly string[];
}

export interface CompositionInfo {
  readonly id: number;
  readonly createdAt: string;
  readonly subgraphs: readonly SubgraphInfo[];
  readonly members: readonly Told<MemberVersion>[];
  readonly variants: readonly VariantVersion[];
  /** SHA-256 of the supergraph. */
  readonly hash: string;
  readonly supergraph: string;
}

interface NameChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

export interface CompositionDiff {
  readonly from: { readonly id: number; readonly createdAt: string };
  readonly to: { readonly id: number; readonly createdAt: string };
  readonly subgraphs: NameChanges;
  readonly members: NameChanges;
  readonly variants: NameChanges;
  readonly schema: readonly Omit<SchemaChange, "usedBy">[];
}

/** A refusal of the registry, or that it cannot be reached (`REGISTRY_UNREACHABLE`, status 0). */
export class RegistryRefusal extends Error {
  override readonly name = "RegistryRefusal";
  readonly code: string;
  readonly status: number;
  /** What the error table's message is about: `faults`, `check`. */
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    message: string,
    code: string,
    status: number,
    extensions: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.status = status;
    this.extensions = extensions;
  }
}

export interface RegistryClientOptions {
  /** Where the registry listens, without `/v1`. */
  readonly url: string;
  readonly key: string;
  /** Of the registry's messages. */
  readonly language?: Language;
  /** Milliseconds; a composition takes a second or two. */
  readonly deadline?: number;
}

export type RegistryClient = ReturnType<typeof createRegistryClient>;

const DEADLINE_MS = 90_000;

/** Every function throws RegistryRefusal. */
export function createRegistryClient({
  url,
  key,
  language = "en",
  deadline = DEADLINE_MS,
}: RegistryClientOptions) {
  const headers = { authorization: `Bearer ${key}`, "accept-language": language };

  async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const limit = AbortSignal.timeout(deadline);
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url.replace(/\/+$/, "")}/v1/${path}`, {
        method,
        headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
        redirect: "error",
      });
      text = await response.text();
    } catch (error) {
      const { message, cause } = error as Error;
      const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
      throw new RegistryRefusal(
        `The registry at ${url} cannot be reached: ${reason}`,
        "REGISTRY_UNREACHABLE",
        0,
        {},
        { cause: error },
      );
    }
    if (response.status === 204) return undefined as T;
    const answer = parsed(text);
    if (response.ok && answer !== undefined) return answer as T;
    throw refusal(url, response.status, answer);
  }

  return {
    whoami: () => call<Identity>("GET", "whoami"),

    publish: (body: z.input<typeof publishBody>) => call<Changed>("POST", "publish", body),
    check: (body: z.input<typeof checkBody>) => call<CheckResult>("POST", "check", body),
    subgraphs: async () => (await call<{ subgraphs: SubgraphInfo[] }>("GET", "subgraphs")).subgraphs,
    subgraph: (name: string) => call<Told<SubgraphVersion>>("GET", named("subgraphs", name)),
    retire: (name: string, allowBreaking = false) =>
      call<Changed>("DELETE", `${named("subgraphs", name)}?allowBreaking=${allowBreaking}`),

    members: async () => (await call<{ members: Told<MemberVersion>[] }>("GET", "members")).members,
    addMember: (body: z.input<typeof memberBody>) => call<Changed>("POST", "members", body),
    suspendMember: (member: string) => call<Changed>("POST", named("members", member, "suspend")),
    resumeMember: (member: string) => call<Changed>("POST", named("members", member, "resume")),

    /** The latest first. */
    history: async (limit = 50, before?: number) => {
      const query = `history?limit=${limit}${before === undefined ? "" : `&before=${before}`}`;
      return (await call<{ history: Told<HistoryEntry>[] }>("GET", query)).history;
    },
    composition: (id: number | "latest") => call<CompositionInfo>("GET", named("compositions", id)),
    diff: (from: number | "latest", to: number | "latest") =>
      call<CompositionDiff>("GET", named("compositions", from, "diff", to)),
    rollBack: (composition: number) => call<Changed>("POST", "rollback", { composition }),

    variants: async () => (await call<{ variants: VariantVersion[] }>("GET", "variants")).variants,
    setVariant: (name: string, body: z.input<typeof variantBody>) =>
      call<Changed>("PUT", named("variants", name), body),
    dropVariant: (name: string) => call<Changed>("DELETE", named("variants", name)),

    issueKey: (body: z.input<typeof keyBody>) =>
      call<{ readonly key: string; readonly id: string }>("POST", "keys", body),
    revokeKey: (id: string) => call<Told<KeyInfo>>("DELETE", named("keys", id)),
    keys: async () => (await call<{ keys: Told<KeyInfo>[] }>("GET", "keys")).keys,

    addAnswerKey: (body: z.input<typeof answerKeyBody>) =>
      call<{ readonly changed: boolean }>("POST", "answer-keys", body),
    /** @param last whether it may be the last that counts */
    retireAnswerKey: ({ kind, name }: Signer, kid: string, last = false) =>
      call<{ readonly changed: boolean }>(
        "DELETE",
        `${named("answer-keys", kid)}?${new URLSearchParams({ kind, name, last: String(last) })}`,
      ),
    answerKeys: async () => (await call<{ keys: Told<AnswerKeyVersion>[] }>("GET", "answer-keys")).keys,

    addGrant: (body: z.input<typeof grantBody>) => call<Granted>("POST", "grants", body),
    revokeGrant: (id: number) => call<Granted>("DELETE", named("grants", id)),
    /** Those that were revoked, too. */
    grants: async () => (await call<{ grants: Told<GrantVersion>[] }>("GET", "grants")).grants,

    operations: () =>
      call<{ readonly used: UsedOperation[]; readonly registered: Told<RegisteredOperation>[] }>(
        "GET",
        "operations",
      ),
    /** Replaces what the client had registered. */
    registerOperations: (client: string, body: z.input<typeof operationsBody>) =>
      call<{ readonly client: string; readonly operations: number }>(
        "PUT",
        named("operations", client),
        body,
      ),

    /** The graph to serve, once its version is not `after`; undefined when `wait` seconds brought no other. */
    graph: (after: string | undefined, wait: number, signal?: AbortSignal) =>
      call<ServedGraph | undefined>(
        "GET",
        `graph?wait=${wait}${after === undefined ? "" : `&after=${encodeURIComponent(after)}`}`,
        undefined,
        signal,
      ),
    usage: (body: z.input<typeof usageBody>) => call<void>("POST", "usage", body),
  };
}

function named(folder: string, ...parts: readonly (string | number)[]): string {
  return [folder, ...parts.map((part) => encodeURIComponent(part))].join("/");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(url: string, status: number, answer: unknown): RegistryRefusal {
  const [error] =
    (answer as { errors?: { message: string; extensions?: Record<string, unknown> }[] } | undefined)
      ?.errors ?? [];
  if (error === undefined)
    return new RegistryRefusal(
      `What answers at ${url} is no registry (HTTP ${status})`,
      "REGISTRY_UNREACHABLE",
      status,
    );
  const { code, ...extensions } = error.extensions ?? {};
  return new RegistryRefusal(error.message, String(code), status, extensions);
}
