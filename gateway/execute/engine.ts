/**
 * The engine: executes operations over the subgraphs of one supergraph (GraphQL section 6), and writes the answer's
 * `data` as JSON text.
 *
 *   1. prepared operation from the cache, or planned and compiled        plan/prepare.ts
 *   2. variables coerced                                                 GraphQL section 6.1.2
 *   3. the plan's steps: ask, merge                                      run.ts
 *   4. the answer written; where it is not what the schema says: why     projection.ts, faults.ts
 */
import { hash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import {
  type DocumentNode,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
} from "graphql";
import { ownError } from "../answer.ts";
import type { RequestContext } from "../context.ts";
import { type Costing, createCosting } from "../limits/costing.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits/limits.ts";
import { createAliases } from "../plan/aliases.ts";
import { conditionVariables, deferConditions } from "../plan/conditions.ts";
import { createDocuments, type Documents } from "../plan/documents.ts";
import { createPlanner } from "../plan/planner.ts";
import { prepare, type PreparedOperation, type PrepareOptions } from "../plan/prepare.ts";
import { buildSchemas } from "../plan/schemas.ts";
import { readLinks } from "../plan/links.ts";
import { type PersonalRules, readPersonal } from "../record/personal.ts";
import { readsPersonal } from "../record/readings.ts";
import type { Read, Recorder } from "../record/recorder.ts";
import { createLru } from "../transport/lru.ts";
import type { Transport } from "../transport/transport.ts";
import { createResting, giveWay } from "../turns.ts";
import { readMasks } from "../trust/masks.ts";
import type { StatedGrant } from "../trust/grant.ts";
import { readGrants } from "../trust/grants.ts";
import { createMemberGrants } from "../trust/member-grants.ts";
import { purposeFault, type Purposes } from "../trust/purposes.ts";
import { needsOf, refusalsOf } from "../trust/refusals.ts";
import { NO_RULES, readRules } from "../trust/rules.ts";
import type { Operation } from "./apollo.ts";
import { complete, refusedError, type Schemas } from "./complete.ts";
import { introspect, type Introspected, NOTHING_OWN } from "./introspection.ts";
import { type Execution, runStep, type TypeFacts } from "./run.ts";
import { executeParts, type FirstPart } from "./parts.ts";
import { openSubscription, type Subscribed } from "./subscribe.ts";

/** What an operation came to. */
export interface Outcome {
  /** JSON text of `data`; undefined when the operation could not be executed at all. */
  readonly data: string | undefined;
  readonly errors: readonly GraphQLError[];
}

export interface NativeEngine {
  readonly kind: "native";
  /** What clients see of the supergraph. */
  readonly schema: GraphQLSchema;
  /** What its operator should know of, though it can be served. */
  readonly hints: readonly string[];
  /** Parses and validates a document, or takes it from the cache. */
  readonly open: Documents["open"];
  readonly costing: Costing;
  /**
   * Plans what another engine was asked last, the latest first, so that taking its place slows no request down. Of very
   * many operations the last are planned after the promise is kept.
   */
  warmFrom(other: NativeEngine): Promise<void>;
  readonly recent: Documents["recent"];
  /** Executes a valid operation; every subgraph is asked through `ask`. */
  execute(operation: Operation, context: RequestContext, ask: Transport): Promise<Outcome>;
  /** The same for a client that takes what is deferred (@defer) later. */
  executeInParts(operation: Operation, context: RequestContext, ask: Transport): Promise<FirstPart>;
  /** Plans a valid subscription; what its events lack is asked for through `ask`. */
  subscribe(operation: Operation, context: RequestContext, ask: Transport): Promise<Subscribed>;
}

/** An operation that can be run, or why not. */
type Ready =
  | {
      readonly prepared: PreparedOperation;
      readonly variables: Readonly<Record<string, unknown>>;
      readonly errors?: undefined;
    }
  | {
      readonly prepared?: undefined;
      readonly variables?: undefined;
      readonly errors: readonly GraphQLError[];
    };

/** One operation of one document, with what of its directives decides on its plan. */
interface Entry {
  readonly operation: OperationDefinitionNode;
  readonly conditions: readonly string[];
  /** What turns its @defer on: variables, or true. */
  readonly defers: readonly (string | true)[];
  /** What reading it can ask of a caller (trust/rules.ts). */
  readonly needs: readonly number[];
  /** On what values that it can read are not masked (trust/masks.ts). */
  readonly unmasked: readonly number[];
  /** What personal data is, where it can read some and that is recorded. */
  readonly personal: PersonalRules | undefined;
  /** By the values of its conditions. A plan in the making is shared by all who wait for it. */
  readonly prepared: Map<string, Promise<PreparedOperation>>;
}

export interface AccessSettings {
  /** Whether the supergraph's @authenticated, @requiresScopes and @policy count; they do when it is left out. */
  readonly enforced?: boolean;
  /** Whether what is masked (@masked) is masked for everybody, whatever scopes are held. */
  readonly masksForEverybody?: boolean;
  /** What is granted beside the SDL, where only what is granted may be read; nothing needs a grant when it is left out. */
  readonly grants?: readonly StatedGrant[] | undefined;
  /** Those that callers may name. */
  readonly purposes?: Purposes | undefined;
  /** What is refused: the field, when it is left out, or the request. */
  readonly refuse?: "field" | "request" | undefined;
  /** Where readings of personal data are recorded; nowhere when it is left out. */
  readonly recorder?: Recorder | undefined;
}

const ENTRIES = 2_000;
const LONGEST_KEY = 20_000;
/** Operations planned anew when the supergraph changes. */
const WARMED = 500;
/** Whoever publishes a graph waits no longer for it. */
const WARMED_WITHIN_MS = 500;
/** Variants of one operation by its conditions; beyond that the oldest is planned again. */
const VARIANTS = 64;

/**
 * Built in pieces between which requests are served.
 * @param limits of documents, the defaults where there are none
 * @param access what becomes of what a caller may not read
 * @param document of the supergraph, where it is parsed already
 * @throws Error when the SDL is not a supergraph that can be served.
 */
export async function createNativeEngine(
  supergraphSdl: string,
  limits?: Limits,
  document: DocumentNode = parse(supergraphSdl, { noLocation: true }),
  access: AccessSettings = {},
): Promise<NativeEngine> {
  await giveWay();
  const built = await buildSchemas(supergraphSdl, document);
  const { api: schema, full: supergraph } = built;
  const schemas: Schemas = { schema, supergraph };
  const types = typeFacts(supergraph);
  const aliases = createAliases(supergraph);
  await giveWay();
  const planner = await createPlanner(built);
  const entries = createLru<Entry>(ENTRIES, LONGEST_KEY);
  const { grants, purposes = {} } = access;
  const links = readLinks(built.document);
  const granting = grants && readGrants(built.document, links, supergraph, grants, Object.keys(purposes));
  const members = granting && createMemberGrants(granting, grants ?? [], supergraph, schema);
  const rules = access.enforced === false ? NO_RULES : readRules(built.document, links, schema, granting);
  const masks = readMasks(built.document, schema, {
    enforced: access.enforced,
    forEverybody: access.masksForEverybody,
  });

  const { recorder } = access;
  const personal = recorder && readPersonal(built.document, supergraph, schema);

  const documents = createDocuments(schema, limits);

  return {
    kind: "native",
    schema,
    hints: granting?.hints ?? [],
    open: documents.open,
    costing: createCosting(schema, document, (limits ?? DEFAULT_LIMITS).defaultListSize),
    recent: documents.recent,
    async warmFrom(other) {
      await Promise.race([
        warm(other.recent(WARMED)),
        setTimeout(WARMED_WITHIN_MS, undefined, { ref: false }),
      ]);
    },
    async execute(request, context, ask) {
      const { prepared, variables, errors } = await makeReady(request, context);
      if (errors) return { data: undefined, errors };
      const execution = begin(prepared, variables, context, ask);
      for (const step of prepared.steps) await runStep(step, execution);
      const own = introspect(schema, prepared.introspection, variables);
      return release(request, prepared, execution, own);
    },
    async executeInParts(request, context, ask) {
      const { prepared, variables, errors } = await makeReady(request, context, true);
      if (errors) return { data: undefined, errors };
      const execution = begin(prepared, variables, context, ask);
      const own = introspect(schema, prepared.introspection, variables);
      if (prepared.parts !== undefined)
        return executeParts(prepared, prepared.parts, execution, own, schemas);
      for (const step of prepared.steps) await runStep(step, execution);
      return release(request, prepared, execution, own);
    },
    async subscribe(request, context, ask) {
      const { prepared, variables, errors } = await makeReady(request, context);
      if (errors) return { errors };
      // With its one root field a subscription is refused as a whole.
      if (prepared.steps.length === 0 && prepared.refused.length > 0) {
        await record(request, context, { readings: [], refused: prepared.refused });
        return { errors: refusedErrors(prepared, context) };
      }
      // Told by no event, and so recorded with none.
      const onRefused = (field: string) => void record(request, context, { readings: [], refused: [field] });
      return openSubscription(
        prepared.steps,
        begin(prepared, variables, context, ask, onRefused),
        (eventContext) => begin(prepared, variables, eventContext, ask),
        (execution) => release(request, prepared, execution, NOTHING_OWN),
      );
    },
  };

  async function warm(asked: ReturnType<Documents["recent"]>): Promise<void> {
    const rest = createResting();
    // For callers who may read everything: what others lack is not known yet.
    const unknown = { refusals: undefined, lacks: [], maskOf: undefined, masked: [] };
    const parts = { schema, planner, aliases, types, members, ...unknown };
    for (const { text, name } of asked) {
      await rest();
      const { operation } = documents.open(text, name);
      if (operation === undefined) continue;
      const request: Operation = { ...operation, variables: {} };
      const entry = entries.get(request.hash, () => open(request));
      await rest();
      // Without a plan for it the request itself will tell why; the conditions' most common value is false.
      await variantOf(entry, request, parts, {}, 0).catch(() => undefined);
      if (isDeferring(entry, {})) await variantOf(entry, request, parts, {}, 0, true).catch(() => undefined);
    }
    // The latest is the last to be forgotten here too.
    for (const { text, name } of asked.toReversed()) documents.open(text, name);
  }

  /** Planned, and its variables coerced. */
  async function makeReady(request: Operation, context: RequestContext, inParts = false): Promise<Ready> {
    const share = planner.thresholds.length === 0 ? 0 : Math.random() * 100;
    const entry = entries.get(request.hash, () => open(request));
    const coerced = getVariableValues(schema, entry.operation.variableDefinitions ?? [], request.variables);
    if (coerced.errors) return { errors: coerced.errors.map(badInput) };
    const variables = coerced.coerced;
    const fault =
      granting === undefined && entry.personal === undefined
        ? undefined
        : purposeFault(
            purposes,
            context.purpose,
            entry.personal !== undefined && recorder?.requiresPurpose === true,
          );
    if (fault !== undefined) {
      await record(request, context, { readings: [], refused: [], code: fault.code });
      return { errors: [ownError(fault.code, context, fault.details)] };
    }
    const isInParts = inParts && isDeferring(entry, variables);
    const unmet = rules.unmet(context.caller, context.purpose);
    const lacks = unmet.size === 0 ? [] : entry.needs.filter((number) => unmet.has(number));
    const refusals = lacks.length === 0 ? undefined : refusalsOf(schema, rules, new Set(lacks));
    const masked = maskedFor(entry, context);
    const maskOf = masks.without(masked);
    const graphParts = { schema, planner, aliases, types, members, refusals, lacks, maskOf, masked };
    const prepared = await variantOf(entry, request, graphParts, variables, share, isInParts);
    if (access.refuse === "request" && prepared.refused.length > 0) {
      const code = "OPERATION_FORBIDDEN";
      await record(request, context, { readings: [], refused: prepared.refused, code });
      return { errors: prepared.refused.map((name) => ownError(code, context, { name })) };
    }
    return { prepared, variables };
  }

  function maskedFor({ unmasked }: Entry, { caller }: RequestContext): readonly number[] {
    if (unmasked.length === 0) return unmasked;
    const unmet = masks.unmet(caller);
    return unmasked.filter((number) => unmet.has(number));
  }

  function open(request: Operation): Entry {
    const isPersonal = personal !== undefined && readsPersonal(schema, personal, request.document);
    const needs = needsOf(schema, rules, request.document);
    const unmasked = masks.met(request.document);
    return openEntry(request, { needs, unmasked, personal: isPersonal ? personal : undefined });
  }

  /** The answer, once what it tells of persons is recorded; without that where it cannot be. */
  async function release(
    request: Operation,
    prepared: PreparedOperation,
    execution: Execution,
    own: Introspected,
  ): Promise<Outcome> {
    const refused = [...prepared.refused, ...execution.refused];
    const readings = prepared.personal?.readings(execution.data) ?? [];
    if (recorder === undefined || (readings.length === 0 && refused.length === 0))
      return complete(prepared, execution, own, schemas);
    // Written while the entry is on its way.
    const recorded = record(request, execution.context, { readings, refused });
    const outcome = complete(prepared, execution, own, schemas);
    if ((await recorded) || prepared.personal === undefined || readings.length === 0) return outcome;
    return complete(prepared.personal.withheld(), execution, own, schemas);
  }

  async function record(request: Operation, context: RequestContext, read: Read): Promise<boolean> {
    if (recorder === undefined) return true;
    const { name, kind = "", hash: text } = request;
    return recorder.record(context, { name, kind, hash: hash("sha256", text) }, read);
  }

  function begin(
    { apart, told }: PreparedOperation,
    variables: Execution["variables"],
    context: RequestContext,
    ask: Transport,
    onRefused?: (field: string) => void,
  ): Execution {
    const blamed: Execution["blamed"] = new Map();
    const refused = new Set<string>();
    const refusal: Execution["refusal"] = (request) => {
      const found = told && members?.refusal(request, told);
      if (found === undefined) return undefined;
      refused.add(found.field);
      onRefused?.(found.field);
      return found.failure;
    };
    return {
      data: {},
      errors: [],
      blamed,
      variables,
      context,
      ask,
      refusal: members && told && refusal,
      refused,
      types,
      shared: false,
      plain: true,
      apart,
    };
  }
}

function openEntry(
  { document, name }: Operation,
  found: Pick<Entry, "needs" | "unmasked" | "personal">,
): Entry {
  const operation = document.definitions.find(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      (name === undefined || definition.name?.value === name),
  );
  if (operation?.kind !== Kind.OPERATION_DEFINITION)
    throw new Error("the document has no operation of that name");
  return {
    operation,
    conditions: conditionVariables(document),
    defers: deferConditions(document),
    ...found,
    prepared: new Map(),
  };
}

/** Whether anything is deferred, for a client that takes an answer in parts. */
function isDeferring({ defers }: Entry, variables: Readonly<Record<string, unknown>>): boolean {
  return defers.some((condition) => condition === true || variables[condition] === true);
}

/** What operations are prepared with: those of all callers who lack the same alike. */
interface GraphParts
  extends Pick<
    PrepareOptions,
    "schema" | "planner" | "aliases" | "types" | "members" | "refusals" | "maskOf"
  > {
  /** Numbers of what a caller does not meet. */
  readonly lacks: readonly number[];
  /** And of the conditions on which it would see what is masked. */
  readonly masked: readonly number[];
}

function variantOf(
  entry: Entry,
  { document }: Operation,
  { lacks, masked, ...graph }: GraphParts,
  variables: Readonly<Record<string, unknown>>,
  share: number,
  inParts = false,
): Promise<PreparedOperation> {
  const values = entry.conditions.map((name) => (variables[name] === true ? "1" : "0")).join("");
  // Requests between the same two thresholds of a progressive override have the same plan.
  const turned = graph.planner.thresholds.filter((threshold) => threshold <= share).length;
  const key = `${values}:${turned}${inParts ? " in parts" : ""}${lacks.length > 0 ? ` without ${lacks.join()}` : ""}${masked.length > 0 ? ` masked ${masked.join()}` : ""}`;
  let prepared = entry.prepared.get(key);
  if (prepared === undefined) {
    const conditions = Object.fromEntries(entry.conditions.map((name) => [name, variables[name] === true]));
    const { operation, personal } = entry;
    prepared = prepare({ ...graph, personal, document, operation, conditions, share, inParts });
    if (entry.prepared.size >= VARIANTS) entry.prepared.delete(entry.prepared.keys().next().value ?? "");
    entry.prepared.set(key, prepared);
    // A plan that failed is not kept: the next request tries again.
    prepared.catch(() => entry.prepared.delete(key));
  }
  return prepared;
}

function refusedErrors(
  { refused, reasonOf }: PreparedOperation,
  { language }: RequestContext,
): readonly GraphQLError[] {
  return refused.map((name) =>
    refusedError(reasonOf?.(name) ?? { code: "FORBIDDEN", details: { name } }, language),
  );
}

/** A variable that is missing, or not of its type: the request is refused as a whole (GraphQL section 6.1.2). */
function badInput({ message, nodes }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { nodes: nodes ?? null, extensions: { code: "BAD_USER_INPUT" } });
}

function typeFacts(schema: GraphQLSchema): TypeFacts {
  const types = Object.values(schema.getTypeMap());
  const objectTypes = new Set(types.filter(isObjectType).map(({ name }) => name));
  const members = new Map(
    types
      .filter(isAbstractType)
      .map((type) => [type.name, new Set(schema.getPossibleTypes(type).map(({ name }) => name))]),
  );
  return {
    objectTypes,
    typesOf: (name) => [name, ...(members.get(name) ?? [])],
  };
}
