/**
 * Which deferred fragments are announced, which are complete, and what is given with each (the specification's draft of
 * incremental delivery, section 7).
 */
import type { SubgraphError } from "../transport/transport.ts";
import type { DeferredFragment, FieldGroup, FoundLater } from "./fragments.ts";

/** A deferred fragment that will come. */
export interface Announced {
  readonly id: string;
  readonly path: readonly (string | number)[];
  readonly label: string | undefined;
}

export interface Update {
  readonly pending: readonly Announced[];
  readonly completed: readonly Completed[];
  readonly hasNext: boolean;
}

/** A deferred fragment that has come, or that cannot. */
export interface Completed extends Announced {
  /** What nobody has been given yet. */
  readonly groups: readonly GivenGroup[];
  /** Why it cannot be given: a null went up to the object at which the fragment stands, or further. */
  readonly errors: readonly Error[] | undefined;
  /** JSON text of all that the fragment asks for, whether it was given before or not. */
  readonly whole: () => string;
}

export interface GivenGroup {
  /** Of the announced fragment that stands closest. */
  readonly id: string;
  /** From there to the object. */
  readonly subPath: readonly (string | number)[];
  readonly text: string;
  readonly errors: readonly Error[];
}

export interface DeliveryMeans {
  /** Whether what an owner's fields need has been fetched, as far as it can be. */
  readonly isFetched: (owner: string) => boolean;
  /** What subgraphs told of an owner's fields; each is told once. */
  readonly takeErrors: (owner: string) => readonly SubgraphError[];
  /** Writes a group, or finds that it cannot be written, and takes in what comes later within it. */
  readonly complete: (group: FieldGroup) => void;
  readonly whole: (fragment: DeferredFragment) => string;
}

export interface Deliveries {
  /** Takes in what was found to come later. */
  take(found: FoundLater): void;
  /** The group to come that an error is about; undefined when there is none. */
  groupOf(error: SubgraphError): FieldGroup | undefined;
  /** Announces fragments. */
  announce(fragments: readonly DeferredFragment[]): readonly Announced[];
  /** What can be given now; undefined when it is nothing. */
  advance(): Update | undefined;
  readonly hasNext: boolean;
}

export function createDeliveries({ isFetched, takeErrors, complete, whole }: DeliveryMeans): Deliveries {
  /** Groups to come. */
  const groups = new Set<FieldGroup>();
  /** All groups, by the places of their objects in the tree. */
  const byPlace = new Map<string, FieldGroup[]>();
  /** Announced, and neither complete nor failed. */
  const open = new Set<DeferredFragment>();
  let ids = 0;

  function take(found: FoundLater): void {
    for (const group of found.groups) {
      groups.add(group);
      const place = JSON.stringify(group.treePath);
      const known = byPlace.get(place);
      if (known === undefined) byPlace.set(place, [group]);
      else known.push(group);
    }
  }

  function groupOf({ path = [] }: SubgraphError): FieldGroup | undefined {
    for (let depth = path.length - 1; depth >= 0; depth -= 1) {
      const at = byPlace.get(JSON.stringify(path.slice(0, depth)));
      const about = at?.find(({ later: { fields } }) =>
        fields.some(({ treeKey }) => treeKey === path[depth]),
      );
      if (about !== undefined) return groups.has(about) ? about : undefined;
    }
    return undefined;
  }

  /** The group of an owner's fields at the object that an error is about as a whole. */
  function ownGroupAt(owner: string, { path = [] }: SubgraphError): FieldGroup | undefined {
    const at = byPlace.get(JSON.stringify(path));
    return at?.find((group) => group.later.owner.key === owner && groups.has(group));
  }

  function announce(fragments: readonly DeferredFragment[]): readonly Announced[] {
    return fragments.flatMap((fragment) => {
      const { waiting, come, errors, children } = fragment;
      // What has nothing of its own is not announced; what is within may have.
      if (waiting.size === 0 && come.length === 0 && errors === undefined) return announce(children);
      fragment.id = String(ids);
      ids += 1;
      open.add(fragment);
      return [announced(fragment)];
    });
  }

  function advance(): Update | undefined {
    const pending: Announced[] = [];
    const completed: Completed[] = [];
    for (;;) {
      const ready = [...groups].filter(
        ({ later: { owner }, fragments }) =>
          isFetched(owner.key) && fragments.some((fragment) => open.has(fragment)),
      );
      for (const group of ready) {
        const { key } = group.later.owner;
        for (const error of takeErrors(key))
          (groupOf(error) ?? ownGroupAt(key, error) ?? group).told.push(error);
      }
      for (const group of ready) settle(group);
      const finished = [...open].filter(({ waiting, errors }) => waiting.size === 0 || errors !== undefined);
      if (ready.length === 0 && finished.length === 0) break;
      for (const fragment of finished) {
        completed.push(finish(fragment));
        if (fragment.errors === undefined) pending.push(...announce(fragment.children));
        else drop(fragment);
      }
    }
    return completed.length === 0 ? undefined : { pending, completed, hasNext: open.size > 0 };
  }

  function settle(group: FieldGroup): void {
    groups.delete(group);
    complete(group);
    for (const fragment of group.fragments) {
      fragment.waiting.delete(group);
      if (group.text === undefined) fragment.errors ??= group.errors;
      else fragment.come.push(group);
    }
  }

  function finish(fragment: DeferredFragment): Completed {
    const { errors, come } = fragment;
    const given = errors === undefined ? come.filter(({ isGiven }) => !isGiven) : [];
    const completed = {
      ...announced(fragment),
      groups: given.map(give),
      errors,
      whole: () => whole(fragment),
    };
    open.delete(fragment);
    return completed;
  }

  function give(group: FieldGroup): GivenGroup {
    const { fragments, path, text, errors } = group;
    const [closest] = fragments
      .filter((fragment) => open.has(fragment))
      .toSorted((a, b) => b.path.length - a.path.length);
    if (closest?.id === undefined || text === undefined) throw new Error("a group is given to nobody");
    group.isGiven = true;
    return { id: closest.id, subPath: path.slice(closest.path.length), text, errors };
  }

  /** Nobody gets what only a failed fragment, or one within it, asks for. */
  function drop(fragment: DeferredFragment): void {
    fragment.isDropped = true;
    for (const group of fragment.waiting)
      if (group.fragments.every(({ isDropped }) => isDropped)) groups.delete(group);
    for (const child of fragment.children) drop(child);
  }

  return {
    take,
    groupOf,
    announce,
    advance,
    get hasNext() {
      return open.size > 0;
    },
  };
}

function announced({ id = "", path, usage: { label } }: DeferredFragment): Announced {
  return { id, path, label };
}
