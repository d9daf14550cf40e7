/**
 * What the overview shows of a registry. The gateway reads it with its own key, which no browser ever sees, and tells
 * only what is listed here: no addresses, no messages to publishers, nothing of keys. However many browsers ask, the
 * registry is asked at most every two seconds, and for each difference once.
 */
import { createRegistryClient, type RegistryClient, RegistryRefusal } from "../registry/client.ts";
import type { RegistryAccess } from "../registry/follow.ts";
import { createLru } from "../transport/lru.ts";
import type { ChangesTold, HistoryEntryTold, HistoryTold } from "./told.ts";

export interface Published {
  readonly subgraphs: Awaited<ReturnType<RegistryClient["subgraphs"]>>;
  readonly members: Awaited<ReturnType<RegistryClient["members"]>>;
}

export interface RegistryView {
  /** What is published now; what was known last when the registry is away. */
  published(): Promise<{ readonly published: Published | undefined; readonly isAway: boolean }>;
  history(before: number | undefined): Promise<HistoryTold>;
  /**
   * What an entry of the history has changed; undefined when there is no such entry, or nothing came of it.
   * @throws RegistryRefusal when the registry is away
   */
  changes(entry: number): Promise<ChangesTold | undefined>;
}

const DEADLINE_MS = 5_000;
const KEPT_MS = 2_000;
const PAGE = 20;
const DIFFERENCES = 500;
const PAGES = 50;
/** What concerns the graph; what was done to keys is not for everybody. */
const ACTIONS: ReadonlySet<string> = new Set([
  "publish",
  "retire",
  "member",
  "suspend",
  "resume",
  "variant",
  "drop variant",
  "rollback",
]);

export function viewRegistry({ url, key }: RegistryAccess): RegistryView {
  const client = createRegistryClient({ url, key, deadline: DEADLINE_MS });
  const differences = createLru<{ changes?: Promise<ChangesTold | undefined> | undefined }>(
    DIFFERENCES,
    PAGE,
  );
  const pages = createLru<() => Promise<HistoryTold>>(PAGES, PAGE);
  let last: Published | undefined;
  /** A difference costs the registry much: one after another. */
  let turn: Promise<unknown> = Promise.resolve();

  const published = keepFor(KEPT_MS, async () => {
    try {
      const [subgraphs, members] = await Promise.all([client.subgraphs(), client.members()]);
      last = { subgraphs, members };
      return { published: last, isAway: false };
    } catch (error) {
      if (!(error instanceof RegistryRefusal)) throw error;
      return { published: last, isAway: true };
    }
  });

  return {
    published,
    history: (before) =>
      pages.get(String(before), () => {
        let known: HistoryTold = { registry: "away", entries: [], before: null };
        return keepFor(KEPT_MS, async () => {
          try {
            known = await readPage(client, before);
          } catch (error) {
            if (!(error instanceof RegistryRefusal)) throw error;
            return { ...known, registry: "away" as const };
          }
          return known;
        });
      })(),
    changes(entry) {
      const kept = differences.get(String(entry), () => ({}));
      if (kept.changes !== undefined) return kept.changes;
      const difference = turn.then(() => readChanges(client, entry));
      turn = difference.catch(() => undefined);
      // One that could not be had now may be had later.
      difference.catch(() => (kept.changes = undefined));
      kept.changes = difference;
      return difference;
    },
  };
}

/** One page of what concerns the graph: read on, where most entries are of other things. */
async function readPage(client: RegistryClient, before: number | undefined): Promise<HistoryTold> {
  const entries: HistoryEntryTold[] = [];
  let from = before;
  for (;;) {
    const read = await client.history(PAGE, from);
    for (const { id, at, actor, action, subject, composition, detail } of read)
      if (ACTIONS.has(action)) {
        const code = typeof detail["code"] === "string" ? detail["code"] : null;
        entries.push({ id, at, actor, action, subject, composition, code });
      }
    from = read.at(-1)?.id;
    if (read.length < PAGE || from === undefined) return { registry: "followed", entries, before: null };
    if (entries.length >= PAGE / 2) return { registry: "followed", entries, before: from };
  }
}

async function readChanges(client: RegistryClient, id: number): Promise<ChangesTold | undefined> {
  const [entry] = await client.history(1, id + 1);
  if (entry?.id !== id || entry.composition === null || !ACTIONS.has(entry.action)) return undefined;
  const to = entry.composition;
  const from = await compositionBefore(client, id);
  if (from === undefined) {
    const { subgraphs, members, variants } = await client.composition(to);
    return {
      from: null,
      to,
      subgraphs: onlyAdded(subgraphs.map(({ name }) => name)),
      members: onlyAdded(members.map((member) => member.key)),
      variants: onlyAdded(variants.map(({ name }) => name)),
      schema: [],
    };
  }
  const { subgraphs, members, variants, schema } = await client.diff(from, to);
  return {
    from,
    to,
    subgraphs,
    members,
    variants,
    schema: schema.map(({ level, message }) => ({ level, message })),
  };
}

async function compositionBefore(client: RegistryClient, entry: number): Promise<number | undefined> {
  for (let before = entry; ; ) {
    const read = await client.history(PAGE, before);
    const composition = read.find((earlier) => earlier.composition !== null)?.composition;
    if (composition !== undefined && composition !== null) return composition;
    const oldest = read.at(-1)?.id;
    if (oldest === undefined || read.length < PAGE) return undefined;
    before = oldest;
  }
}

function onlyAdded(added: readonly string[]): ChangesTold["subgraphs"] {
  return { added, removed: [], changed: [] };
}

/** Asks once for all who ask within a while, which begins when there is an answer. */
export function keepFor<T>(milliseconds: number, read: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  let until = 0;
  const readOnce = async (): Promise<T> => {
    until = Number.POSITIVE_INFINITY;
    try {
      const value = await read();
      until = performance.now() + milliseconds;
      return value;
    } catch (error) {
      until = 0;
      throw error;
    }
  };
  return () => {
    if (kept === undefined || performance.now() > until) kept = readOnce();
    return kept;
  };
}
