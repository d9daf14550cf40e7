/**
 * Checks of lists of cases: Relay connections whose cursors stay where they are.
 */
import { askForPage, onDay, openAt, openCaseList, readPage } from "../case-list.ts";
import { findProcedure, move, openCase, succeeded } from "../cases.ts";
import type { Check } from "../check.ts";
import { codeOf } from "../subject.ts";
import { instantOn, plusDays } from "../vietnam-time.ts";

const RELAY = "GraphQL Cursor Connections Specification; schema/agency.graphql, Agency.cases";
/** A list that never ends would keep the check for ever. */
const MOST_PAGES = 50;

export const connectionChecks: readonly Check[] = [
  {
    id: "connections.order",
    wants: "cases come latest received first",
    reference: "schema/agency.graphql, Agency.cases",
    writes: true,
    run: async (subject, findings) => {
      const { day, dossiers } = await subject.once(openCaseList);
      const { page, exchange, dossiers: found } = await readPage(subject, { filter: onDay(day), first: 100 });
      const times = page.edges.map(({ node }) => Date.parse(node.receivedAt));
      findings.same(
        "the order",
        times,
        times.toSorted((a, b) => b - a),
        exchange,
      );
      findings.same("the cases of the day", found.toSorted(), dossiers.toSorted(), exchange);
    },
  },
  {
    id: "connections.pages",
    wants:
      "pages of two, one after another, have every row of the list once, also rows received at the same instant",
    reference: RELAY,
    writes: true,
    run: async (subject, findings) => {
      const { day } = await subject.once(openCaseList);
      const filter = onDay(day);
      const whole = await readPage(subject, { filter, first: 100 });
      const read: string[] = [];
      let after: string | null = null;
      for (let pages = 0; pages < MOST_PAGES; pages++) {
        const { page, dossiers, exchange } = await readPage(subject, { filter, first: 2, after });
        read.push(...dossiers);
        after = page.pageInfo.endCursor;
        findings.expect(dossiers.length <= 2, `a page of ${dossiers.length} rows`, exchange);
        if (page.pageInfo.hasNextPage !== read.length < whole.dossiers.length)
          findings.fail(
            `hasNextPage is ${page.pageInfo.hasNextPage} after ${read.length} rows of ${whole.dossiers.length}`,
            exchange,
          );
        if (!page.pageInfo.hasNextPage || after === null) break;
      }
      findings.same("the rows of all pages", read, whole.dossiers, whole.exchange);
    },
  },
  {
    id: "connections.page-info",
    wants:
      "nodes are the edges' nodes, startCursor and endCursor those of the first and the last edge, null on an empty page",
    reference: RELAY,
    writes: true,
    run: async (subject, findings) => {
      const filter = onDay((await subject.once(openCaseList)).day);
      for (const first of [3, 100]) {
        const { page, dossiers, exchange } = await readPage(subject, { filter, first });
        findings.same(
          "nodes",
          page.nodes.map((node) => node.dossierCode),
          dossiers,
          exchange,
        );
        findings.same("startCursor", page.pageInfo.startCursor, page.edges[0]?.cursor, exchange);
        findings.same("endCursor", page.pageInfo.endCursor, page.edges.at(-1)?.cursor, exchange);
      }
      const { page: whole } = await readPage(subject, { filter, first: 100 });
      const after = whole.pageInfo.endCursor;
      const { page, exchange } = await readPage(subject, { filter, after });
      findings.same(
        "the page after the last row",
        page,
        { edges: [], nodes: [], pageInfo: { hasNextPage: false, startCursor: null, endCursor: null } },
        exchange,
      );
    },
  },
  {
    id: "connections.every-cursor",
    wants: "the cursor of every row, not only of a page's last, is followed by the row after it",
    reference: RELAY,
    writes: true,
    run: async (subject, findings) => {
      const filter = onDay((await subject.once(openCaseList)).day);
      const { page, dossiers } = await readPage(subject, { filter, first: 100 });
      for (const [index, { cursor }] of page.edges.slice(0, -1).entries()) {
        const next = await readPage(subject, { filter, first: 1, after: cursor });
        findings.same(`the row after row ${index + 1}`, next.dossiers, [dossiers[index + 1]], next.exchange);
      }
    },
  },
  {
    id: "connections.stable",
    wants:
      "while rows are added, pages go on after the row that their cursor names: none is repeated, none left out, a row added behind the cursor comes",
    reference: RELAY,
    writes: true,
    run: async (subject, findings) => {
      const { day, dossiers: given } = await openCaseList(subject);
      const filter = onDay(day);
      const read: string[] = [];
      let last: Awaited<ReturnType<typeof readPage>> | undefined;
      let after: string | null = null;
      let behind: string | undefined;
      for (let pages = 0; pages < MOST_PAGES; pages++) {
        last = await readPage(subject, { filter, first: 2, after });
        read.push(...last.dossiers);
        after = last.page.pageInfo.endCursor;
        if (!last.page.pageInfo.hasNextPage || after === null) break;
        if (pages > 2) continue;
        await openAt(subject, day, `17:0${pages}:00`);
        behind ??= await openAt(subject, day, "07:30:00");
      }
      const { exchange } = last ?? (await readPage(subject, { filter }));
      const isWanted = new Set([...given, behind ?? ""]);
      findings.same(
        "the rows that came twice",
        read.filter((code, index) => read.indexOf(code) !== index),
        [],
        exchange,
      );
      findings.same(
        "the rows left out",
        [...isWanted].filter((code) => !read.includes(code)),
        [],
        exchange,
      );
      findings.same(
        "the rows that were added in front and came",
        read.filter((code) => !isWanted.has(code)),
        [],
        exchange,
      );
    },
  },
  {
    id: "connections.page-size",
    wants: "first is 1 to 100; another number is refused with INVALID_INPUT",
    reference: "schema/agency.graphql, Agency.cases(first:)",
    writes: false,
    run: async (subject, findings) => {
      for (const first of [0, -1, 101, 1_000_000]) {
        const answer = await askForPage(subject, { first });
        findings.same(`the code for first: ${first}`, codeOf(answer), "INVALID_INPUT", answer.exchange);
      }
      for (const first of [1, 100]) {
        const { dossiers, exchange } = await readPage(subject, { first });
        findings.expect(dossiers.length <= first, `${dossiers.length} rows for first: ${first}`, exchange);
      }
    },
  },
  {
    id: "connections.foreign-cursor",
    wants: "a cursor that the list never gave out is refused with INVALID_CURSOR",
    reference: "docs/errors.md, INVALID_CURSOR",
    writes: false,
    run: async (subject, findings) => {
      for (const after of ["nonsense", "", "AAAA", "W10", "eyJfX3Byb3RvX18iOjF9", "x".repeat(5_000)]) {
        const answer = await askForPage(subject, { after });
        findings.same(
          `the code for ${JSON.stringify(after.slice(0, 30))}`,
          codeOf(answer),
          "INVALID_CURSOR",
          answer.exchange,
        );
      }
    },
  },
  {
    id: "connections.filter",
    wants: "conditions on state, procedure and day of reception are joined by AND",
    reference: "schema/agency.graphql, CaseFilter",
    writes: true,
    run: async (subject, findings) => {
      const { day, dossiers } = await subject.once(openCaseList);
      const { code } = await subject.once(findProcedure);
      const all = dossiers.toSorted();
      const filters: readonly (readonly [filter: object, wanted: readonly string[]])[] = [
        [{ ...onDay(day), states: ["REGISTERED"] }, all],
        [{ ...onDay(day), states: ["REGISTERED", "ACCEPTED"], procedureCode: code }, all],
        [{ ...onDay(day), states: ["ACCEPTED"] }, []],
        [{ ...onDay(day), procedureCode: "9.999999" }, []],
        [onDay(plusDays(day, -1)), []],
        [onDay(plusDays(day, 1)), []],
        [{ receivedFrom: plusDays(day, -1), receivedTo: plusDays(day, 1) }, all],
      ];
      for (const [filter, wanted] of filters) {
        const { dossiers: found, exchange } = await readPage(subject, { filter, first: 100 });
        const own = found.filter((dossier) => dossiers.includes(dossier));
        findings.same(`the cases for ${JSON.stringify(filter)}`, own.toSorted(), wanted, exchange);
      }
    },
  },
  {
    id: "connections.overdue",
    wants:
      "overdue: true are the cases that are past their deadline and not finished, overdue: false all others",
    reference: "schema/agency.graphql, CaseFilter.overdue",
    writes: true,
    run: async (subject, findings) => {
      const { day, dossiers } = await openCaseList(subject);
      const { dossierCode } = await openCase(subject, { dueAt: instantOn(plusDays(day, 30), "17:00:00") });
      succeeded("the refusal", await move(subject, dossierCode, "REJECTED"));
      for (const overdue of [true, false]) {
        const late = await readPage(subject, { filter: { ...onDay(day), overdue }, first: 100 });
        findings.same(
          `the cases of long ago for overdue: ${overdue}`,
          late.dossiers.toSorted(),
          overdue ? dossiers.toSorted() : [],
          late.exchange,
        );
        const latest = await readPage(subject, { filter: { overdue, states: ["REJECTED"] }, first: 100 });
        const isThere = latest.dossiers.includes(dossierCode);
        findings.expect(
          isThere === !overdue,
          `a finished case is ${isThere ? "" : "not "}there for overdue: ${overdue}`,
          latest.exchange,
        );
      }
    },
  },
];
