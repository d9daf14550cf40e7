/**
 * Planning in pieces, for operations that Hive's planner (0.0.38) finds no plan for, or a wrong one. It loses its way
 * where a field with @requires lies below another entity of its own type, and where a shared value type has a field in
 * another subgraph only; and it mixes up the types where an interface that is an object somewhere (@interfaceObject) is
 * asked for different fields of several types.
 *
 * The operation is cut at an entity: what lies below is planned as if it stood at the root; that plan tells which keys
 * it begins with; what lies above is planned with these keys in place of what was cut off, and runs first.
 */
import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from "graphql";
import { entityField, entityTypeOf } from "./entity-root.ts";
import {
  beginning,
  type Cut,
  cutsIn,
  fieldsFor,
  moved,
  ofFields,
  parallel,
  possibleTypes,
  responseKey,
  selectionSet,
  sequence,
  together,
  startingWith,
  withSelections,
} from "./pieces.ts";
import { isObjectSomewhere } from "./join.ts";
import type { Planner, PlanNode } from "./planner.ts";
import { TYPENAME } from "./typenames.ts";

export interface Cutter {
  /** With the fields that clients do not see. */
  readonly schema: GraphQLSchema;
  /** Object types that have an entity root. */
  readonly entities: ReadonlySet<string>;
  /** For the supergraph with entity roots. */
  readonly planner: Planner;
}

/** Planner calls for one operation: a hostile one must not keep the planner busy. */
const ATTEMPTS = 200;

/**
 * @param operation with its fragments written out
 * @throws Error of the planner, when cutting does not help
 */
export function planInPieces(
  operation: OperationDefinitionNode,
  { schema, entities, planner }: Cutter,
  share: number,
): Promise<PlanNode | undefined> {
  let attempts = 0;
  /** Fields of which only keys are left. */
  const done = new WeakSet<FieldNode>();

  async function attempt(piece: OperationDefinitionNode): Promise<PlanNode | undefined> {
    attempts += 1;
    if (attempts > ATTEMPTS) throw new Error("an operation is too intricate to be planned");
    return planner.plan(print(piece), share);
  }

  /** Whole; else cut where the planner says it lost its way; else at every entity; else field by field. */
  async function planPiece(piece: OperationDefinitionNode): Promise<PlanNode | undefined> {
    const separated = await planCut(piece, ({ type, field }) => mixesTypes(schema, type, field));
    if (separated !== undefined) return separated;
    try {
      return await attempt(piece);
    } catch (error) {
      const lost = lostAt(error);
      const ways = [
        ...(lost === undefined ? [] : [() => planCut(piece, ({ place }) => endsWith(place, lost))]),
        () => planCut(piece, () => true),
        () => planApart(piece),
      ];
      for (const way of ways) {
        const plan = await way().catch(() => undefined);
        if (plan !== undefined) return plan;
      }
      throw error;
    }
  }

  /** Undefined when there is nothing to cut. */
  async function planCut(
    piece: OperationDefinitionNode,
    isCut: (cut: Cut) => boolean,
  ): Promise<PlanNode | undefined> {
    const cuts = cutsIn(piece, schema, (cut) => !done.has(cut.field) && isEntity(cut.type) && isCut(cut));
    if (cuts.length === 0) return undefined;
    const below = new Map<string, PlanNode[]>();
    const keys = new Map<FieldNode, readonly SelectionNode[]>();
    for (const cut of cuts) keys.set(cut.field, await cutOff(piece, cut, below));
    const above = visit(piece, {
      Field(field) {
        const kept = keys.get(field);
        if (kept === undefined) return undefined;
        const cut = { ...field, selectionSet: selectionSet(kept) };
        done.add(cut);
        return cut;
      },
    });
    // Pieces at one place may give the same names to different things, and wait for each other.
    const places = [...below.values()].flatMap((nodes) => sequence(nodes) ?? []);
    return sequence([await planPiece(above), parallel(places)]);
  }

  function isEntity(type: GraphQLNamedType): boolean {
    return possibleTypes(schema, type).some((name) => entities.has(name));
  }

  /** Plans what lies below, for each object type that may stand there. Returns what stays: keys. */
  async function cutOff(
    piece: OperationDefinitionNode,
    { field, type, path }: Cut,
    below: Map<string, PlanNode[]>,
  ): Promise<readonly SelectionNode[]> {
    const kept = new Map<string, readonly SelectionNode[]>();
    for (const name of possibleTypes(schema, type)) {
      const own = fieldsFor(schema, name, field.selectionSet);
      if (own.length === 0) continue;
      kept.set(name, own);
      if (!entities.has(name)) continue;
      const asked = withSelections(piece, [ofFields(entityField(name), own)]);
      const begun = beginning(await planPiece({ ...asked, operation: OperationTypeNode.QUERY }));
      const at = isAbstractType(type) ? [...path, { TypeCondition: [name] }] : path;
      const place = JSON.stringify(at);
      below.set(place, [...(below.get(place) ?? []), ...begun.rest.map((node) => moved(node, at))]);
      kept.set(name, begun.keys);
    }
    return [TYPENAME, ...together(type, kept)];
  }

  /** Each field by itself; undefined when there is only one. */
  async function planApart(piece: OperationDefinitionNode): Promise<PlanNode | undefined> {
    const [first] = piece.selectionSet.selections;
    const entity = first?.kind === Kind.FIELD ? entityTypeOf(first.name.value) : undefined;
    const name = entity ?? schema.getRootType(piece.operation)?.name;
    if (name === undefined || first?.kind !== Kind.FIELD) return undefined;
    const whole = entity === undefined ? piece.selectionSet : first.selectionSet;
    const groups = Map.groupBy(fieldsFor(schema, name, whole), responseKey);
    if (groups.size < 2) return undefined;
    const plans: (PlanNode | undefined)[] = [];
    for (const fields of groups.values())
      plans.push(
        await planPiece(
          withSelections(piece, entity === undefined ? fields : [ofFields(first.name.value, fields)]),
        ),
      );
    return entity === undefined ? sequence(plans) : startingWith(first.name.value, plans.map(beginning));
  }

  return planPiece(operation);
}

/**
 * Whether fields of several types are asked of an interface that is an object in some subgraph, or fields within a
 * fragment on another interface, which the planner leaves out.
 */
function mixesTypes(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  { selectionSet: set }: FieldNode,
): boolean {
  if (!isInterfaceType(type) || !isObjectSomewhere(type)) return false;
  if (hasAbstract(schema, type, set)) return true;
  const asked = schema.getPossibleTypes(type).map(({ name }) => fieldsFor(schema, name, set));
  return new Set(asked.map((fields) => fields.map((field) => print(field)).join())).size > 1;
}

/** Whether a fragment on another interface or a union stands in the selection. */
function hasAbstract(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  set: SelectionSetNode | undefined,
): boolean {
  return (set?.selections ?? []).some((selection) => {
    if (selection.kind !== Kind.INLINE_FRAGMENT) return false;
    const condition = schema.getType(selection.typeCondition?.name.value ?? type.name);
    return (
      (condition !== type && isAbstractType(condition)) || hasAbstract(schema, type, selection.selectionSet)
    );
  });
}

/** Response keys that lead to the entity at which the planner lost its way; they may begin below the root. */
function lostAt(error: unknown): readonly string[] | undefined {
  const path = /Path '([^']*)' cannot be found/.exec((error as Error).message)?.[1];
  return path?.split(".").filter((part) => /^\w+$/.test(part));
}

function endsWith(place: readonly string[], end: readonly string[]): boolean {
  return end.length > 0 && end.every((part, index) => place[place.length - end.length + index] === part);
}
