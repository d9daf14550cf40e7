/**
 * An operation made ready: planned, its steps compiled, its answer's form compiled. Kept and used again for every
 * request with the same text, whatever its variables.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  type SelectionSetNode,
  visit,
} from "graphql";
import { applies, compileObject, type Selection, select } from "../execute/projection.ts";
import type { TypeFacts } from "../execute/run.ts";
import { compileSteps, readsContext, type Step } from "../execute/steps.ts";
import type { PersonalRules } from "../record/personal.ts";
import { compileReadings, type Reading } from "../record/readings.ts";
import { withSubjects } from "../record/subjects.ts";
import type { JsonObject } from "../execute/merge.ts";
import type { MaskOf } from "../trust/masks.ts";
import type { MemberGrants } from "../trust/member-grants.ts";
import { permit } from "../trust/permit.ts";
import type { Refusals } from "../trust/refusals.ts";
import type { Aliases } from "./aliases.ts";
import { type ConditionedOperation, decide, fillEmpty } from "./conditions.ts";
import { DEFER } from "./defer-rules.ts";
import { planParts } from "./parts.ts";
import { writtenOut } from "./pieces.ts";
import type { GraphPlanner, PlanNode } from "./planner.ts";
import { stage, type Stages } from "./stages.ts";
import { withTypenames } from "./typenames.ts";

export interface PreparedOperation {
  readonly kind: OperationTypeNode;
  readonly rootType: GraphQLObjectType;
  /** Run one after another: a mutation's fields have each a plan of its own (GraphQL section 6.2.2). */
  readonly steps: readonly Step[];
  /** Whether a step needs what stands above its entities. */
  readonly apart: boolean;
  readonly selection: Selection;
  /** Fields of the root that no subgraph answers, `__schema` and `__type`, as an operation of their own. */
  readonly introspection: DocumentNode | undefined;
  /** Writes the answer; introspection's texts are given to it. */
  readonly write: ReturnType<typeof compileObject> | undefined;
  /** Where something is deferred: then `steps` are those of the first part. */
  readonly parts: PreparedParts | undefined;
  /** What the caller may not read and was taken out: `Type.field`, each once. */
  readonly refused: readonly string[];
  /** Undefined where it reads no personal data, or nobody records that. */
  readonly personal: PreparedPersonal | undefined;
  /** Fields that its client is told, where members of partitioned subgraphs decide who may read them. */
  readonly told: ReadonlySet<string> | undefined;
  /** Why a field was refused, where any was. */
  readonly reasonOf: Refusals["reason"] | undefined;
  /** Whether a field is refused because its reading cannot be recorded. */
  readonly isWithheld?: (type: string, field: string) => boolean;
}

export interface PreparedPersonal {
  /** What an answer has, in the tree of one execution. */
  readonly readings: (data: JsonObject) => readonly Reading[];
  /** The operation's answer without it. */
  readonly withheld: () => PreparedOperation;
}

export interface PreparedParts {
  readonly stages: Stages;
  readonly later: readonly PreparedPart[];
}

/** What the fields of one owner (stages.ts) need. */
export interface PreparedPart {
  readonly key: string;
  readonly step: Step | undefined;
  /** Keys of the owners that come before. */
  readonly waitsFor: ReadonlySet<string>;
}

export interface PrepareOptions {
  readonly schema: GraphQLSchema;
  readonly planner: GraphPlanner;
  readonly aliases: Aliases;
  readonly types: TypeFacts;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Values of the variables that decide @skip and @include. */
  readonly conditions: Readonly<Record<string, unknown>>;
  /** Where the request stands among all, 0 to 100. */
  readonly share: number;
  /** Whether the client takes what is deferred later. */
  readonly inParts: boolean;
  /** What members of partitioned subgraphs grant of their own, where any does. */
  readonly members: MemberGrants | undefined;
  /** What the caller may not read; undefined where that is nothing of the operation. */
  readonly refusals: Refusals | undefined;
  /** What it gets masked; undefined where that is nothing of the operation. */
  readonly maskOf: MaskOf | undefined;
  /** What personal data is, where the operation can read some and it is recorded. */
  readonly personal: PersonalRules | undefined;
}

