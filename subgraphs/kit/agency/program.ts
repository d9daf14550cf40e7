/**
 * The program of an agency's subgraph: the same options everywhere, so that whoever knows one knows all.
 */
import { relative } from "node:path";
import { z } from "zod";
import { announceReady, onStop, runProgram } from "../../../process/lifecycle.ts";
import { createLogger, type Logger } from "../../../process/log.ts";
import { readOptions } from "../../../process/options.ts";
import { forAgency } from "../for-agency.ts";
import { parseAgencyCode } from "../identifiers.ts";
import { accessFaults, accessOf, subgraphOptions } from "../options.ts";
import { type LocalDatabase, seededMigrations, startLocalDatabase } from "./local-database.ts";
import { type OwnPart, serveAgencies } from "./serve.ts";
import type { SourceKind } from "./source.ts";

export interface AgencyProgram {
  /** Name of the subgraph, as in the supergraph. */
  readonly name: string;
  readonly summary: string;
  readonly port: number;
  /** Agencies served when `--agencies` is left out. */
  readonly agencies: readonly string[];
  /** One URL for each agency (`/:agency/graphql`) instead of one for all. */
  readonly manyAgencies?: boolean;
  /** Left out by an agency that adds nothing to the contract. */
  readonly own?: OwnPart;
  /** Where the procedures and cases of a program of one agency are; the kit's own tables when left out. */
  readonly system?: (databaseUrl: string, log: Logger) => Promise<AgencySystem>;
  /** What stands in where no database is named; left out by a program that must be given one. */
  readonly local?: LocalDatabase;
}

export interface AgencySystem {
  readonly source: SourceKind;
  /** What the agency adds, where that comes from the same system. */
  readonly own?: OwnPart;
}

/** Reads the options, prepares the databases, serves until stopped. */
export function runAgencyProgram(program: AgencyProgram): void {
  runProgram(async () => {
    const options = readOptions({
      name: program.name,
      summary: program.summary,
      options: agencyOptions(program),
      check: accessFaults,
      examples: [
        `node ${relative(process.cwd(), process.argv[1] ?? "")} --database-url postgres://user:password@localhost:5432/${program.manyAgencies ? "lienthong_{agency}" : `lienthong_${program.name.replaceAll("-", "_")}`}`,
      ],
    });
    const log = createLogger(program.name);
    const databaseUrl = options.databaseUrl ?? (await startLocal(program));
    const agencies = options.agencies.map((code) => ({
      code,
      databaseUrl: forAgency(databaseUrl, code),
    }));
    const system = await program.system?.(agencies[0]?.databaseUrl ?? "", log);
    const own = system?.own ?? program.own;
    const server = await serveAgencies({
      agencies: agencies.map((agency) => ({ ...agency, ...(system && { source: system.source }) })),
      ...(own && { own }),
      path: program.manyAgencies ? "/:agency/graphql" : "/graphql",
      host: options.host,
      port: options.port,
      gatewayUrl: options.gatewayUrl,
      gatewayTokenFile: options.gatewayTokenFile,
      access: accessOf(options, program.name),
      log,
      // Many agencies in one process share what one PostgreSQL server allows.
      poolSize: program.manyAgencies ? 4 : 8,
    });
    onStop(() => server.close());
    log.info({ url: server.url, agencies: options.agencies }, "ready");
    announceReady({ port: server.port });
  });
}

/** Stopped last, when nobody uses it any more. */
async function startLocal({ local, own, system }: AgencyProgram): Promise<string> {
  if (local === undefined) throw new TypeError("a program without a local database was given none");
  const database = await startLocalDatabase(local, seededMigrations(own, system === undefined));
  onStop(database.stop);
  return database.url;
}

function agencyOptions(program: AgencyProgram) {
  const common = subgraphOptions(program.port);
  return {
    ...common,
    databaseUrl: databaseOption(program, common.databaseUrl),
    agencies: {
      schema: z
        .array(z.string())
        .default([...program.agencies])
        .transform((codes, check) => {
          const read = codes.flatMap((code) => code.split(",")).map((code) => readAgency(code, check));
          // Two spellings, or the same code twice, are one agency.
          return [...new Set(read)];
        })
        .refine(
          (codes) => program.manyAgencies || codes.length === 1,
          "this program serves one agency; start it once more for another",
        ),
      env: "AGENCIES",
      placeholder: "CODES",
      multiple: true,
      help: `Codes of the agencies served, separated by commas. Default ${program.agencies.join(",")}.`,
    },
  };
}

interface DatabaseOption {
  readonly schema: z.ZodType<string>;
  readonly env: string;
  readonly placeholder: string;
  readonly help: string;
}

function databaseOption({ manyAgencies, local }: AgencyProgram, option: DatabaseOption) {
  if (manyAgencies) return manyDatabases(option);
  if (local === undefined) return option;
  return {
    ...option,
    schema: option.schema.optional(),
    help: `${option.help} Without it one is started in ${relative(process.cwd(), local.directory)}.`,
  };
}

function manyDatabases(option: DatabaseOption) {
  return {
    ...option,
    schema: option.schema.refine(
      (url) => url.includes("{agency}"),
      "must contain {agency}: every agency has a database of its own",
    ),
    help: "PostgreSQL databases, {agency} standing for the agency code (h56_14); created when missing.",
  };
}

function readAgency(code: string, check: z.RefinementCtx): string {
  try {
    return parseAgencyCode(code, "agency");
  } catch (error) {
    check.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
}
