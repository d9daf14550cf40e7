/**
 * Two sources, one rule: PostgreSQL's full-text search and the search of a list in memory find the same, in the same
 * order, with the same score, so that pages of agencies with either can be merged.
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Catalogue, searchProcedures } from "../../../../subgraphs/kit/sources/catalogue.ts";
import { FIELD_POINTS, NAME_POINTS } from "../../../../subgraphs/kit/sources/procedure-page.ts";
import * as sql from "../../../../subgraphs/kit/sources/tables/sql.ts";
import { policePart } from "../../../../subgraphs/police/own-part.ts";
import { insertProcedure, type TestAgency, startAgency } from "../../../setup/agency.ts";

const WORDS = ["Đăng", "ký", "khai", "sinh", "khải", "61/2018", "cư-trú", "đất", "đai"];
const CODE = "G01.56";

let agency: TestAgency;
let codes: readonly string[];
beforeAll(async () => {
  agency = await startAgency(policePart, CODE);
  // Every name of two words, beside fields of one or two: what is random are the searches.
  const names = WORDS.flatMap((one) => WORDS.map((other) => `${one} ${other}`)).filter(
    (_, at) => at % 2 === 0,
  );
  codes = names.map((_, at) => `1.${String(at + 1).padStart(6, "0")}`);
  for (const [at, name] of names.entries()) {
    const field = at % 3 === 0 ? (WORDS[at % WORDS.length] ?? "") : `${WORDS[(at * 7) % WORDS.length]} ký`;
    await insertProcedure(agency.database, { code: codes[at], name, field });
  }
});
afterAll(() => agency.close());

interface Found {
  readonly procedures: {
    readonly edges: readonly {
      readonly cursor: string;
      readonly score: number;
      readonly node: { readonly code: string };
    }[];
    readonly totalCount: number;
  };
}

const QUERY = `query ($search: String, $after: String, $agencies: [ID!], $first: Int = 7) {
  procedures(search: $search, after: $after, agencies: $agencies, first: $first) {
    edges { cursor score node { code } } totalCount } }`;

test("the same rows, scores, order and total, page by page", async () => {
  const catalogue = new Catalogue(() => sql.findProcedures(agency.database, codes), 600);
  const rows = await catalogue.all();
  const word = fc
    .tuple(fc.constantFrom(...WORDS, "xyz"), fc.integer({ min: 1, max: 7 }), fc.boolean())
    .map(([text, length, isCut]) => (isCut ? text.slice(0, length) : text));
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 3 }), async (words) => {
      const search = words.join(" ");
      const text = search === "" ? undefined : search;
      let [after, own]: (string | undefined)[] = [];
      for (;;) {
        const found: Found = (await agency.query<Found>(QUERY, { search, after })).data;
        const page = searchProcedures(
          rows,
          { text, field: undefined, onlineLevel: undefined },
          { first: 7, after: own },
        );
        const { edges, totalCount } = found.procedures;
        expect(edges.map(({ score, node }) => [node.code, score])).toEqual(
          page.edges.map(({ score, node }) => [node.code, score]),
        );
        expect(totalCount).toBe(await page.total());
        if (!page.pageInfo.hasNextPage) break;
        after = edges.at(-1)?.cursor;
        own = page.pageInfo.endCursor ?? undefined;
      }
    }),
    { numRuns: 40 },
  );
});

test("a word of the name is worth more than one of the field, and without a search nothing is", async () => {
  await insertProcedure(agency.database, { code: "2.000001", name: "Quốc tịch", field: "Hộ tịch" });
  const scores = async (search: string | null) =>
    (await agency.query<Found>(QUERY, { search })).data.procedures.edges.map(({ score }) => score);
  expect(await scores("quoc")).toEqual([NAME_POINTS]);
  expect(await scores("hộ")).toEqual([FIELD_POINTS]);
  expect(await scores("quốc tịch hộ")).toEqual([2 * NAME_POINTS + 2 * FIELD_POINTS]);
  expect(new Set(await scores(null))).toEqual(new Set([0]));
});

const ask = (agencies: readonly string[] | null) => agency.query<Found>(QUERY, { agencies, first: 1 });

test("named by either spelling it answers; for nobody, nothing; for another agency it refuses", async () => {
  const whole = (await ask(null)).data;
  expect(whole.procedures.edges).toHaveLength(1);
  expect((await ask([CODE, "000.56.G01"])).data).toEqual(whole);
  expect((await ask([])).data.procedures).toEqual({ edges: [], totalCount: 0 });
  expect((await ask([CODE, "G12.56"])).errors?.[0]?.extensions.code).toBe("UNKNOWN_AGENCY");
});