/** @throws Error when the planner finds no way, though the operation is valid. */
export async function prepare(options: PrepareOptions): Promise<PreparedOperation> {
  const { schema, operation, refusals, maskOf, personal } = options;
  const rootType = schema.getRootType(operation.operation);
  if (rootType == null) throw new Error(`the schema has no type for ${operation.operation}`);
  const whole: ConditionedOperation = { operation, fragments: fragmentsOf(options.document) };
  const decided = decide(whole, options.conditions);
  const { fragments } = decided;
  const { treeKey } = options.aliases;
  const selectSet = (but: Refusals | undefined): Selection =>
    select({ schema, fragments, treeKey, refusals: but, maskOf }, [decided.operation.selectionSet]);
  const selection = selectSet(refusals);
  const permitted = refusals === undefined ? undefined : permit(schema, refusals, decided);
  const visible = permitted ?? decided;
  const asked = personal === undefined ? visible : withSubjects(schema, personal, visible);
  const groups = rootFields(asked, schema, rootType, asked.operation.selectionSet);
  const own = [...groups.values()].flat().filter(isIntrospection);
  // Where something is refused or recorded the answer comes in one, as a service may give it.
  const isWhole = !options.inParts || refusals !== undefined || personal !== undefined;
  const parts = isWhole ? undefined : await prepareParts(options, whole);
  const steps = parts?.first ?? (await prepareWhole(options, asked, groups));
  const prepared: PreparedOperation = {
    kind: operation.operation,
    rootType,
    selection,
    introspection: own.length === 0 ? undefined : documentOf(decided, own),
    steps,
    apart: [...steps, ...(parts?.later ?? []).flatMap(({ step }) => step ?? [])].some(readsContext),
    write: own.length === 0 ? compileObject(schema, rootType, selection) : undefined,
    parts,
    refused: permitted?.refused ?? [],
    told: options.members?.toldBy(visible),
    reasonOf: refusals?.reason,
    personal: personal && {
      readings: compileReadings({ schema, rules: personal, treeKey }, rootType, selection),
      withheld: () => withhold(prepared, personal, selectSet, refusals),
    },
  };
  return prepared;
}

/** For when the record cannot be written: that is rare, and nothing of it is kept. */
function withhold(
  prepared: PreparedOperation,
  personal: PersonalRules,
  selectSet: (refusals: Refusals) => Selection,
  refusals: Refusals | undefined,
): PreparedOperation {
  const types = new Map<string, Set<string>>();
  const selection = selectSet({
    reason: (name) => refusals?.reason(name) ?? { code: "FORBIDDEN", details: { name } },
    refusesType: (type) => refusals?.refusesType(type) ?? false,
    refusesField(type, field) {
      if (refusals?.refusesField(type, field) === true) return true;
      if (personal.of(type, field) === undefined) return false;
      types.set(type.name, (types.get(type.name) ?? new Set()).add(field));
      return true;
    },
  });
  const isWithheld = (type: string, field: string): boolean => types.get(type)?.has(field) ?? false;
  return { ...prepared, selection, write: undefined, isWithheld };
}

async function prepareWhole(
  options: PrepareOptions,
  decided: ConditionedOperation,
  groups: ReadonlyMap<string, readonly FieldNode[]>,
): Promise<readonly Step[]> {
  const plans = await Promise.all(
    plannable(options, decided, groups).map((text) => options.planner.plan(text, options.share)),
  );
  return plans.flatMap((plan) =>
    plan === undefined ? [] : compileSteps(options.planner.finish(plan), options.types.typesOf),
  );
}

/**
 * Undefined where nothing is deferred after all, and where the operation is too intricate to be planned in parts: it is
 * then answered in one, as a service may.
 */
