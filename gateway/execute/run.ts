/**
 * Runs a plan: asks the subgraphs in its order, as much at once as it allows, and merges what they answer into one tree.
 */
import type { RequestContext } from "../context.ts";
import { copyJson } from "../transport/json.ts";
import type { SubgraphError, SubgraphRequest, SubgraphResponse, Transport } from "../transport/transport.ts";
import { type ContextGroup, groupByContext } from "./contexts.ts";
import { collectAt, pathOf } from "./locate.ts";
import { isObject, type JsonObject, mergeInto } from "./merge.ts";
import { represent, type Representations } from "./representations.ts";
import { applyRewrites, renamePath } from "./rewrites.ts";
import type { EntityBatch, FetchStep, Step, TypesOf } from "./steps.ts";

/** What running a plan needs to know of the supergraph. */
export interface TypeFacts {
  readonly objectTypes: ReadonlySet<string>;
  readonly typesOf: TypesOf;
}

/** A path below an object, in the tree's terms; empty when all that is missing there has been told. */
export type Blame = readonly (string | number)[];

/** One operation while its plan runs. */
export interface Execution {
  /** The tree so far. */
  readonly data: JsonObject;
  /** In the client's terms. */
  readonly errors: SubgraphError[];
  /** Objects of the tree of which errors have told what is null or missing, and where below each. */
  readonly blamed: Map<JsonObject, Blame[]>;
  /** Coerced values of the client's variables (GraphQL section 6.1.2). */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
  readonly ask: Transport;
  /** Why a member of a partitioned subgraph is not to be asked, where members decide for themselves. */
  readonly refusal: SubgraphRequest["refusal"];
  /** Fields (`Type.field`) for which one was not. */
  readonly refused: ReadonlySet<string>;
  readonly types: TypeFacts;
  /** Whether objects of the tree stand at several places, because one entity was asked for once for all of them. */
  shared: boolean;
  /** Whether no text of the tree needs escaping in JSON. */
  plain: boolean;
  /** Whether every place must have objects of its own, because what they are asked depends on what stands above. */
  readonly apart: boolean;
}

/** Resolves when everything of the step has been asked and merged. Failures stand in `errors`. */
export async function runStep(step: Step, execution: Execution): Promise<void> {
  if (step.kind === "sequence") for (const part of step.steps) await runStep(part, execution);
  else if (step.kind === "parallel") await Promise.all(step.steps.map((part) => runStep(part, execution)));
  else if (step.contexts.length > 0) await fetchInContexts(step, execution);
  else if (step.entities.length > 0) await fetchEntities(step, execution);
  else await fetchRoot(step, execution);
}

async function fetchRoot(step: FetchStep, execution: Execution): Promise<void> {
  mergeRoot(step, await execution.ask(rootRequest(step, execution)), execution);
}

/** What a subgraph is asked for root fields. */
export function rootRequest(step: FetchStep, execution: Execution): SubgraphRequest {
  return requestOf(step, execution, pickVariables(step, execution));
}

/** Takes an answer about root fields over into the tree. */
export function mergeRoot(
  step: FetchStep,
  { data, errors, plain }: SubgraphResponse,
  execution: Execution,
): void {
  if (isObject(data)) {
    if (plain !== true) execution.plain = false;
    applyRewrites(step.rewrites, data);
    mergeInto(execution.data, data, execution.types.objectTypes);
  }
  for (const error of errors ?? []) {
    const path = error.path && renamePath(step.rewrites, error.path);
    execution.errors.push({ ...error, path });
    blame(execution, execution.data, isObject(data) ? (path ?? []) : []);
  }
}

/** One call for all entities whose arguments have the same values. */
async function fetchInContexts(step: FetchStep, execution: Execution): Promise<void> {
  const path = step.entities[0]?.paths[0] ?? [];
  const groups = groupByContext(step.contexts, execution.data, path);
  await Promise.all(groups.map((group) => fetchEntities(step, execution, group)));
}

/** Entities of one batch, and which representation stands for each. */
interface Asked extends Representations {
  readonly batch: EntityBatch;
  readonly entities: readonly JsonObject[];
  /** How many of `entities` each of the batch's paths gave. */
  readonly counts: readonly number[];
  /** Whether an object that stands at several places was found once. */
  readonly once: boolean;
}

