/**
 * What the page shows, asked for anew every few seconds while somebody can see it.
 */
import { useCallback, useEffect, useRef, useState } from "react";
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
}

const EVERY_MS = 3_000;

export async function fetchJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  return (await response.json()) as T;
}

/** @param isPaused nothing is asked for while it is, but for what is shown first */
export function useLive(path: string, isPaused: boolean): Live {
  const [live, setLive] = useState<Live>({ shown: undefined, isFailing: false });
  const isFirst = live.shown === undefined;
  useEffect(() => {
    if (isPaused && !isFirst) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const refresh = async (): Promise<void> => {
      if (!document.hidden || isFirst) {
        try {
          const [overview, history] = await Promise.all([
            fetchJson<Overview>(`${path}/now.json`),
            fetchJson<HistoryTold>(`${path}/history.json`),
          ]);
          if (!isOver) setLive({ shown: { overview, history }, isFailing: false });
        } catch {
          if (!isOver) setLive(({ shown }) => ({ shown, isFailing: true }));
        }
      }
      if (!isOver) timer = setTimeout(() => void refresh(), EVERY_MS);
    };
    timer = setTimeout(() => void refresh(), isFirst ? 0 : EVERY_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [path, isPaused, isFirst]);
  return live;
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
