/**
 * `npm run seed`: fills the sample province's databases with its catalogue and with dossiers of the last year.
 */
import { join } from "node:path";
import { z } from "zod";
import { onStop, runProgram, stop } from "../../process/lifecycle.ts";
import { readOptions } from "../../process/options.ts";
import { databaseUrl, DEFAULT_DATABASE_PREFIX } from "../databases.ts";
import { lockDirectory } from "../lock.ts";
import { startPostgres } from "../../process/postgres.ts";
import { seedProvince } from "./load.ts";
import { showProgress } from "./progress.ts";

export const DEFAULT_DOSSIERS = 5_000;
const LARGEST_RUN = 10_000_000;

const PROGRAM = {
  name: "seed",
  summary: "fills the sample province: agencies, procedures, and dossiers of the last year",
  options: {
    dossiers: {
      schema: z.coerce
        .number({ error: "must be a whole number" })
        .int("must be a whole number")
        .min(0, "must not be negative")
        .max(LARGEST_RUN, `must be at most ${LARGEST_RUN.toLocaleString("en")}`)
        .default(DEFAULT_DOSSIERS),
      help: `How many dossiers (default ${DEFAULT_DOSSIERS.toLocaleString("en")}).`,
      placeholder: "N",
    },
    databaseUrl: {
      schema: z
        .url({
          protocol: /^postgres(ql)?$/,
          error: "must be a URL postgres://user:password@host:port/database",
        })
        .optional(),
      help: "A PostgreSQL server; each agency's database on it is made if missing. Without it: an embedded one.",
      env: "DATABASE_URL",
      placeholder: "URL",
    },
    databasePrefix: {
      schema: z
        .string()
        .regex(/^[a-z][a-z0-9_]{0,40}$/, "must be lower-case letters, digits and _, beginning with a letter")
        .default(DEFAULT_DATABASE_PREFIX),
      help: `How the databases' names begin (default ${DEFAULT_DATABASE_PREFIX}).`,
      placeholder: "PREFIX",
    },
    data: {
      schema: z.string().min(1, "must not be empty").default(".data"),
      help: "Directory of the embedded PostgreSQL (default .data).",
      placeholder: "DIR",
    },
    now: {
      schema: z.coerce.date({ error: "must be a time such as 2026-11-21T08:30:00+07:00" }).optional(),
      help: "The moment that the dossiers are relative to (default: now).",
      placeholder: "TIME",
    },
    ifEmpty: {
      schema: z.boolean().default(false),
      help: "Leave a province that has dossiers as it is.",
    },
    replace: {
      schema: z.boolean().default(false),
      help: "Delete all dossiers that are there, with their history, and fill the province anew.",
    },
  },
  examples: ["npm run seed", "npm run seed -- --dossiers 1000000 --replace"],
} as const;

runProgram(async () => {
  const options = readOptions(PROGRAM);
  const baseUrl = options.databaseUrl ?? (await embedded(options.data));
  const report = await seedProvince({
    urlOf: (agency) => databaseUrl(baseUrl, agency, options.databasePrefix),
    dossiers: options.dossiers,
    now: options.now ?? new Date(),
    ifFilled: options.replace ? "replace" : options.ifEmpty ? "keep" : "refuse",
    onProgress: showProgress(),
  });
  const rate = Math.round(report.dossiers / report.writingSeconds).toLocaleString("en");
  process.stdout.write(
    report.filled
      ? `seeded ${report.dossiers.toLocaleString("en")} dossiers with ${report.cases.toLocaleString("en")} cases in ${report.seconds.toFixed(1)} s: written at ${rate}/s, the rest for databases and indexes\n`
      : "the province already has dossiers, left as it is\n",
  );
  await stop();
});

/** The server of a data directory that no province runs on; a running one is reached by --database-url. */
async function embedded(directory: string): Promise<string> {
  onStop(await lockDirectory(directory));
  const postgres = await startPostgres({ directory: join(directory, "postgres") });
  onStop(() => postgres.stop());
  return postgres.url;
}
