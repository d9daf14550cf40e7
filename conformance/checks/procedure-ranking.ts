/**
 * Checks of procedures as the gateway merges them over agencies: ranked by one rule, paged by any row's cursor, asked by
 * Query.procedures.
 */
import { z } from "zod";
import { findProcedure } from "../cases.ts";
import { type Check, Stopped } from "../check.ts";
import { reversedSpelling } from "../codes.ts";
import type { Exchange } from "../http/exchange.ts";
import { codeOf, type Subject, summary } from "../subject.ts";

const REFERENCE = "schema/agency.graphql, ProcedureEdge.score";
const ROOT = "schema/agency.graphql, Query.procedures";
/** A list that never ends would keep the check for ever. */
const MOST_PAGES = 60;
const NAME_POINTS = 10;
const FIELD_POINTS = 4;

const edgeSchema = z.object({
  cursor: z.string(),
  score: z.number(),
  node: z.object({ agencyCode: z.string(), code: z.string(), name: z.string(), field: z.string() }),
});
const listSchema = z.object({
  procedures: z.object({
    totalCount: z.int(),
    edges: z.array(edgeSchema),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
});

type Edge = z.infer<typeof edgeSchema>;

interface Asked {
  readonly agencies?: readonly string[];
  readonly search?: string | undefined;
  readonly first?: number;
  readonly after?: string | null;
}

function ask(subject: Subject, variables: Asked) {
  return subject.ask(
    `query ($agencies: [ID!], $search: String, $first: Int, $after: String) {
      procedures(agencies: $agencies, search: $search, first: $first, after: $after) {
        totalCount edges { cursor score node { agencyCode code name field } } pageInfo { hasNextPage endCursor } } }`,
    { ...variables },
  );
}

/** @throws Stopped when there is no list */
async function list(subject: Subject, variables: Asked) {
  const answer = await ask(subject, variables);
  const read = listSchema.safeParse(answer.data);
  if (!read.success || answer.errors.length > 0)
    throw new Stopped(`no list of procedures: ${summary(answer.exchange)}`, answer.exchange);
  return { ...read.data.procedures, exchange: answer.exchange };
}

/** Nothing, and words that some of the agency's procedures have: single ones match most. */
async function searches(subject: Subject): Promise<readonly (string | undefined)[]> {
  const { name } = await subject.once(findProcedure);
  const words = wordsOf(name).slice(0, 4);
  return [undefined, words.join(" "), ...words];
}

export const rankingChecks: readonly Check[] = [
  {
    id: "procedures.score",
    wants:
      "procedures come by score, greatest first, then by code; the score is 10 for each word in the name and 4 for each in the field, the last word also as a beginning, and 0 without a search",
    reference: REFERENCE,
    writes: false,
    run: async (subject, findings) => {
      for (const search of await searches(subject)) {
        const { edges, exchange } = await list(subject, { search, first: 100 });
        const shown = search === undefined ? "without a search" : `for "${search}"`;
        for (const { score, node } of edges)
          findings.same(`the score of ${node.code} ${shown}`, score, pointsOf(search, node), exchange);
        findings.same(`the order ${shown}`, codes(edges), codes(edges.toSorted(byScore)), exchange);
      }
    },
  },
  {
    id: "procedures.cursors",
    wants:
      "with and without a search, every row's cursor is followed by the row after it, and pages have each once",
    reference: REFERENCE,
    writes: false,
    run: async (subject, findings) => {
      for (const search of await searches(subject)) {
        const whole = await list(subject, { search, first: 100 });
        const shown = search === undefined ? "" : ` of "${search}"`;
        const read: string[] = [];
        let after: string | null = null;
        let exchange: Exchange = whole.exchange;
        for (let pages = 0; pages < MOST_PAGES && read.length < whole.edges.length; pages++) {
          const page: Awaited<ReturnType<typeof list>> = await list(subject, { search, first: 2, after });
          read.push(...codes(page.edges));
          findings.same(`totalCount${shown}`, page.totalCount, whole.totalCount, page.exchange);
          after = page.pageInfo.endCursor;
          exchange = page.exchange;
          if (!page.pageInfo.hasNextPage || after === null) break;
        }
        const wanted = codes(whole.edges);
        findings.same(`the rows${shown}`, read.slice(0, wanted.length), wanted, exchange);
        const [first, second] = whole.edges;
        if (first === undefined || second === undefined) continue;
        const next = await list(subject, { search, first: 1, after: first.cursor });
        findings.same(`the row after the first${shown}`, codes(next.edges), codes([second]), next.exchange);
      }
    },
  },
  {
    id: "procedures.agencies",
    wants:
      "Query.procedures gives the agency's own where it is named, in either spelling, or nobody is; an empty list names nobody; another agency is refused with UNKNOWN_AGENCY",
    reference: ROOT,
    writes: false,
    run: async (subject, findings) => {
      const all = await list(subject, {});
      findings.expect(all.edges.length > 0, "there are no procedures", all.exchange);
      for (const { node } of all.edges)
        findings.same(`the agency of ${node.code}`, node.agencyCode, subject.agency, all.exchange);
      for (const spelling of [subject.agency, reversedSpelling(subject.agency)]) {
        if (spelling === undefined) continue;
        const named = await list(subject, { agencies: [spelling] });
        findings.same(`the procedures of ${spelling}`, codes(named.edges), codes(all.edges), named.exchange);
      }
      const none = await list(subject, { agencies: [] });
      findings.same("what no agency has", [codes(none.edges), none.totalCount], [[], 0], none.exchange);
      const answer = await ask(subject, { agencies: [subject.agency, "Y99.99"] });
      findings.same("the code for another agency", codeOf(answer), "UNKNOWN_AGENCY", answer.exchange);
    },
  },
];

function codes(edges: readonly Edge[]): string[] {
  return edges.map(({ node }) => node.code);
}

function byScore(a: Edge, b: Edge): number {
  return b.score - a.score || (a.node.code < b.node.code ? -1 : 1);
}

/** By the contract's rule. */
function pointsOf(search: string | undefined, { name, field }: Edge["node"]): number {
  const words = wordsOf(search ?? "");
  const [inName, inField] = [wordsOf(name), wordsOf(field)];
  return words
    .map((word, index) => {
      const isIn = (others: readonly string[]): boolean =>
        others.some((other) => (index === words.length - 1 ? other.startsWith(word) : other === word));
      return (isIn(inName) ? NAME_POINTS : 0) + (isIn(inField) ? FIELD_POINTS : 0);
    })
    .reduce((sum, points) => sum + points, 0);
}

/** In lower case without diacritics. */
function wordsOf(text: string): readonly string[] {
  return (
    text
      .normalize("NFD")
      .replaceAll(/\p{M}/gu, "")
      .toLowerCase()
      .replaceAll("đ", "d")
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}
