/**
 * What the project is made of, looked at: every package is locked by its content, its licence is accepted and listed in
 * docs/licences.md, and no grave vulnerability of it is known.
 *
 *     node .ci/dependencies.ts [--write]
 *
 * A registry that does not answer is told, and is no fault: nobody's network is the project's.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { runProgram, stop } from "../process/lifecycle.ts";
import { readOptions } from "../process/options.ts";
import { audit } from "./dependencies/advisories.ts";
import { licenceFaults, licencePage } from "./dependencies/licences.ts";
import { lockfileFaults, readLockfile } from "./dependencies/lockfile.ts";

const LOCKFILES = ["package-lock.json", "test/bench/package-lock.json"];
const PAGE = "docs/licences.md";

runProgram(async () => {
  const { write, root } = readOptions({
    name: "dependencies",
    summary: "checks lockfiles, licences and known vulnerabilities of what the project is made of",
    options: {
      write: { schema: z.boolean().default(false), help: `Write ${PAGE} anew.` },
      root: {
        schema: z.string().default(join(import.meta.dirname, "..")),
        help: "The project's directory; this one by default.",
        placeholder: "DIR",
      },
    },
  });
  const [own = [], ...others] = await Promise.all(LOCKFILES.map((file) => readLockfile(join(root, file))));
  const page = licencePage(own);
  if (write) await writeFile(join(root, PAGE), page);
  const committed = await readFile(join(root, PAGE), "utf8").catch(() => "");
  const accepted = await readFile(join(root, ".ci", "dependencies", "accepted.json"), "utf8");
  const today = new Date().toISOString().slice(0, "2026-11-22".length);
  const { faults: vulnerabilities, unanswered } = await audit(root, accepted, today);
  const faults = [
    ...lockfileFaults(own),
    ...others.flatMap(lockfileFaults),
    ...licenceFaults(own),
    ...(committed === page
      ? []
      : [`${PAGE} is not of this package-lock.json: node .ci/dependencies.ts --write`]),
    ...vulnerabilities,
  ];
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.stdout.write(`dependencies: ${own.length} packages, ${faults.length} faults\n`);
  if (unanswered !== undefined)
    process.stdout.write(`dependencies: the registry tells no vulnerabilities: ${unanswered}\n`);
  if (faults.length > 0) await stop(1);
});
