/**
 * An operation with @defer planned in parts: what the first part of the answer needs, and what each later part needs
 * beyond that. What is deferred of an entity is planned from its keys on, by itself, so that the first part waits for
 * none of it, not even where the same service gives both. Where planning cannot begin (an object without a key, the
 * result of a mutation), the fields are planned with those around them; of that plan the first part waits only for the
 * fetches that it needs itself.
 */
import type { FlattenNodePathSegment } from "@graphql-hive/router-query-planner";
import {
  type FieldNode,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  type SelectionNode,
} from "graphql";
import { fillEmpty } from "./conditions.ts";
import { collide, endsOf, factsOf, type FetchFacts, type FieldPlace, neededFor, withOnly } from "./needs.ts";
import {
  hasList,
  moved,
  parallel,
  possibleTypes,
  selectionSet,
  sequence,
  together,
  withSelections,
} from "./pieces.ts";
import type { GraphPlanner, PlanNode } from "./planner.ts";
import { FIRST, type LaterFields, type StagedField, type StagedSelection } from "./stages.ts";

export interface PlannedParts {
  /** Of the first part, one after another. */
  readonly first: readonly PlanNode[];
  /** Those that others wait for come before them. */
  readonly later: readonly LaterPart[];
}

/** What an owner's fields need. */
export interface LaterPart {
  /** Of `Owner`. */
  readonly key: string;
  readonly plan: PlanNode | undefined;
  /** Keys of the owners whose plans run before; that of the first part is empty. */
  readonly waitsFor: ReadonlySet<string>;
}

export interface PartsOptions {
  readonly schema: GraphQLSchema;
  readonly planner: GraphPlanner;
  /** In the tree's names, with the types of abstract places. */
  readonly operation: OperationDefinitionNode;
  readonly root: StagedSelection;
  readonly share: number;
}

type Path = readonly FlattenNodePathSegment[];

/** A part while it is gathered. */
interface Draft {
  readonly key: string;
  /** Plans of entities, where these stand. */
  readonly nodes: PlanNode[];
  /** Fields of the root. */
  readonly roots: FieldNode[];
  readonly wanted: Set<FieldPlace>;
  /** What it takes from the parts in which its objects stand, by their keys. */
  readonly feeds: Map<string, Set<FieldPlace>>;
}

/** Objects of the operation that have something deferred, each type where an abstract one may stand. */
const MOST_PLACES = 2_000;
/** Different selections of entities: a hostile operation must not keep the planner busy. */
const MOST_PLANS = 100;

/** @throws Error when the operation is too intricate, or the planner finds no way. */
export async function planParts(options: PartsOptions): Promise<PlannedParts> {
  const { schema, planner, operation, root, share } = options;
  const rootType = schema.getRootType(operation.operation);
  if (rootType == null) throw new Error(`the schema has no type for ${operation.operation}`);
  const drafts = new Map<string, Draft>();
  /** By type and selection: the same is often deferred at many places. */
  const entityPlans = new Map<string, ReturnType<GraphPlanner["planEntity"]>>();
  let places = 0;

  function draftOf(key: string): Draft {
    let draft = drafts.get(key);
    if (draft === undefined) {
      draft = { key, nodes: [], roots: [], wanted: new Set(), feeds: new Map() };
      drafts.set(key, draft);
    }
    return draft;
  }

  /** What is asked of an object together with the part in which it stands. */
  async function objectAt(
    type: GraphQLObjectType,
    staged: StagedSelection,
    owner: Draft,
    path: Path,
  ): Promise<readonly SelectionNode[]> {
    places += 1;
    if (places > MOST_PLACES) throw new Error("an operation defers at too many places");
    const selections: SelectionNode[] = [];
    for (const field of staged.fieldsOf(type)) selections.push(await fieldAt(field, owner, path));
    for (const later of staged.laterOf(type)) selections.push(...(await laterAt(type, later, owner, path)));
    return selections;
  }

  async function fieldAt(field: StagedField, owner: Draft, path: Path): Promise<FieldNode> {
    const { node, selection, type, key } = field;
    const at: Path = [...path, { Field: key }, ...(hasList(type) ? (["@"] as const) : [])];
    if (selection === undefined || selection.isPlain) {
      const merged =
        selection === undefined
          ? node
          : { ...node, selectionSet: selectionSet(selection.selectionSets.flatMap((set) => set.selections)) };
      for (const place of endsOf([merged], path)) owner.wanted.add(place);
      return merged;
    }
    const named = getNamedType(type);
    const before = owner.wanted.size;
    const byType = new Map<string, readonly SelectionNode[]>();
    for (const name of possibleTypes(schema, named)) {
      const possible = schema.getType(name);
      if (!isObjectType(possible)) continue;
      const below = isAbstractType(named) ? [...at, { TypeCondition: [name] }] : at;
      byType.set(name, await objectAt(possible, selection, owner, below));
    }
    // Whether it is there must be known, if nothing else.
    if (owner.wanted.size === before)
      for (const place of endsOf([{ ...node, selectionSet: selectionSet([]) }], path))
        owner.wanted.add(place);
    return { ...node, selectionSet: selectionSet(isSame(byType) ? together(named, byType) : apart(byType)) };
  }

  /** Plans what comes later of an object. Returns what must be asked for with the object itself. */
  async function laterAt(
    type: GraphQLObjectType,
    { owner: { key }, fields }: LaterFields,
    host: Draft,
    path: Path,
  ): Promise<readonly SelectionNode[]> {
    const part = draftOf(key);
    const isRoot = path.length === 0;
    const selections: FieldNode[] = [];
    for (const field of fields)
      if (!field.name.startsWith("__")) selections.push(await fieldAt(field, part, path));
    if (isRoot && operation.operation === OperationTypeNode.QUERY) {
      part.roots.push(...selections);
      return [];
    }
    const fed = part.feeds.get(host.key) ?? new Set();
    part.feeds.set(host.key, fed);
    if (selections.length === 0) return [];
    const begun = await planEntity(type.name, selections);
    const taken = begun === undefined ? selections : begun.keys;
    const plan = sequence(begun?.rest.map((node) => moved(node, path)) ?? []);
    if (plan !== undefined) part.nodes.push(plan);
    for (const place of endsOf(taken, path)) fed.add(place);
    return taken;
  }

  function planEntity(type: string, selections: readonly FieldNode[]) {
    const asked = filled(selections);
    const key = `${type} ${print(asked)}`;
    let planned = entityPlans.get(key);
    if (planned === undefined) {
      if (entityPlans.size >= MOST_PLANS) throw new Error("an operation defers too many different things");
      planned = planner.planEntity(type, asked.selectionSet.selections, asked, share);
      entityPlans.set(key, planned);
    }
    return planned;
  }

  function filled(selections: readonly SelectionNode[]): OperationDefinitionNode {
    return fillEmpty(withSelections(operation, selections));
  }

  async function planRoots(selections: readonly SelectionNode[]): Promise<PlanNode | undefined> {
    return selections.length === 0 ? undefined : planner.plan(print(filled(selections)), share);
  }

  const first = draftOf(FIRST.key);
  const asked = (await objectAt(rootType, root, first, [])).filter((selection) => !isMeta(selection));
  const isSerial = operation.operation === OperationTypeNode.MUTATION;
  for (const selections of isSerial ? asked.map((each) => [each]) : [asked])
    first.nodes.push(...[(await planRoots(selections)) ?? []].flat());
  for (const part of drafts.values()) {
    const plan = await planRoots(part.roots);
    if (plan !== undefined) part.nodes.push(plan);
  }
  return assign(inOrder(drafts), planner);
}

