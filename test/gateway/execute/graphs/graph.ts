/**
 * What a graph made for the tests consists of.
 */
export interface TestGraph {
  readonly name: string;
  /** SDL by subgraph name. */
  readonly subgraphs: Readonly<Record<string, string>>;
  /**
   * Whether keys may be null. Then what an entity's fields come to depends on the way that reaches it, and only the
   * stock engine can be compared with.
   */
  readonly nullKeys?: boolean;
  /** Whether it is served without what it asks of callers, so that everybody may read everything as it is. */
  readonly isOpen?: boolean;
  /** What the stock engine gets wrong in this graph (stock-faults.test.ts), and is not asked when they are compared. */
  readonly stockFails?: {
    /** It refuses the supergraph. */
    readonly graph?: boolean;
    readonly fields?: readonly string[];
    /** @skip and @include, beside fields with @requires. */
    readonly conditions?: boolean;
    /** Fragments on interfaces and unions, where only one type may stand. */
    readonly abstract?: boolean;
  };
}

/** The head of a Federation 2 schema that uses these directives. */
export function link(directives: string): string {
  const names = directives.split(" ").map((name) => `"${name}"`);
  return `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${names.join(", ")}])\n`;
}
