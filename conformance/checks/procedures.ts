/**
 * Checks of the list of procedures: pages, total, search.
 */
import { z } from "zod";
import { findProcedure } from "../cases.ts";
import { type Check, Skipped, Stopped } from "../check.ts";
import { type Subject, summary } from "../subject.ts";

const REFERENCE = "schema/agency.graphql, Agency.procedures";
const MOST_PAGES = 50;

const listSchema = z.object({
  procedures: z.object({
    totalCount: z.int(),
    nodes: z.array(z.object({ code: z.string() })),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
});

/** @throws Stopped when there is no list */
async function list(
  subject: Subject,
  variables: { search?: string; field?: string; first?: number; after?: string | null },
) {
  const answer = await subject.ask(
    `query ($representations: [_Any!]!, $search: String, $field: String, $first: Int, $after: String) {
      _entities(representations: $representations) { ... on Agency {
        procedures(search: $search, field: $field, first: $first, after: $after) {
          totalCount nodes { code } pageInfo { hasNextPage endCursor } } } } }`,
    { representations: [{ __typename: "Agency", code: subject.agency }], ...variables },
  );
  const entities = answer.data?.["_entities"];
  const read = listSchema.safeParse(Array.isArray(entities) ? entities[0] : undefined);
  if (!read.success) throw new Stopped(`no list of procedures: ${summary(answer.exchange)}`, answer.exchange);
  const { totalCount, nodes, pageInfo } = read.data.procedures;
  return { exchange: answer.exchange, totalCount, pageInfo, codes: nodes.map(({ code }) => code) };
}

export const procedureChecks: readonly Check[] = [
  {
    id: "procedures.pages",
    wants: "procedures come by code; pages have each once, and totalCount of them in all",
    reference: REFERENCE,
    writes: false,
    run: async (subject, findings) => {
      const codes: string[] = [];
      let after: string | null = null;
      for (let pages = 0; pages < MOST_PAGES; pages++) {
        // Small pages as long as there are few: a long list is read to its end all the same.
        const page = await list(subject, { first: pages < 3 ? 2 : 100, after });
        codes.push(...page.codes);
        after = page.pageInfo.endCursor;
        if (page.pageInfo.hasNextPage && after !== null) continue;
        findings.same("totalCount", page.totalCount, codes.length, page.exchange);
        findings.same("the codes in order", codes, [...new Set(codes)].toSorted(), page.exchange);
        findings.note(`${codes.length} procedures`);
        return;
      }
      throw new Skipped(`the agency has more than ${codes.length} procedures`);
    },
  },
  {
    id: "procedures.search",
    wants: "a search finds a procedure by words of its name, with or without diacritics, in capitals or not",
    reference: `${REFERENCE}(search:)`,
    writes: false,
    run: async (subject, findings) => {
      const { code, name } = await subject.once(findProcedure);
      const words =
        name
          .match(/[\p{L}\p{M}]{2,}/gu)
          ?.slice(0, 4)
          .join(" ") ?? name;
      for (const search of [
        words,
        withoutDiacritics(words),
        words.toUpperCase(),
        withoutDiacritics(words).toLowerCase(),
      ]) {
        const { codes, totalCount, exchange } = await list(subject, { search, first: 100 });
        // Hundreds of procedures may match as well.
        if (totalCount <= 100)
          findings.expect(codes.includes(code), `"${search}" does not find ${code}`, exchange);
        else
          findings.expect(
            codes.length === 100,
            `"${search}" finds ${codes.length} of ${totalCount}`,
            exchange,
          );
      }
    },
  },
  {
    id: "procedures.search-nothing",
    wants: "a search for what nobody offers finds nothing: no rows, totalCount 0",
    reference: `${REFERENCE}(search:)`,
    writes: false,
    run: async (subject, findings) => {
      for (const search of ["zzqxw jjkvv", "& | ! ( ) :* <->", "'\"; --"]) {
        const { codes, totalCount, exchange } = await list(subject, { search });
        // Signs alone are no words: no condition.
        if (/[a-z]/.test(search)) findings.same(`"${search}"`, [codes, totalCount], [[], 0], exchange);
      }
    },
  },
  {
    id: "procedures.field",
    wants: "field gives the procedures of exactly that field",
    reference: `${REFERENCE}(field:)`,
    writes: false,
    run: async (subject, findings) => {
      const { code, field } = await subject.once(findProcedure);
      const own = await list(subject, { field, first: 100 });
      if (own.totalCount <= 100)
        findings.expect(own.codes.includes(code), `"${field}" does not have ${code}`, own.exchange);
      const none = await list(subject, { field: `${field} khác` });
      findings.same("the procedures of another field", [none.codes, none.totalCount], [[], 0], none.exchange);
    },
  },
];

/** `Đăng ký khai sinh` → `Dang ky khai sinh`. */
function withoutDiacritics(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "D");
}
