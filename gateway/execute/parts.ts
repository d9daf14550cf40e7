/**
 * An operation with @defer: the first part is written as soon as its own steps are done; the others are run meanwhile,
 * on the same tree, and given when they are complete.
 */
import {
  getNamedType,
  type GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  isCompositeType,
} from "graphql";
import type { PreparedOperation, PreparedParts } from "../plan/prepare.ts";
import type { StagedField } from "../plan/stages.ts";
import type { SubgraphError } from "../transport/transport.ts";
import { clientError, faultErrors, type Schemas } from "./complete.ts";
import { type Announced, createDeliveries, type Update } from "./deliveries.ts";
import type { Outcome } from "./engine.ts";
import { type FieldGroup, findBelow, findLater, type FoundLater, type ObjectPlace } from "./fragments.ts";
import type { Introspected } from "./introspection.ts";
import type { JsonObject } from "./merge.ts";
import { compileObject, objectTypeOf, type Selection, type Sink } from "./projection.ts";
import type { Execution } from "./run.ts";
import { runParts } from "./run-parts.ts";

export interface FirstPart extends Outcome {
  /** Undefined when there is nothing to come. */
  readonly later?: LaterParts | undefined;
}

/** What comes after the first part. */
export interface LaterParts {
  /** Announced with the first part. */
  readonly pending: readonly Announced[];
  /** What is complete, each time there is something; the last says so. Ends early when it is cancelled. */
  readonly updates: () => AsyncGenerator<Update, void, undefined>;
  /** Nobody waits any more: what is under way is given up. */
  readonly cancel: () => void;
}

/** Resolves with the first part. */
export async function executeParts(
  prepared: PreparedOperation,
  { stages, later }: PreparedParts,
  execution: Execution,
  own: Introspected,
  schemas: Schemas,
): Promise<FirstPart> {
  const { rootType } = prepared;
  const { data, blamed } = execution;
  const running = runParts(prepared, later, execution);
  const deliveries = createDeliveries({
    isFetched: running.isOver,
    takeErrors: running.takeErrors,
    complete: completeGroup,
    whole: (fragment) => write(fragment, stages.ofFragment(fragment.usage), newSink()) ?? "null",
  });

  function write(place: ObjectPlace, selection: Selection, sink: Sink): string | undefined {
    // Only the root has fields of the schema itself, and only their texts are of this one request.
    const isRoot = place.treePath.length === 0;
    const writer = isRoot
      ? compileObject(schemas.schema, place.type, selection, own.texts)
      : writerOf(schemas.schema, place.type, selection);
    return writer(place.object, sink);
  }

  function typeOf({ type }: StagedField, object: JsonObject): GraphQLObjectType | undefined {
    const named = getNamedType(type);
    return isCompositeType(named) ? objectTypeOf(schemas.schema, named, object) : undefined;
  }

  function completeGroup(group: FieldGroup): void {
    const { later: selection, type, object, path, within } = group;
    const found: FoundLater = { fragments: [], groups: [] };
    const failure = running.failureOf(selection.owner.key);
    const sink = newSink();
    const text = failure === undefined ? write(group, selection, sink) : undefined;
    if (text !== undefined) findBelow(group, selection.fields, JSON.parse(text), typeOf, within, found);
    deliveries.take(found);
    const errors: Error[] = tell(group.told);
    if (failure !== undefined) errors.push(failure);
    if (sink.faulty) errors.push(...faultErrors(schemas, blamed, type, selection, object, path));
    if (text === undefined && errors.length === 0)
      // The cause was told elsewhere; a part that fails says why itself.
      errors.push(...faultErrors(schemas, new Map(), type, selection, object, path));
    group.text = text;
    group.errors = errors;
  }

  /** Errors in the client's terms; those about groups to come wait for these. */
  function tell(errors: readonly SubgraphError[]): GraphQLError[] {
    const told: GraphQLError[] = [];
    for (const error of errors) {
      const about = deliveries.groupOf(error);
      if (about === undefined) told.push(clientError(error, schemas, prepared, data));
      else about.told.push(error);
    }
    return told;
  }

  async function* updates(): AsyncGenerator<Update, void, undefined> {
    try {
      while (deliveries.hasNext && !running.isStopped) {
        const change = running.nextChange();
        const update = deliveries.advance();
        if (update === undefined) await change;
        else yield update;
      }
    } finally {
      running.stop();
    }
  }

  await running.first;
  const root: ObjectPlace = { type: rootType, object: data, path: [], treePath: [] };
  const sink = newSink();
  const text = write(root, stages.root, sink) ?? "null";
  const found: FoundLater = { fragments: [], groups: [] };
  if (text !== "null") findLater(root, stages.root, JSON.parse(text), typeOf, new Map(), found);
  deliveries.take(found);
  const errors = [...own.errors, ...tell(execution.errors)];
  if (sink.faulty) errors.push(...faultErrors(schemas, blamed, rootType, stages.root, data));
  const pending = deliveries.announce(found.fragments);
  if (pending.length > 0) return { data: text, errors, later: { pending, updates, cancel: running.stop } };
  running.stop();
  return { data: text, errors };
}

function newSink(): Sink {
  return { faulty: false, plain: false };
}

type Writer = ReturnType<typeof compileObject>;

/** Compiled when they first occur, and kept as long as the operation is. */
const writers = new WeakMap<Selection, Map<GraphQLObjectType, Writer>>();

function writerOf(schema: GraphQLSchema, type: GraphQLObjectType, selection: Selection): Writer {
  let byType = writers.get(selection);
  if (byType === undefined) {
    byType = new Map();
    writers.set(selection, byType);
  }
  let writer = byType.get(type);
  if (writer === undefined) {
    writer = compileObject(schema, type, selection);
    byType.set(type, writer);
  }
  return writer;
}
