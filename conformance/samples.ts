/**
 * Cases to ask for: new ones, or in a run that only reads those that the agency has.
 */
import { z } from "zod";
import { openCase } from "./cases.ts";
import { Skipped } from "./check.ts";
import { inParallel } from "./parallel.ts";
import type { Subject } from "./subject.ts";

const SAMPLES = 12;

/** Dossier codes of at most 12 cases, at least one. @throws Skipped when a run that only reads finds none */
export async function sampleDossiers(subject: Subject): Promise<readonly string[]> {
  if (!subject.readOnly) {
    const opened = await inParallel(Array.from({ length: SAMPLES }), 6, () => openCase(subject));
    return opened.map(({ dossierCode }) => dossierCode);
  }
  return (await existingDossiers(subject)).slice(0, SAMPLES);
}

/** Dossier codes of the agency's latest cases, at most 100. @throws Skipped when it has none */
export async function existingDossiers(subject: Subject): Promise<readonly string[]> {
  if (!subject.readOnly) await subject.once(sampleDossiers);
  const { list } = await subject.entities("... on Agency { cases(first: 100) { nodes { dossierCode } } }", [
    { __typename: "Agency", code: subject.agency },
  ]);
  const found = casesSchema.safeParse(list?.[0]);
  const codes = found.success ? found.data.cases.nodes.map(({ dossierCode }) => dossierCode) : [];
  if (codes.length === 0) throw new Skipped("the agency has no cases");
  return codes;
}

export function caseKey(subject: Subject, dossierCode: string): object {
  return { __typename: "AgencyCase", agencyCode: subject.agency, dossierCode };
}

const casesSchema = z.object({
  cases: z.object({ nodes: z.array(z.object({ dossierCode: z.string() })) }),
});
