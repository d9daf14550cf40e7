/**
 * The deferred fragments of an answer, each where it stands, and the groups of fields that they wait for (the
 * specification's draft of incremental delivery). A group belongs to every fragment that asks for its fields; it is
 * given once, with the first of them that is complete. A fragment within another is announced when that one is complete.
 */
import type { GraphQLObjectType } from "graphql";
import type { DeferUsage, LaterFields, StagedField, StagedSelection } from "../plan/stages.ts";
import type { SubgraphError } from "../transport/transport.ts";
import { getOwn, isObject, type JsonObject } from "./merge.ts";

type Path = readonly (string | number)[];

/** Where an object stands. */
export interface ObjectPlace {
  readonly type: GraphQLObjectType;
  readonly object: JsonObject;
  /** In the client's names. */
  readonly path: Path;
  readonly treePath: Path;
}

/** A deferred fragment at one place of the answer. */
export interface DeferredFragment extends ObjectPlace {
  readonly usage: DeferUsage;
  readonly children: DeferredFragment[];
  /** Groups that are still to come. */
  readonly waiting: Set<FieldGroup>;
  /** Groups that have come. */
  readonly come: FieldGroup[];
  /** Told to the client; undefined before. */
  id: string | undefined;
  /** Set when one of its groups cannot be given. */
  errors: readonly Error[] | undefined;
  /** Whether it, or one around it, has failed. */
  isDropped: boolean;
}

/** Fields of one object that come together. */
export interface FieldGroup extends ObjectPlace {
  readonly later: LaterFields;
  readonly fragments: readonly DeferredFragment[];
  /** The deferred fragments in which the object stands. */
  readonly within: ReadonlyMap<DeferUsage, DeferredFragment>;
  /** What subgraphs have told of it. */
  readonly told: SubgraphError[];
  /** JSON text, once it has come. */
  text: string | undefined;
  errors: readonly Error[];
  isGiven: boolean;
}

export interface FoundLater {
  readonly fragments: DeferredFragment[];
  readonly groups: FieldGroup[];
}

/** Finds what comes later at an object and below. @param answer the object as it was written, from its JSON */
export function findLater(
  place: ObjectPlace,
  staged: StagedSelection,
  answer: unknown,
  typeOf: (field: StagedField, object: JsonObject) => GraphQLObjectType | undefined,
  outside: ReadonlyMap<DeferUsage, DeferredFragment>,
  found: FoundLater,
): void {
  if (staged.isPlain) return;
  const { type } = place;
  let within = outside;
  const begun = staged.usagesOf(type);
  if (begun.length > 0) {
    const inner = new Map(outside);
    for (const usage of begun) {
      const fragment = createFragment(usage, place);
      const parent = usage.parent && inner.get(usage.parent);
      if (parent === undefined) found.fragments.push(fragment);
      else parent.children.push(fragment);
      inner.set(usage, fragment);
    }
    within = inner;
  }
  for (const later of staged.laterOf(type)) {
    const fragments = later.owner.usages.flatMap((usage) => within.get(usage) ?? []);
    const group: FieldGroup = {
      ...place,
      later,
      fragments,
      within,
      told: [],
      text: undefined,
      errors: [],
      isGiven: false,
    };
    for (const fragment of fragments) fragment.waiting.add(group);
    found.groups.push(group);
  }
  findBelow(place, staged.fieldsOf(type), answer, typeOf, within, found);
}

/** The same below fields that have just been written. */
export function findBelow(
  { object, path, treePath }: ObjectPlace,
  fields: readonly StagedField[],
  answer: unknown,
  typeOf: (field: StagedField, object: JsonObject) => GraphQLObjectType | undefined,
  within: ReadonlyMap<DeferUsage, DeferredFragment>,
  found: FoundLater,
): void {
  for (const field of fields) {
    const { key, treeKey, selection } = field;
    if (selection === undefined || selection.isPlain) continue;
    const descend = (value: unknown, written: unknown, at: Path, treeAt: Path): void => {
      // A null of the answer may stand where the tree has an object: something below must not be null and is.
      if (written === null || written === undefined) return;
      if (Array.isArray(value)) {
        const items = Array.isArray(written) ? (written as unknown[]) : [];
        for (const [index, item] of value.entries())
          descend(item, items[index], [...at, index], [...treeAt, index]);
        return;
      }
      const type = isObject(value) ? typeOf(field, value) : undefined;
      if (type === undefined || !isObject(value)) return;
      const place: ObjectPlace = { type, object: value, path: at, treePath: treeAt };
      findLater(place, selection, written, typeOf, within, found);
    };
    const written = isObject(answer) ? getOwn(answer, key) : undefined;
    descend(getOwn(object, treeKey), written, [...path, key], [...treePath, treeKey]);
  }
}

function createFragment(usage: DeferUsage, { type, object, path, treePath }: ObjectPlace): DeferredFragment {
  return {
    usage,
    type,
    object,
    path,
    treePath,
    children: [],
    waiting: new Set(),
    come: [],
    id: undefined,
    errors: undefined,
    isDropped: false,
  };
}
