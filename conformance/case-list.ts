/**
 * A list of cases of one day long ago, which no other rows disturb, and the reading of its pages.
 */
import { z } from "zod";
import { openCase } from "./cases.ts";
import { Stopped } from "./check.ts";
import { inParallel } from "./parallel.ts";
import { type Answer, type Subject, summary } from "./subject.ts";
import { instantOn, plusDays } from "./vietnam-time.ts";

export interface CaseList {
  /** All cases were received on this day. */
  readonly day: string;
  /** Dossier codes, latest received first; the three in the middle were received at the same instant. */
  readonly dossiers: readonly string[];
}

const edgeSchema = z.object({
  cursor: z.string(),
  node: z.object({ dossierCode: z.string(), receivedAt: z.string(), state: z.string() }),
});
const connectionSchema = z.object({
  cases: z.object({
    edges: z.array(edgeSchema),
    nodes: z.array(z.object({ dossierCode: z.string() })),
    pageInfo: z.object({
      hasNextPage: z.boolean(),
      startCursor: z.string().nullable(),
      endCursor: z.string().nullable(),
    }),
  }),
});
export type CasePage = z.infer<typeof connectionSchema>["cases"];

const TIMES = ["16:00:00", "15:00:00", "12:00:00", "12:00:00", "12:00:00", "09:00:00", "08:00:00"];

export async function openCaseList(subject: Subject): Promise<CaseList> {
  const day = subject.names.day();
  const opened = await inParallel(TIMES, 4, (time) => openAt(subject, day, time));
  return { day, dossiers: opened };
}

/** Opens a case that was received then; answers with its dossier code. @throws Stopped */
export async function openAt(subject: Subject, day: string, time: string): Promise<string> {
  const { dossierCode } = await openCase(subject, {
    receivedAt: instantOn(day, time),
    dueAt: instantOn(plusDays(day, 30), "17:00:00"),
  });
  return dossierCode;
}

/** The conditions that only the cases of a day meet. */
export function onDay(day: string): { receivedFrom: string; receivedTo: string } {
  return { receivedFrom: day, receivedTo: day };
}

/** Asks for a page of the agency's cases. */
export function askForPage(
  subject: Subject,
  variables: { readonly filter?: object; readonly first?: number; readonly after?: string | null },
): Promise<Answer> {
  return subject.ask(
    `query ($representations: [_Any!]!, $filter: CaseFilter, $first: Int, $after: String) {
      _entities(representations: $representations) { ... on Agency {
        cases(filter: $filter, first: $first, after: $after) {
          edges { cursor node { dossierCode receivedAt state } } nodes { dossierCode }
          pageInfo { hasNextPage startCursor endCursor } } } } }`,
    { representations: [{ __typename: "Agency", code: subject.agency }], ...variables },
  );
}

/** @throws Stopped when there is none */
export async function readPage(
  subject: Subject,
  variables: Parameters<typeof askForPage>[1],
): Promise<Answer & { readonly page: CasePage; readonly dossiers: readonly string[] }> {
  const answer = await askForPage(subject, variables);
  const entities = answer.data?.["_entities"];
  const read = connectionSchema.safeParse(Array.isArray(entities) ? entities[0] : undefined);
  if (!read.success) throw new Stopped(`no page of cases: ${summary(answer.exchange)}`, answer.exchange);
  const page = read.data.cases;
  return { ...answer, page, dossiers: page.edges.map(({ node }) => node.dossierCode) };
}
