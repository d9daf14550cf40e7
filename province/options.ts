/**
 * What can be said on the command line of `npm start`.
 */
import { z } from "zod";
import { readOptions, type OptionValues, wholeNumber } from "../process/options.ts";
import { SCHEMA_DIRECTORY } from "../schema/build/sources.ts";
import { DEFAULT_DATA } from "./data-directory.ts";
import { DEFAULT_DATABASE_PREFIX } from "./databases.ts";
import { LOOPBACK, SERVERS } from "./programs.ts";

const port = z.coerce.number("a port, 0 to 65535").int().min(0).max(65_535);

const OPTIONS = {
  port: {
    schema: port.default(4000),
    placeholder: "N",
    help: "Port of the gateway; 0 takes a free one. Default 4000.",
  },
  host: {
    schema: z.string().default(LOOPBACK),
    placeholder: "ADDRESS",
    help: `Address the gateway listens on. Default ${LOOPBACK}.`,
  },
  data: {
    schema: z.string().min(1).default(DEFAULT_DATA),
    placeholder: "DIR",
    help: `Where everything is kept. Default ${DEFAULT_DATA}.`,
  },
  databaseUrl: {
    schema: z
      .url({ protocol: /^postgres(ql)?$/, error: "not of the form postgres://user:password@host:5432" })
      .optional(),
    env: "DATABASE_URL",
    placeholder: "URL",
    help: "A PostgreSQL server to use. Without it one is started under the data directory.",
  },
  databasePort: {
    schema: port.default(0),
    placeholder: "N",
    help: "Port of the PostgreSQL that is started. Default a free one.",
  },
  databasePrefix: {
    schema: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,30}$/, "lower-case letters, digits and _, at most 31")
      .default(DEFAULT_DATABASE_PREFIX),
    placeholder: "NAME",
    help: `What the names of the databases begin with. Default ${DEFAULT_DATABASE_PREFIX}.`,
  },
  subgraphPort: {
    schema: z
      .array(
        z
          .string()
          .regex(
            new RegExp(`^(${SERVERS.join("|")})=\\d{1,5}$`),
            `NAME=N, NAME one of ${SERVERS.join(", ")}`,
          ),
      )
      .default([]),
    placeholder: "NAME=N",
    multiple: true,
    help: "Port of a subgraph. Default the ones after the gateway's where they are free.",
  },
  dossiers: {
    schema: z.coerce.number("a number of dossiers").int().min(1).max(5_000_000).default(5_000),
    placeholder: "N",
    help: "How many dossiers an empty province is filled with. Default 5000.",
  },
  workers: {
    schema: z
      .union([z.literal("auto"), wholeNumber(1, 256)], { error: "auto, or a whole number from 1 to 256" })
      .default(1),
    placeholder: "N",
    help: "Processes of the gateway, auto for one on each core. Default 1.",
  },
  engine: {
    schema: z.enum(["native", "apollo"], { error: "native or apollo" }).default("native"),
    placeholder: "NAME",
    help: "Engine of the gateway: native, or apollo for the stock one, with --no-trust and --no-record. Default native.",
  },
  sandbox: {
    schema: z.boolean().default(true),
    help: "Serve the sandbox to browsers. It is on; --no-sandbox turns it off.",
  },
  overview: {
    schema: z.boolean().default(true),
    help: "Serve the page of all agencies, /agencies. It is on; --no-overview turns it off.",
  },
  trust: {
    schema: z.boolean().default(true),
    help: "Ask who asks: tokens of a development issuer (lienthong token), and what they may read. It is on; --no-trust turns it off.",
  },
  record: {
    schema: z.boolean().default(true),
    help: "Record who reads personal data, in a database of its own (lienthong audit). It is on; --no-record turns it off.",
  },
  registry: {
    schema: z.boolean().default(false),
    help: "Run a registry that agencies publish to, and serve its graph. Off by default.",
  },
  registryPort: {
    schema: port.default(0),
    placeholder: "N",
    help: "Port of the registry. Default a free one.",
  },
  schema: {
    schema: z.string().default(SCHEMA_DIRECTORY),
    placeholder: "DIR",
    help: "The SDL files to compose. Default schema/.",
  },
} as const;

export type ProvinceOptions = OptionValues<typeof OPTIONS>;

/** @throws StartError naming every fault at once. */
export function readProvinceOptions(): ProvinceOptions {
  return readOptions({
    name: "npm start --",
    summary: "runs a whole sample province: PostgreSQL, every agency's subgraph, the gateway.",
    options: OPTIONS,
    check: ({ engine, trust, record }) =>
      engine === "apollo" && (trust === true || record === true)
        ? ["--engine apollo: needs --no-trust and --no-record, for it knows neither"]
        : [],
    examples: ["npm start -- --port 4100 --data .data-2", "npm start -- --no-trust --no-record"],
  });
}
