/**
 * A selection in stages: what of every object belongs to the part of the answer in which the object stands, and what
 * comes later by a fragment with @defer (the specification's draft of incremental delivery, section 6: CollectFields
 * and BuildExecutionPlan). A field that is also asked for without @defer is not deferred; one that several deferred
 * fragments ask for belongs to all of them, and is given once.
 */
import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { applies, META_FIELDS, type ProjectedField, type Selection } from "../execute/projection.ts";
import type { MaskOf } from "../trust/masks.ts";
import { DEFER } from "./defer-rules.ts";

/** A fragment that is deferred where it stands in the operation. */
export interface DeferUsage {
  /** In the order of the operation, from 0. */
  readonly number: number;
  readonly label: string | undefined;
  /** The deferred fragment around it. */
  readonly parent: DeferUsage | undefined;
  readonly selectionSet: SelectionSetNode;
}

/** Who brings a field: none of the deferred fragments, so that it comes with the first part; one; or several alike. */
export interface Owner {
  /** The usages' numbers; empty for the first part. */
  readonly key: string;
  readonly usages: readonly DeferUsage[];
}

export interface StagedField extends ProjectedField {
  /** One of its nodes, for the arguments. */
  readonly node: FieldNode;
  readonly selection: StagedSelection | undefined;
}

/** Fields of an object that come later, all together. */
export interface LaterFields extends Selection {
  readonly owner: Owner;
  readonly fields: readonly StagedField[];
}

export interface StagedSelection extends Selection {
  /** The fields that come with the object itself. */
  fieldsOf(type: GraphQLObjectType): readonly StagedField[];
  laterOf(type: GraphQLObjectType): readonly LaterFields[];
  /** The deferred fragments that stand at such an object. */
  usagesOf(type: GraphQLObjectType): readonly DeferUsage[];
  /** Whether nothing comes later, here and below. */
  readonly isPlain: boolean;
  readonly selectionSets: readonly SelectionSetNode[];
}

export interface Stages {
  readonly root: StagedSelection;
  readonly usages: readonly DeferUsage[];
  /** What a deferred fragment asks of an object, whoever else does too, but for what is deferred within it. */
  ofFragment(usage: DeferUsage): Selection;
}

export const FIRST: Owner = { key: "", usages: [] };

interface Source {
  readonly set: SelectionSetNode;
  readonly usage: DeferUsage | undefined;
}

interface Detail {
  readonly node: FieldNode;
  readonly usage: DeferUsage | undefined;
}

interface Staged {
  readonly fields: readonly StagedField[];
  readonly later: readonly LaterFields[];
  readonly usages: readonly DeferUsage[];
}

/**
 * @param operation its conditions decided and its fragments written out
 * @param treeKey under which key a field stands in the tree
 * @param maskOf what its caller gets masked
 */
