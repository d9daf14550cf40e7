/**
 * What the page shows, asked for anew every few seconds while somebody can see it.
 */
import { useCallback, useEffect, useRef, useState } from "react";
import { authorization } from "../../sandbox/web/tokens.ts";
import type { ChangesTold, HistoryEntryTold, HistoryTold, Overview } from "../told.ts";

export interface Shown {
  readonly overview: Overview;
  readonly history: HistoryTold;
}

export interface Live {
  /** Undefined before the first answer. */
  readonly shown: Shown | undefined;
  /** The gateway did not answer the last time. */
  readonly isFailing: boolean;
  /** It does not know who asks, or does not tell them. */
  readonly refusal: Refusal | undefined;
}

export type Refusal = "unknown" | "forbidden";

class RefusedError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal);
    this.refusal = refusal;
  }
}

const REFUSALS: Readonly<Record<number, Refusal>> = { 401: "unknown", 403: "forbidden" };

const EVERY_MS = 3_000;

/** @throws RefusedError when it is not for who asks; Error when there is no answer */
async function fetchJson<T>(url: string): Promise<T> {
  const headers = { accept: "application/json", ...(await authorization()) };
  const response = await fetch(url, { headers });
  const refusal = REFUSALS[response.status];
  if (refusal !== undefined) throw new RefusedError(refusal);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  return (await response.json()) as T;
}

const NOTHING: Live = { shown: undefined, isFailing: false, refusal: undefined };

/**
 * @param asker who asks, by whatever name changes when they do; undefined where that is needed and not known yet
 * @param isPaused nothing is asked for while it is, but for what is shown first
 */
export function useLive(path: string, asker: string | undefined, isPaused: boolean): Live {
  const [live, setLive] = useState(NOTHING);
  // What one may see is not shown to the next.
  useEffect(() => setLive(NOTHING), [asker]);
  const isFirst = live.shown === undefined;
  useEffect(() => {
    if (asker === undefined || (isPaused && !isFirst)) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const refresh = async (): Promise<void> => {
      if (!document.hidden || isFirst) {
        try {
          const [overview, history] = await Promise.all([
            fetchJson<Overview>(`${path}/now.json`),
            fetchJson<HistoryTold>(`${path}/history.json`),
          ]);
          if (!isOver) setLive({ ...NOTHING, shown: { overview, history } });
        } catch (error) {
          if (isOver) return;
          // Asking again would be refused again.
          if (error instanceof RefusedError) return setLive({ ...NOTHING, refusal: error.refusal });
          setLive(({ shown }) => ({ ...NOTHING, shown, isFailing: true }));
        }
      }
      if (!isOver) timer = setTimeout(() => void refresh(), EVERY_MS);
    };
    timer = setTimeout(() => void refresh(), isFirst ? 0 : EVERY_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [path, asker, isPaused, isFirst]);
  return asker === undefined ? { ...NOTHING, refusal: "unknown" } : live;
}

export interface Earlier {
  readonly entries: readonly HistoryEntryTold[];
  /** Undefined when there is nothing before. */
  readonly more: (() => void) | undefined;
}

/** The latest entries, which are asked for anew, with those before that the reader has asked for. */
export function useEarlier(path: string, latest: HistoryTold): Earlier {
  const [pages, setPages] = useState<readonly HistoryTold[]>([]);
  const isAsking = useRef(false);
  const before = (pages.at(-1) ?? latest).before;
  const ask = useCallback(() => {
    if (before === null || isAsking.current) return;
    isAsking.current = true;
    fetchJson<HistoryTold>(`${path}/history.json?before=${before}`)
      .then((page) => setPages((known) => [...known, page]))
      // The button stays, to be pressed again.
      .catch(() => undefined)
      .finally(() => {
        isAsking.current = false;
      });
  }, [path, before]);
  const entries = new Map<number, HistoryEntryTold>();
  for (const entry of [latest, ...pages].flatMap((page) => page.entries)) entries.set(entry.id, entry);
  return {
    entries: [...entries.values()].toSorted((one, other) => other.id - one.id),
    more: before === null ? undefined : ask,
  };
}

export type ChangesState = ChangesTold | "loading" | "missing";

/** What an entry has changed: asked for once, when somebody wants to know. */
export function useChanges(path: string, entry: number, isWanted: boolean): ChangesState {
  const [changes, setChanges] = useState<ChangesState>("loading");
  const isKnown = typeof changes === "object";
  useEffect(() => {
    if (!isWanted || isKnown) return;
    setChanges("loading");
    fetchJson<ChangesTold>(`${path}/changes.json?entry=${entry}`).then(setChanges, () =>
      setChanges("missing"),
    );
  }, [path, entry, isWanted, isKnown]);
  return changes;
}