async function fetchEntities(step: FetchStep, execution: Execution, group?: ContextGroup): Promise<void> {
  const variables = { ...pickVariables(step, execution), ...group?.variables };
  const asked = step.entities.map((batch) => prepareBatch(batch, execution, group?.members));
  if (asked.every(({ distinct }) => distinct.length === 0)) return;
  for (const { batch, distinct } of asked) variables[batch.variable] = distinct;
  const { data, errors, plain } = await execution.ask(requestOf(step, execution, variables));
  if (data && plain !== true) execution.plain = false;
  for (const part of asked) {
    const answered = data?.[part.batch.responseKey];
    if (Array.isArray(answered)) placeEntities(part, answered, execution);
  }
  for (const error of errors ?? []) execution.errors.push(locateError(error, asked, data, execution));
}

function prepareBatch(batch: EntityBatch, execution: Execution, members?: ReadonlySet<number>): Asked {
  const { data, shared: once } = execution;
  const entities: JsonObject[] = [];
  const counts = batch.paths.map((path) => {
    const before = entities.length;
    collectAt(data, path, entities, once ? new Set() : undefined);
    return entities.length - before;
  });
  const represented = represent(batch, entities, members);
  // What they lack was to come from a fetch that failed: the same cause.
  if (represented.incomplete && execution.errors.length > 0)
    blameAll(execution, entities, represented.places, -1);
  return { batch, entities, counts, once, ...represented };
}

function placeEntities(
  { batch, entities, counts, places, distinct }: Asked,
  answered: unknown[],
  execution: Execution,
): void {
  const { types } = execution;
  if (distinct.length < entities.length && !execution.apart) execution.shared ||= answered.some(hasObjects);
  applyRewrites(batch.rewrites, answered);
  const keys: string[][] = [];
  let from = 0;
  for (const [path, count] of counts.entries()) {
    // At one path every fetch that follows reaches all places of an entity alike, so they may share its objects. At
    // another path other fetches may follow.
    const source = path === 0 ? answered : copyJson(answered);
    for (let index = from; index < from + count; index += 1) {
      const place = places[index] as number;
      const entity = source[place];
      if (!isObject(entity)) continue;
      const own = execution.apart ? copyJson(entity) : entity;
      keys[place] ??= Object.keys(entity);
      mergeInto(entities[index] as JsonObject, own, types.objectTypes, keys[place]);
    }
    from += count;
  }
}

/** Whether what it is merged into would have objects in common with other places; leaves are values. */
function hasObjects(entity: unknown): boolean {
  return (
    isObject(entity) && Object.values(entity).some((value) => typeof value === "object" && value !== null)
  );
}

/** An error of a subgraph about its n-th entity, where the first such entity stands in the tree. */
function locateError(
  error: SubgraphError,
  asked: readonly Asked[],
  data: SubgraphResponse["data"],
  execution: Execution,
): SubgraphError {
  const [root, nth, ...below] = error.path ?? [];
  const part =
    asked.find(({ batch }) => batch.responseKey === root) ??
    asked.find(({ distinct }) => distinct.length > 0);
  if (part === undefined) return { ...error, path: undefined };
  const { batch, entities, counts, places, once } = part;
  const answered = data?.[batch.responseKey];
  const rest = renamePath(batch.rewrites, below);
  if (!Array.isArray(answered) || typeof nth !== "number")
    for (const each of asked) blameAll(execution, each.entities);
  else blameAll(execution, entities, places, nth, isObject(answered[nth]) ? rest : []);
  const place = typeof nth === "number" && places.includes(nth) ? nth : 0;
  const index = places.indexOf(place);
  let from = 0;
  for (const [at, count] of counts.entries()) {
    const path = batch.paths[at];
    if (index >= from && index < from + count && path !== undefined) {
      const position = pathOf(execution.data, path, index - from, once ? new Set() : undefined);
      return { ...error, path: position && [...position, ...rest] };
    }
    from += count;
  }
  return { ...error, path: undefined };
}

/** Notes for the entities that one representation stands for what an error has told of them. */
function blameAll(
  execution: Execution,
  entities: readonly JsonObject[],
  places?: Int32Array,
  place?: number,
  path: Blame = [],
): void {
  for (const [index, entity] of entities.entries())
    if (places === undefined || places[index] === place) blame(execution, entity, path);
}

function blame({ blamed }: Execution, object: JsonObject, path: Blame): void {
  const known = blamed.get(object);
  if (known === undefined) blamed.set(object, [path]);
  else known.push(path);
}

function requestOf(step: FetchStep, { context, refusal }: Execution, variables: JsonObject): SubgraphRequest {
  return {
    service: step.service,
    query: step.query,
    operationName: step.operationName,
    variables,
    ...(step.entities.length > 0 && { entities: step.entities }),
    ...(refusal && { refusal }),
    context,
  };
}

function pickVariables(step: FetchStep, { variables }: Execution): JsonObject {
  const picked: JsonObject = {};
  for (const name of step.variables) if (Object.hasOwn(variables, name)) picked[name] = variables[name];
  return picked;
}
