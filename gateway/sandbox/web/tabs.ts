/**
 * Tabs of the editor: what a first visit opens with, and their titles. GraphiQL names a tab by its operation; here
 * the first comment line of the query names it, so that a tab reads like a sentence and a user can rename it.
 */

/** An operation as the server lists it; `variables` is JSON as it was written. */
export interface Example {
  readonly title: string;
  readonly query: string;
  readonly variables?: string;
}

/** What of GraphiQL's own tabs matters here. */
export interface Tab {
  readonly query: string | null;
  title: string;
}

/** GraphiQL's keys in the browser's storage (`STORAGE_KEY` of @graphiql/react, with its name space). */
const KEY = { tabs: "graphiql:tabState", query: "graphiql:query", variables: "graphiql:variables" } as const;

/**
 * Prepares the stored tabs before GraphiQL reads them: the examples when there are none, otherwise the user's own.
 * GraphiQL's property `defaultTabs` would do for the first part, but gives no say in the titles.
 */
export function openTabs(storage: Storage, examples: readonly Example[]): void {
  const stored = readTabs(storage.getItem(KEY.tabs));
  if (stored) {
    nameTabs(stored.tabs);
    storage.setItem(KEY.tabs, JSON.stringify(stored));
    return;
  }
  const [first] = examples;
  if (!first) return;
  storage.setItem(KEY.tabs, JSON.stringify({ activeTabIndex: 0, tabs: examples.map(tabOf) }));
  // The editor fills itself from these; without them the first tab would lose its variables.
  storage.setItem(KEY.query, first.query);
  storage.setItem(KEY.variables, first.variables ?? "");
}

/** Gives each tab the title that its query begins with; a query without a comment keeps GraphiQL's. */
export function nameTabs(tabs: readonly Tab[]): void {
  for (const tab of tabs) tab.title = titleOf(tab.query) ?? tab.title;
}

/** The first line of a query when it is a comment, without its `#`. */
function titleOf(query: string | null): string | undefined {
  return /^\s*#+[ \t]*(\S.*)/.exec(query ?? "")?.[1]?.trimEnd();
}

function readTabs(stored: string | null): { tabs: Tab[] } | undefined {
  try {
    const state: unknown = JSON.parse(stored ?? "null");
    const tabs = (state as { tabs?: unknown } | null)?.tabs;
    return Array.isArray(tabs) && tabs.length > 0 ? (state as { tabs: Tab[] }) : undefined;
  } catch {
    // What cannot be read was not written by GraphiQL, and is replaced.
    return undefined;
  }
}

function tabOf(example: Example) {
  return {
    id: crypto.randomUUID(),
    title: example.title,
    query: example.query,
    variables: example.variables ?? null,
    headers: null,
    operationName: null,
    response: null,
  };
}
