/**
 * What one request may ask for: the limits, their defaults, and where they are set. docs/limits.md describes each.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { wholeNumber } from "../../process/options.ts";
import { StartError } from "../../process/lifecycle.ts";
import { isNetwork } from "./address.ts";
import type { Rate } from "./rate.ts";
import { INTROSPECTION, type Introspection } from "./schema-view.ts";

export interface Limits {
  /** Lexical tokens of a document. */
  readonly maxTokens: number;
  /** Fields within fields. */
  readonly maxDepth: number;
  /** Fields of a document, fragments written out. */
  readonly maxFields: number;
  readonly maxRootFields: number;
  readonly maxAliases: number;
  readonly maxDirectives: number;
  /** Lists and objects within each other, in literals and in values of variables. */
  readonly maxValueDepth: number;
  /** Estimated cost of one operation (cost-model.ts). */
  readonly maxCost: number;
  /** Items of a list of which the graph does not say how long it is. */
  readonly defaultListSize: number;
  /** Operations in one request, as an array; 0 where only one may come, as an object. */
  readonly maxBatch: number;
  /** Who may learn the schema. */
  readonly introspection: Introspection;
  /** Cost that one address may spend whose callers are not known. */
  readonly rateAddress: Rate | undefined;
  /** That one client may spend for all its callers. */
  readonly rateClient: Rate | undefined;
  /** That one subject of a role may spend, by role. */
  readonly rateRoles: ReadonlyMap<string, Rate>;
  /** Addresses and networks of proxies whose X-Forwarded-For counts. */
  readonly trustedProxies: readonly string[];
  /** URL of the Redis that has the allowances of several gateways; each has its own without it. */
  readonly rateStore: string | undefined;
}

/** Far above what people write and tools ask: introspection by GraphiQL has 229 fields, 15 deep. */
export const DEFAULT_LIMITS: Limits = Object.freeze({
  maxTokens: 15_000,
  maxDepth: 30,
  maxFields: 1_000,
  maxRootFields: 100,
  maxAliases: 200,
  maxDirectives: 200,
  maxValueDepth: 32,
  maxCost: 100_000,
  defaultListSize: 10,
  maxBatch: 0,
  introspection: "all",
  rateAddress: undefined,
  rateClient: undefined,
  rateRoles: new Map(),
  trustedProxies: [],
  rateStore: undefined,
});

/** Greatest that one may be set to: every limit is one. */
const MOST = 1_000_000;
/** How deep the parser and all that walks a document can go, with room to spare. */
const DEEPEST = 200;

const RATE = z.string().transform(readRate);
const PROXIES = z.array(
  z.string().refine(isNetwork, { error: "must be addresses, or networks such as 10.0.0.0/8" }),
);
const STORE = z.url({ protocol: /^rediss?$/, error: "must be a URL of the form redis://host:6379" });

/** Limits that are a number. */
export type Count = Exclude<
  keyof Limits,
  "introspection" | "rateAddress" | "rateClient" | "rateRoles" | "trustedProxies" | "rateStore"
>;

const COUNTS: { readonly [K in Count]: z.ZodType<number> } = {
  maxTokens: wholeNumber(1, MOST),
  maxDepth: wholeNumber(1, DEEPEST),
  maxFields: wholeNumber(1, MOST),
  maxRootFields: wholeNumber(1, MOST),
  maxAliases: wholeNumber(0, MOST),
  maxDirectives: wholeNumber(0, MOST),
  maxValueDepth: wholeNumber(1, DEEPEST),
  maxCost: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  defaultListSize: wholeNumber(0, MOST),
  maxBatch: wholeNumber(0, 1_000),
};

/** Of a file: each may be left out. */
const FILE = z
  .strictObject({
    ...COUNTS,
    introspection: z.enum(INTROSPECTION),
    rateAddress: RATE,
    rateClient: RATE,
    rateRoles: z.record(z.string(), RATE).transform((rates) => new Map(Object.entries(rates))),
    trustedProxies: PROXIES,
    rateStore: STORE,
  })
  .partial();