/** The parts, each after those in which its objects stand. */
function inOrder(drafts: ReadonlyMap<string, Draft>): readonly Draft[] {
  const ordered = new Set<Draft>();
  const add = (draft: Draft | undefined): void => {
    if (draft === undefined || ordered.has(draft)) return;
    for (const host of draft.feeds.keys()) add(drafts.get(host));
    ordered.add(draft);
  };
  add(drafts.get(FIRST.key));
  for (const draft of drafts.values()) add(draft);
  return [...ordered];
}

/** Gives every fetch to the first part that needs it. */
function assign(drafts: readonly Draft[], planner: GraphPlanner): PlannedParts {
  const plans = settled(drafts, planner);
  const facts = new Map(drafts.map(({ key }) => [key, (plans.get(key) ?? []).flatMap(factsOf)]));
  /** By the fetch, the part that runs it. */
  const givenTo = new Map<PlanNode, string>();
  const parts: { key: string; plan: PlanNode | undefined; waitsFor: Set<string>; facts: FetchFacts[] }[] = [];
  for (const { key, feeds, wanted } of drafts) {
    const part = { key, plan: undefined, waitsFor: new Set(feeds.keys()), facts: [] as FetchFacts[] };
    const nodes: (PlanNode | undefined)[] = [];
    const take = (of: string, places: Iterable<FieldPlace>): void => {
      const own = facts.get(of) ?? [];
      const needed = neededFor(places, own);
      const taken = new Set<PlanNode>();
      for (const fact of own) {
        if (!needed.has(fact.node)) continue;
        const other = givenTo.get(fact.node);
        if (other === undefined) {
          taken.add(fact.node);
          givenTo.set(fact.node, key);
          part.facts.push(fact);
        } else if (other !== key) part.waitsFor.add(other);
      }
      const whole = plans.get(of) ?? [];
      // A mutation's plans run one after another, and so do the fetches after them; entities' plans need not wait.
      const kept = whole.map((plan) => withOnly(taken, plan));
      nodes.push(of === FIRST.key ? sequence(kept) : parallel(kept.filter((plan) => plan !== undefined)));
    };
    for (const [host, places] of feeds) take(host, places);
    take(key, wanted);
    parts.push({ ...part, plan: sequence(nodes) });
  }
  const [first, ...later] = parts;
  // Made-up names of two plans may be the same for different things.
  for (const [index, part] of later.entries())
    for (const other of later.slice(0, index))
      if (part.facts.some((own) => other.facts.some((fact) => collide(own, fact))))
        part.waitsFor.add(other.key);
  return {
    first: first?.plan === undefined ? [] : [first.plan],
    later: later.map(({ key, plan, waitsFor }) => ({ key, plan, waitsFor })),
  };
}

/** The parts' plans, their requirements set right together. */
function settled(drafts: readonly Draft[], planner: GraphPlanner): ReadonlyMap<string, readonly PlanNode[]> {
  const nodes = planner.settle(drafts.flatMap((draft) => draft.nodes));
  let from = 0;
  return new Map(
    drafts.map((draft) => {
      const own = nodes.slice(from, from + draft.nodes.length);
      from += own.length;
      return [draft.key, own];
    }),
  );
}

function isSame(byType: ReadonlyMap<string, readonly SelectionNode[]>): boolean {
  const texts = [...byType.values()].map((selections) => selections.map((each) => print(each)).join(" "));
  return new Set(texts).size === 1;
}

/** Each type's for itself; there is something for every type, its name. */
function apart(byType: ReadonlyMap<string, readonly SelectionNode[]>): readonly SelectionNode[] {
  return [...byType].map(([name, selections]) => ({
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } },
    selectionSet: selectionSet(selections),
  }));
}

function isMeta(selection: SelectionNode): boolean {
  return selection.kind === Kind.FIELD && selection.name.value.startsWith("__");
}
