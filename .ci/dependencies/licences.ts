/**
 * Licences of what an installation without development dependencies has: a page that is committed, so that a change of
 * them is seen in review, and a list of those that are accepted.
 */
import type { Locked } from "./lockfile.ts";

/** Identifiers of SPDX. */
const ACCEPTED: ReadonlySet<string> = new Set([
  "(MIT AND BSD-3-Clause)",
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
]);

/** Accepted for these packages only; the README tells what it means. */
const ACCEPTED_OF: Readonly<Record<string, ReadonlySet<string> | undefined>> = {
  "Elastic-2.0": new Set([
    "@apollo/composition",
    "@apollo/federation-internals",
    "@apollo/gateway",
    "@apollo/query-graphs",
    "@apollo/query-planner",
  ]),
};

/** One line for each package whose licence is not accepted. */
export function licenceFaults(locked: readonly Locked[]): readonly string[] {
  return inProduction(locked)
    .filter(({ name, license = "" }) => !ACCEPTED.has(license) && ACCEPTED_OF[license]?.has(name) !== true)
    .map(({ name, version, license }) => `${name} ${version}: the licence ${license ?? "is not told"}`);
}

/** The page, as Markdown. */
export function licencePage(locked: readonly Locked[]): string {
  const byLicence = new Map<string, Set<string>>();
  for (const { name, version, license = "not told" } of inProduction(locked))
    byLicence.set(license, (byLicence.get(license) ?? new Set()).add(`${name} ${version}`));
  const sections = [...byLicence]
    .toSorted(([one], [other]) => byCode(one, other))
    .map(([licence, names]) => `## ${licence}\n\n${[...names].toSorted(byCode).join(",\n")}\n`);
  return `# Licences of production dependencies

Written by \`node .ci/dependencies.ts --write\` from package-lock.json, with packages for every platform. What the Elastic
License means here stands in the [README](../README.md#licence).

${sections.join("\n")}`;
}

function inProduction(locked: readonly Locked[]): readonly Locked[] {
  return locked.filter(({ dev }) => dev !== true);
}

/** The same order on every machine, whatever its language. */
function byCode(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
