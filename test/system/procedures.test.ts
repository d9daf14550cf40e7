/**
 * One search over every agency of the province, whatever each keeps its procedures in.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../gateway/graph.ts";
import { startProvince, type TestProvince } from "./province.ts";

interface Row {
  readonly agencyCode: string;
  readonly code: string;
  readonly name: string;
}

interface Page {
  readonly totalCount: number;
  readonly edges: readonly { readonly score: number; readonly node: Row }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const QUERY = `query ($search: String, $agencies: [ID!], $first: Int, $after: String) {
  procedures(search: $search, agencies: $agencies, first: $first, after: $after) {
    totalCount edges { score node { ...Row } } pageInfo { hasNextPage endCursor } } }
  fragment Row on Procedure { agencyCode code name agency { name } }`;

const nameOf = ({ agencyCode, code }: Row) => `${agencyCode} ${code}`;

describe.each<Engine["kind"]>(["native", "apollo"])("engine %s", (engine) => {
  let province: TestProvince;
  beforeAll(async () => {
    province = await startProvince(engine);
  });
  afterAll(() => province?.close());

  async function page(variables: object): Promise<Page> {
    const { data, errors } = await province.ask(QUERY, variables);
    expect(errors).toEqual([]);
    return (data as { procedures: Page }).procedures;
  }

  /** What each agency tells of itself, put together. */
  async function ofEach(search: string | null): Promise<Row[]> {
    const { data } = await province.ask(
      `query ($search: String) { agencies { procedures(search: $search, first: 100) {
        edges { score node { agencyCode code name } } } } }`,
      { search },
    );
    const { agencies } = data as {
      agencies: { procedures: { edges: { score: number; node: Row }[] } | null }[];
    };
    return agencies
      .flatMap(({ procedures }) => procedures?.edges ?? [])
      .toSorted(
        (a, b) => b.score - a.score || (a.node.code < b.node.code ? -1 : a.node.code > b.node.code ? 1 : 0),
      )
      .map(({ node }) => node);
  }

  async function readAll(variables: object): Promise<{ rows: Row[]; scores: number[] }> {
    const rows: Row[] = [];
    const scores: number[] = [];
    for (let after: string | null = null; ; ) {
      const { edges, pageInfo }: Page = await page({ ...variables, after });
      rows.push(...edges.map(({ node }) => node));
      scores.push(...edges.map(({ score }) => score));
      if (!pageInfo.hasNextPage) return { rows, scores };
      after = pageInfo.endCursor;
    }
  }

  test.each(["khai sinh", "đăng ký", "dien"])(
    "%j: ranked over all, each row once, page by page",
    async (search) => {
      const whole = await ofEach(search);
      expect(new Set(whole.map(({ agencyCode }) => agencyCode)).size).toBeGreaterThan(
        search === "dien" ? 0 : 1,
      );
      const { rows, scores } = await readAll({ search, first: 7 });
      expect(rows.map(({ code }) => code)).toEqual(whole.map(({ code }) => code));
      expect(rows.map(nameOf).toSorted()).toEqual(whole.map(nameOf).toSorted());
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      const { edges, totalCount } = await page({ search, first: 20 });
      expect(totalCount).toBe(whole.length);
      expect(edges.map(({ node }) => nameOf(node))).toEqual(rows.slice(0, 20).map(nameOf));
    },
  );

  test("without a search: all procedures of the province, by code", async () => {
    const whole = await ofEach(null);
    const { rows } = await readAll({ first: 100 });
    expect(rows.map(({ code }) => code)).toEqual(whole.map(({ code }) => code));
    expect(new Set(rows.map(nameOf)).size).toBe(rows.length);
  });

  test("of agencies named in either spelling", async () => {
    const { rows } = await readAll({ agencies: ["000.00.12.H56", "G01.56"], first: 50 });
    expect([...new Set(rows.map(({ agencyCode }) => agencyCode))].toSorted()).toEqual(["G01.56", "H56.12"]);
  });

  test("with the police stopped: everybody else's, and one error that names it", async () => {
    const before = await readAll({ search: "đăng ký", first: 100 });
    await province.stop("police");
    const { data, errors } = await province.ask(QUERY, { search: "đăng ký", first: 100 });
    const { edges } = (data as { procedures: Page }).procedures;
    expect(edges.map(({ node }) => nameOf(node))).toEqual(
      before.rows.filter(({ agencyCode }) => agencyCode !== "G01.56").map(nameOf),
    );
    expect(errors).toMatchObject([
      { path: ["procedures"], extensions: { code: "SUBGRAPH_UNREACHABLE", member: "G01.56" } },
    ]);
    expect(errors).toHaveLength(1);
  });
});
