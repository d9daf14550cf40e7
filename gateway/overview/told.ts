/**
 * What the overview tells: the JSON that its page asks for (README.md). No address is ever in it.
 */

/**
 * - `up` answers; `slow` too, but takes more than a third of its deadline;
 * - `partly`: of a partitioned service, some members are not up;
 * - `down`: its last call brought no answer to use;
 * - `unknown`: not asked yet;
 * - `suspended`, `expected`: a registry keeps the member, and it does not count, or not yet.
 */
export type State = "up" | "slow" | "partly" | "down" | "unknown" | "suspended" | "expected";

/** Of the clients' calls within the last minute, of all workers together. */
export interface CallFigures {
  readonly calls: number;
  /** Calls that brought no answer to use. */
  readonly failed: number;
  /** Of those, answers that were not signed, or wrongly, where they must be. */
  readonly forged: number;
  /** Answers with errors in them. */
  readonly faulty: number;
  /** Milliseconds, to a tenth of themselves; null without calls. */
  readonly median: number | null;
  readonly p95: number | null;
}

export interface Standing {
  readonly state: State;
  /** RFC 3339: since when it is down, or from when a member counts; null otherwise. */
  readonly since: string | null;
  /** Code of the error table; null unless it is down. */
  readonly code: string | null;
  /** When its last call ended, RFC 3339, and how many milliseconds it took; null before there was one. */
  readonly asked: { readonly at: string; readonly duration: number } | null;
}

/** What it is now, and since when. */
export interface Version {
  /** Number that the registry gave it; null without a registry. */
  readonly number: number | null;
  /** The first digits of a digest: of the SDL, where a registry has it. */
  readonly digest: string;
  /** RFC 3339: published; without a registry, first served by this process. */
  readonly changedAt: string;
  /** Who published it; null without a registry. */
  readonly changedBy: string | null;
}

export interface ServiceTold extends Standing {
  readonly name: string;
  readonly version: Version;
  readonly figures: CallFigures;
  /** How many members it has, and how many of them are down; null unless it is partitioned. */
  readonly members: { readonly count: number; readonly down: number } | null;
}

export interface MemberTold extends Standing {
  readonly key: string;
  readonly name: string | null;
  /** The partitioned services that it has a part of. */
  readonly services: readonly string[];
  readonly version: Version;
  readonly figures: CallFigures;
}

export interface EntityTold {
  readonly name: string;
  readonly partitionedBy: string | null;
  readonly parts: readonly {
    readonly service: string;
    readonly keys: readonly string[];
    readonly resolvable: boolean;
    readonly fields: readonly string[];
  }[];
}

export interface Overview {
  /** RFC 3339 */
  readonly at: string;
  /** Seconds that the figures are of. */
  readonly window: number;
  /** Whose figures they are: `told` of `asked` processes have answered. */
  readonly workers: { readonly asked: number; readonly told: number };
  /** Where the graph comes from; `away` when the registry does not answer now. */
  readonly registry: "none" | "followed" | "away";
  readonly graph: { readonly loadedAt: string };
  readonly services: readonly ServiceTold[];
  readonly members: readonly MemberTold[];
  readonly entities: readonly EntityTold[];
}

export interface HistoryTold {
  /** `none`: the graph comes from files, and nobody keeps what it was. */
  readonly registry: "none" | "followed" | "away";
  /** The latest first. */
  readonly entries: readonly HistoryEntryTold[];
  /** What to ask for the entries before; null when there are none. */
  readonly before: number | null;
}

export interface HistoryEntryTold {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  /** As the registry calls it: publish, retire, member, suspend, resume, variant, drop variant, rollback. */
  readonly action: string;
  readonly subject: string;
  /** What came out of it; null when it was refused. */
  readonly composition: number | null;
  /** Code of the error table, when it was refused. */
  readonly code: string | null;
}

export interface NamesTold {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** What an entry of the history has changed. */
export interface ChangesTold {
  /** Compositions; `from` is null for the first. */
  readonly from: number | null;
  readonly to: number;
  readonly subgraphs: NamesTold;
  readonly members: NamesTold;
  readonly variants: NamesTold;
  readonly schema: readonly {
    readonly level: "BREAKING" | "DANGEROUS" | "NON_BREAKING";
    readonly message: string;
  }[];
}
