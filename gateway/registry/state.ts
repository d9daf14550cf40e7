/**
 * What a graph is made of at one moment, as the registry keeps it and tells it.
 */
import type { Member } from "../members.ts";
import type { VariantFilter } from "./contracts.ts";
import type { SubgraphSource } from "./compose.ts";

export interface SubgraphVersion extends SubgraphSource {
  readonly id: number;
  readonly owner: string;
  /** SHA-256 of the SDL, hexadecimal. */
  readonly hash: string;
  readonly publishedBy: string;
  readonly publishedAt: Date;
}

export interface MemberVersion {
  readonly id: number;
  readonly key: string;
  readonly owner: string;
  readonly entry: Member;
  readonly validFrom: Date;
  readonly suspended: boolean;
  readonly publishedBy: string;
  readonly publishedAt: Date;
}

/** A variant as it was composed: `sdl` names the text. */
export interface VariantVersion extends VariantFilter {
  readonly sdl: string;
}

export interface GraphState {
  /** Undefined before anything was published. */
  readonly composition: { readonly id: number; readonly createdAt: Date } | undefined;
  readonly subgraphs: readonly SubgraphVersion[];
  readonly members: readonly MemberVersion[];
  readonly variants: readonly VariantVersion[];
  /** Hash of the supergraph's SDL. */
  readonly supergraph: string | undefined;
}

export const EMPTY_STATE: GraphState = {
  composition: undefined,
  subgraphs: [],
  members: [],
  variants: [],
  supergraph: undefined,
};

/** Members that count at an instant, by key. */
export function membersAt(state: GraphState, at: Date): readonly Member[] {
  return state.members
    .filter(({ suspended, validFrom }) => !suspended && validFrom <= at)
    .map(({ entry }) => entry)
    .toSorted((one, other) => (one.key < other.key ? -1 : 1));
}

/** When the members that count change by themselves; undefined when they do not. */
export function nextMemberAt(state: GraphState, at: Date): Date | undefined {
  const [next] = state.members
    .filter(({ suspended, validFrom }) => !suspended && validFrom > at)
    .map(({ validFrom }) => validFrom)
    .toSorted((one, other) => one.getTime() - other.getTime());
  return next;
}