export function stage(
  schema: GraphQLSchema,
  treeKey: (field: FieldNode) => string,
  operation: OperationDefinitionNode,
  maskOf?: MaskOf,
): Stages {
  const usages = findUsages(operation.selectionSet);
  const owners = new Map<string, Owner>([[FIRST.key, FIRST]]);

  function select(sources: readonly Source[], owner: Owner): StagedSelection {
    const byType = new Map<GraphQLObjectType, Staged>();
    const at = (type: GraphQLObjectType): Staged => {
      let staged = byType.get(type);
      if (staged === undefined) {
        staged = stageObject(type, sources, owner);
        byType.set(type, staged);
      }
      return staged;
    };
    const [first] = sources;
    return {
      fieldsOf: (type) => at(type).fields,
      laterOf: (type) => at(type).later,
      usagesOf: (type) => at(type).usages,
      isPlain: sources.every(({ set, usage }) => usage === first?.usage && !isDeferredWithin(set)),
      selectionSets: sources.map(({ set }) => set),
    };
  }

  function stageObject(type: GraphQLObjectType, sources: readonly Source[], owner: Owner): Staged {
    const groups = new Map<string, Detail[]>();
    const begun: DeferUsage[] = [];
    for (const { set, usage } of sources) collect(type, set, usage, groups, begun);
    const fields: StagedField[] = [];
    const later = new Map<Owner, StagedField[]>();
    for (const [key, details] of groups) {
      const whose = ownerOf(details);
      const field = fieldOf(type, key, details, whose);
      // Validation has made sure of every field; a field that is not there is not the client's to see.
      if (field === undefined) continue;
      if (whose === owner) fields.push(field);
      else {
        const known = later.get(whose);
        if (known === undefined) later.set(whose, [field]);
        else known.push(field);
      }
    }
    return {
      fields,
      usages: begun,
      later: [...later].map(([whose, given]) => ({ owner: whose, fields: given, fieldsOf: () => given })),
    };
  }

  function collect(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    usage: DeferUsage | undefined,
    groups: Map<string, Detail[]>,
    begun: DeferUsage[],
  ): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [{ node: selection, usage }]);
        else group.push({ node: selection, usage });
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) throw new Error("a fragment is not written out");
      if (!applies(schema, selection.typeCondition?.name.value, type)) continue;
      const own = usages.get(selection.selectionSet);
      if (own !== undefined) begun.push(own);
      collect(type, selection.selectionSet, own ?? usage, groups, begun);
    }
  }

  /** Empty where any node is not deferred; a fragment within another brings nothing that the other brings. */
  function ownerOf(details: readonly Detail[]): Owner {
    const all = new Set<DeferUsage>();
    for (const { usage } of details) {
      if (usage === undefined) return FIRST;
      all.add(usage);
    }
    const outermost = [...all].filter((usage) => !ancestors(usage).some((ancestor) => all.has(ancestor)));
    const sorted = outermost.toSorted((a, b) => a.number - b.number);
    const key = sorted.map(({ number }) => number).join();
    let owner = owners.get(key);
    if (owner === undefined) {
      owner = { key, usages: sorted };
      owners.set(key, owner);
    }
    return owner;
  }

  function fieldOf(
    type: GraphQLObjectType,
    key: string,
    details: readonly Detail[],
    owner: Owner,
  ): StagedField | undefined {
    const [detail] = details;
    if (detail === undefined) return undefined;
    const { node } = detail;
    const name = node.name.value;
    const definition = META_FIELDS.get(name) ?? type.getFields()[name];
    if (definition === undefined) return undefined;
    const sources = details.flatMap(({ node: { selectionSet: set }, usage }) =>
      set === undefined ? [] : [{ set, usage }],
    );
    const mask = maskOf?.(type, name);
    return {
      key,
      treeKey: treeKey(node),
      name,
      type: definition.type,
      node,
      selection: sources.length > 0 ? select(sources, owner) : undefined,
      ...(mask !== undefined && { mask }),
    };
  }

  const all = [...usages.values()];
  const ofFragments = all.map(({ selectionSet: set }) => select([{ set, usage: undefined }], FIRST));
  return {
    root: select([{ set: operation.selectionSet, usage: undefined }], FIRST),
    usages: all,
    ofFragment({ number }) {
      const selection = ofFragments[number];
      if (selection === undefined) throw new Error("a deferred fragment is of another operation");
      return selection;
    },
  };
}

/** Deferred fragments by their selections. */
function findUsages(
  set: SelectionSetNode,
  parent?: DeferUsage,
  found = new Map<SelectionSetNode, DeferUsage>(),
): Map<SelectionSetNode, DeferUsage> {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD || selection.selectionSet === undefined) continue;
    let within = parent;
    if (selection.kind === Kind.INLINE_FRAGMENT && isDeferred(selection)) {
      const { selectionSet } = selection;
      within = { number: found.size, label: labelOf(selection), parent, selectionSet };
      found.set(selectionSet, within);
    }
    findUsages(selection.selectionSet, within, found);
  }
  return found;
}

function isDeferred({ directives = [] }: InlineFragmentNode): boolean {
  return directives.some(({ name }) => name.value === DEFER);
}

function isDeferredWithin({ selections }: SelectionSetNode): boolean {
  return selections.some(
    (selection) =>
      (selection.kind === Kind.INLINE_FRAGMENT && isDeferred(selection)) ||
      (selection.kind !== Kind.FRAGMENT_SPREAD &&
        selection.selectionSet !== undefined &&
        isDeferredWithin(selection.selectionSet)),
  );
}

function labelOf({ directives = [] }: InlineFragmentNode): string | undefined {
  const defer = directives.find(({ name }) => name.value === DEFER);
  const label = defer?.arguments?.find(({ name }) => name.value === "label")?.value;
  return label?.kind === Kind.STRING ? label.value : undefined;
}

function ancestors({ parent }: DeferUsage): readonly DeferUsage[] {
  return parent === undefined ? [] : [parent, ...ancestors(parent)];
}