/** Options of a program, for `readLimits`. */
export const LIMIT_OPTIONS = {
  limits: {
    schema: z.string().optional(),
    help: "File of limits (JSON), by the names of these options in camelCase; options count for more.",
    env: "LIMITS",
    placeholder: "FILE",
  },
  maxTokens: option("maxTokens", "MAX_TOKENS", "Tokens of one document"),
  maxDepth: option("maxDepth", "MAX_DEPTH", "Fields within fields"),
  maxFields: option("maxFields", "MAX_FIELDS", "Fields of one document, fragments written out"),
  maxRootFields: option("maxRootFields", "MAX_ROOT_FIELDS", "Root fields of one operation"),
  maxAliases: option("maxAliases", "MAX_ALIASES", "Aliases of one document, fragments written out"),
  maxDirectives: option("maxDirectives", "MAX_DIRECTIVES", "Directives of one document"),
  maxValueDepth: option("maxValueDepth", "MAX_VALUE_DEPTH", "Lists and objects within each other"),
  maxCost: option("maxCost", "MAX_COST", "Cost of one operation, by @cost and @listSize"),
  defaultListSize: option(
    "defaultListSize",
    "DEFAULT_LIST_SIZE",
    "Items that a list without @listSize is taken to have",
  ),
  maxBatch: option("maxBatch", "MAX_BATCH", "Operations in one request, sent as an array; 0 for none"),
  introspection: {
    schema: z.enum(INTROSPECTION, { error: "must be all, known or none" }).optional(),
    help: "Who may learn the schema, by introspection and by suggestions in errors: all, known (by a token), none; all by default.",
    env: "INTROSPECTION",
    placeholder: "WHO",
  },
  rateAddress: {
    schema: RATE.optional(),
    help: "Cost that one address may spend whose callers are not known, as 5000/60 in any 60 seconds; unlimited by default.",
    env: "RATE_ADDRESS",
    placeholder: "UNITS/SECONDS",
  },
  rateClient: {
    schema: RATE.optional(),
    help: "Cost that one client may spend for all its callers; unlimited by default.",
    env: "RATE_CLIENT",
    placeholder: "UNITS/SECONDS",
  },
  rateRoles: {
    schema: z.array(z.string()).transform(readRoles).optional(),
    help: "Cost that one subject of a role may spend; may be repeated.",
    env: "RATE_ROLES",
    placeholder: "ROLE=UNITS/SECONDS",
    multiple: true,
  },
  trustedProxies: {
    schema: PROXIES.optional(),
    help: "Proxy, or network of proxies, whose X-Forwarded-For tells a client's address; may be repeated.",
    env: "TRUSTED_PROXIES",
    placeholder: "ADDRESS",
    multiple: true,
  },
  rateStore: {
    schema: STORE.optional(),
    help: "Redis that has what was spent, for several gateways together; each counts by itself by default.",
    env: "RATE_STORE",
    placeholder: "URL",
  },
};

/**
 * The limits that options and their file set; defaults for the others.
 * @throws StartError naming every fault of the file.
 */
export function readLimits(
  given: { readonly [K in keyof Limits]?: Limits[K] | undefined } & { readonly limits?: string | undefined },
): Limits {
  const { limits: file, ...flags } = given;
  const set = Object.entries(flags).filter(([name, value]) => name in DEFAULT_LIMITS && value !== undefined);
  return Object.freeze({
    ...DEFAULT_LIMITS,
    ...(file === undefined ? {} : readFile(file)),
    ...(Object.fromEntries(set) as Partial<Limits>),
  });
}

function readFile(file: string): Partial<Limits> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
    const read = FILE.safeParse(parsed);
    if (read.success) return read.data as Partial<Limits>;
    const faults = read.error.issues.map(({ path, message }) => `${path.join(".") || "limits"}: ${message}`);
    throw new Error(faults.join("; "));
  } catch (error) {
    throw new StartError(
      `${file}: ${(error as Error).message}.`,
      `It is an object with any of ${Object.keys(DEFAULT_LIMITS).join(", ")}; docs/limits.md describes them.`,
    );
  }
}

function option(name: Count, env: string, what: string) {
  return {
    schema: COUNTS[name].optional(),
    help: `${what}; ${DEFAULT_LIMITS[name]} by default.`,
    env,
    placeholder: "N",
  };
}

function readRate(text: string, faults: z.RefinementCtx): Rate {
  const [, units, seconds] = /^([1-9]\d{0,11})\/([1-9]\d{0,5})$/.exec(text) ?? [];
  if (units !== undefined && seconds !== undefined) return { units: Number(units), seconds: Number(seconds) };
  faults.addIssue({ code: "custom", message: `"${text}" is not UNITS/SECONDS, such as 5000/60` });
  return z.NEVER;
}

function readRoles(pairs: readonly string[], faults: z.RefinementCtx): ReadonlyMap<string, Rate> {
  const rates = new Map<string, Rate>();
  for (const pair of pairs) {
    const end = pair.lastIndexOf("=");
    if (end < 1) faults.addIssue({ code: "custom", message: `"${pair}" is not ROLE=UNITS/SECONDS` });
    else rates.set(pair.slice(0, end), readRate(pair.slice(end + 1), faults));
  }
  return rates;
}