async function prepareParts(
  { schema, planner, aliases, types, conditions, share, maskOf }: PrepareOptions,
  whole: ConditionedOperation,
): Promise<(PreparedParts & { readonly first: readonly Step[] }) | undefined> {
  const decided = decide(whole, conditions, true);
  try {
    const fragments = new Map([...decided.fragments].map(([name, fragment]) => [name, bare(fragment)]));
    const operation = writtenOut(bare(decided.operation), fragments);
    const stages = stage(schema, aliases.treeKey, operation, maskOf);
    if (stages.usages.length === 0) return undefined;
    const inTree = aliases
      .inTree(withTypenames(schema, { kind: Kind.DOCUMENT, definitions: [operation] }))
      .definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    if (inTree === undefined) return undefined;
    const { root } = stage(schema, ({ alias, name }) => (alias ?? name).value, inTree);
    const { first, later } = await planParts({ schema, planner, operation: inTree, root, share });
    const compile = (plan: PlanNode) => compileSteps(planner.finish(plan), types.typesOf);
    return {
      stages,
      first: first.map(compile),
      later: later.map(({ key, plan, waitsFor }) => ({ key, waitsFor, step: plan && compile(plan) })),
    };
  } catch {
    return undefined;
  }
}

/** Without what a parser notes beside, and with nothing deferred of the schema itself, which is at hand. */
function bare<N extends OperationDefinitionNode | FragmentDefinitionNode>(definition: N): N {
  const copy = JSON.parse(JSON.stringify(definition)) as N;
  return visit(copy, {
    Field: (field) =>
      isIntrospection(field)
        ? visit(field, { Directive: ({ name }) => (name.value === DEFER ? null : undefined) })
        : undefined,
  });
}

/** Texts to plan: one for a query; for a mutation one for each field, so that each ends before the next begins. */
function plannable(
  { schema, aliases }: PrepareOptions,
  decided: ConditionedOperation,
  groups: ReadonlyMap<string, readonly FieldNode[]>,
): readonly string[] {
  const asked = [...groups.values()].filter(
    (nodes) => !nodes.some(({ name }) => name.value.startsWith("__")),
  );
  if (asked.length === 0) return [];
  const isSerial = decided.operation.operation === OperationTypeNode.MUTATION;
  return (isSerial ? asked : [asked.flat()]).map((selections) =>
    print(aliases.inTree(withTypenames(schema, documentOf(decided, selections)))),
  );
}

/** Some of an operation's root fields as an operation of their own. */
function documentOf(
  { operation, fragments }: ConditionedOperation,
  selections: readonly FieldNode[],
): DocumentNode {
  const narrowed = fillEmpty({ ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections } });
  const filled = new Map([...fragments].map(([name, fragment]) => [name, fillEmpty(fragment)]));
  const used = usedFragments(narrowed.selectionSet, filled);
  return { kind: Kind.DOCUMENT, definitions: [narrowed, ...used] };
}

function isIntrospection({ name }: FieldNode): boolean {
  return name.value === "__schema" || name.value === "__type";
}

/** Fields of the root by response key, out of their fragments. */
function rootFields(
  decided: ConditionedOperation,
  schema: GraphQLSchema,
  rootType: GraphQLObjectType,
  { selections }: SelectionSetNode,
  groups = new Map<string, FieldNode[]>(),
): Map<string, FieldNode[]> {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      groups.set(key, [...(groups.get(key) ?? []), selection]);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : decided.fragments.get(selection.name.value);
    if (fragment !== undefined && applies(schema, fragment.typeCondition?.name.value, rootType))
      rootFields(decided, schema, rootType, fragment.selectionSet, groups);
  }
  return groups;
}

function usedFragments(
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  used = new Map<string, FragmentDefinitionNode>(),
): Iterable<FragmentDefinitionNode> {
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = fragments.get(selection.name.value);
      if (fragment === undefined || used.has(selection.name.value)) continue;
      used.set(selection.name.value, fragment);
      usedFragments(fragment.selectionSet, fragments, used);
    } else if (selection.selectionSet !== undefined) usedFragments(selection.selectionSet, fragments, used);
  }
  return used.values();
}

function fragmentsOf({ definitions }: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );
}
