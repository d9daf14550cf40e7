/**
 * Planning in pieces, for operations that Hive's planner finds no plan for. (Version 0.0.38 loses its way where a field
 * with @requires lies below another entity of its own type, and where a shared value type has a field in another
 * subgraph only.) The operation is cut at an entity: what lies below is planned as if it stood at the root; that plan
 * tells which keys it begins with; what lies above is planned with these keys in place of what was cut off. The pieces
 * run one after another.
 */
import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  type SelectionNode,
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
  possibleTypes,
  responseKey,
  selectionSet,
  sequence,
  startingWith,
  withSelections,
} from "./pieces.ts";
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

  async function attempt(piece: OperationDefinitionNode): Promise<PlanNode | undefined> {
    attempts += 1;
    if (attempts > ATTEMPTS) throw new Error("an operation is too intricate to be planned");
    return planner.plan(print(piece), share);
  }

  /** Whole; else cut where the planner says it lost its way; else at every entity; else field by field. */
  async function planPiece(piece: OperationDefinitionNode): Promise<PlanNode | undefined> {
    try {
      return await attempt(piece);
    } catch (error) {
      const lost = lostAt(error);
      const ways = [
        ...(lost === undefined ? [] : [() => planCut(piece, (place) => endsWith(place, lost))]),
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
    isCut: (place: readonly string[]) => boolean,
  ): Promise<PlanNode | undefined> {
    const cuts = cutsIn(piece, schema, (place, type) => isCut(place) && isEntity(type));
    if (cuts.length === 0) return undefined;
    const below: PlanNode[] = [];
    const keys = new Map<FieldNode, readonly SelectionNode[]>();
    for (const cut of cuts) keys.set(cut.field, await cutOff(piece, cut, below));
    const above = visit(piece, {
      Field(field) {
        const kept = keys.get(field);
        return kept && { ...field, selectionSet: selectionSet(kept) };
      },
    });
    return sequence([await attempt(above), ...below]);
  }

  function isEntity(type: GraphQLNamedType): boolean {
    return possibleTypes(schema, type).some((name) => entities.has(name));
  }

  /** Plans what lies below, for each object type that may stand there. Returns what stays: keys. */
  async function cutOff(
    piece: OperationDefinitionNode,
    { field, type, path }: Cut,
    below: PlanNode[],
  ): Promise<readonly SelectionNode[]> {
    const kept: SelectionNode[] = [TYPENAME];
    for (const name of possibleTypes(schema, type)) {
      let own: readonly SelectionNode[] = fieldsFor(schema, name, field.selectionSet);
      if (own.length === 0) continue;
      if (entities.has(name)) {
        const asked = withSelections(piece, [ofFields(entityField(name), own)]);
        const begun = beginning(await planPiece({ ...asked, operation: OperationTypeNode.QUERY }));
        const at = isAbstractType(type) ? [...path, { TypeCondition: [name] }] : path;
        below.push(...begun.rest.map((node) => moved(node, at)));
        own = begun.keys;
      }
      if (!isAbstractType(type)) kept.push(...own);
      else
        kept.push({
          kind: Kind.INLINE_FRAGMENT,
          typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } },
          selectionSet: selectionSet(own),
        });
    }
    return kept;
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

/** Response keys that lead to the entity at which the planner lost its way; they may begin below the root. */
function lostAt(error: unknown): readonly string[] | undefined {
  const path = /Path '([^']*)' cannot be found/.exec((error as Error).message)?.[1];
  return path?.split(".").filter((part) => /^\w+$/.test(part));
}

function endsWith(place: readonly string[], end: readonly string[]): boolean {
  return end.length > 0 && end.every((part, index) => place[place.length - end.length + index] === part);
}
