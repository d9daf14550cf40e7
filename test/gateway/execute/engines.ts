/**
 * Both engines on one graph, through the gateway's own transport.
 */
import { Kind, parse } from "graphql";
import { pino } from "pino";
import { createStockEngine, type Operation } from "../../../gateway/execute/apollo.ts";
import {
  type AccessSettings,
  createNativeEngine,
  type NativeEngine,
} from "../../../gateway/execute/engine.ts";
import type { IncrementalFormat } from "../../../gateway/incremental.ts";
import { NO_MEMBERS } from "../../../gateway/members.ts";
import { answerText } from "../../../gateway/request.ts";
import { readSupergraph } from "../../../gateway/supergraph.ts";
import { createHttpTransport } from "../../../gateway/transport/http.ts";
import { checkEntities } from "../../../gateway/transport/response.ts";
import { routeSubgraphs } from "../../../gateway/transport/route.ts";
import { ANONYMOUS, type Caller } from "../../../gateway/trust/caller.ts";
import { openContext } from "../../../gateway/context.ts";

/** An answer as a client would read it. */
export interface Reply {
  /** JSON text; undefined when the operation was not executed. */
  readonly data: string | undefined;
  readonly errors: readonly ReplyError[];
}

export interface ReplyError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** @param caller nobody known, when it is left out */
export type Ask = (
  query: string,
  variables?: object,
  seed?: number,
  caller?: Caller,
  purpose?: string,
) => Promise<Reply>;

/** @returns the parts of the answer, as a client would read them */
export type AskInParts = (
  format: IncrementalFormat,
  query: string,
  variables?: object,
  seed?: number,
) => Promise<readonly unknown[]>;

export interface Engines {
  readonly schema: NativeEngine["schema"];
  readonly native: Ask;
  readonly inParts: AskInParts;
  readonly stock: Ask;
  close(): Promise<void>;
}

const SILENT = pino({ level: "silent" });

/** How long a subgraph may take and how much it may say, in the tests. */
const LIMITS = { deadline: 5_000, maxResponseSize: 2 ** 22, shareQueries: false };

export interface NativeOnly extends Omit<Engines, "stock"> {}

export async function openNative(
  sdl: string,
  limits: Partial<typeof LIMITS> = {},
  access: AccessSettings = {},
): Promise<NativeOnly> {
  const { ask, close } = openTransport(sdl, limits);
  const engine = await createNativeEngine(sdl, undefined, undefined, access);
  return {
    schema: engine.schema,
    async native(query, variables = {}, seed = 0, caller = ANONYMOUS, purpose) {
      const context = { ...contextOf(seed), caller, purpose };
      const { data, errors } = await engine.execute(operationOf(query, variables), context, ask);
      return { data, errors };
    },
    async inParts(format, query, variables = {}, seed = 0) {
      const asked = { query, variables: variables as Record<string, unknown>, name: undefined, format };
      const { text, later } = await answerText(asked, contextOf(seed), { engine, transport: ask }, SILENT);
      const parts: unknown[] = [JSON.parse(text)];
      for await (const part of later?.texts ?? []) parts.push(JSON.parse(part));
      return parts;
    },
    close,
  };
}

export async function openEngines(sdl: string): Promise<Engines> {
  const { ask, close } = openTransport(sdl);
  const own = await openNative(sdl);
  const stock = await createStockEngine(sdl, SILENT);
  return {
    ...own,
    async stock(query, variables = {}, seed = 0) {
      const { data, errors } = await stock.execute(operationOf(query, variables), contextOf(seed), ask);
      return { data: data === undefined ? undefined : JSON.stringify(data), errors: errors ?? [] };
    },
    async close() {
      await own.close();
      await close();
    },
  };
}

function openTransport(sdl: string, limits: Partial<typeof LIMITS> = {}) {
  const http = createHttpTransport({ ...LIMITS, ...limits });
  const supergraph = readSupergraph(sdl, "test.graphql");
  return {
    ask: routeSubgraphs(checkEntities(http.ask), supergraph, NO_MEMBERS, new Map()),
    close: http.close,
  };
}

/** The seed travels as the one header that a client's request hands on unchanged. */
function contextOf(seed: number) {
  return openContext("test", { authorization: String(seed) });
}

function operationOf(query: string, variables: object): Operation {
  const document = parse(query);
  const definition = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  return {
    document,
    name: undefined,
    kind: definition?.kind === Kind.OPERATION_DEFINITION ? definition.operation : undefined,
    variables: variables as Readonly<Record<string, unknown>>,
    hash: query,
  };
}
