/**
 * The trust file: whose tokens count, what their claims mean, and what is done about what a caller may not read.
 * docs/trust.md shows one whole.
 *
 *     { "issuers": [{ "issuer": "https://login.example", "audience": "graph" }],
 *       "roles": { "clerk": ["orders:read"] } }
 */
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { parseSettings, readSettingsText } from "../../process/settings-file.ts";
import { purposesSchema } from "./purposes.ts";

/** Signatures by a key of which the gateway holds the public half only: no shared secrets, never `none` (RFC 8725). */
const ALGORITHMS = [
  "EdDSA",
  "Ed25519",
  "ES256",
  "ES384",
  "ES512",
  "PS256",
  "PS384",
  "PS512",
  "RS256",
  "RS384",
  "RS512",
] as const;

const name = z.string().min(1, "must not be empty");
const names = z.array(name).min(1, "must name at least one");
const httpUrl = z.url({ protocol: /^https?$/, error: "must be an http or https URL" });

/** Where in a token each is found: names of claims, joined by dots where one is within another. */
const claimsSchema = z
  .strictObject({
    subject: name.default("sub"),
    client: name.default("azp"),
    organisation: name.default("organisation"),
    roles: name.default("roles"),
    scopes: name.default("scope"),
  })
  .prefault({});

const issuerSchema = z.strictObject({
  /** As it stands in `iss`. */
  issuer: httpUrl,
  /** Its keys (RFC 7517); when left out, found by OpenID Connect Discovery. */
  jwks: httpUrl.optional(),
  /** One of these must stand in `aud`. */
  audience: z.union([name.transform((one) => [one]), names], { error: "must be a name, or several" }),
  algorithms: z
    .array(z.enum(ALGORITHMS, { error: `must be one of ${ALGORITHMS.join(", ")}` }))
    .min(1, "must name at least one")
    .default(["EdDSA", "Ed25519", "ES256", "PS256", "RS256"]),
  claims: claimsSchema,
});

const fileSchema = z
  .strictObject({
    issuers: z.array(issuerSchema).default([]),
    /** The issuer that is built in: its key, made by `lienthong token` or the program that starts the gateway. */
    development: z
      .strictObject({
        keyFile: name,
        /** That readers of the pages begin with. */
        role: name.optional(),
      })
      .optional(),
    /** By what subgraphs know the gateway: its name, and the file of its keys (signing-keys.ts). */
    signing: z.strictObject({ name, keyFile: name }).optional(),
    /** Whether who shows no token is answered: everywhere, nowhere, or at these variants of the graph only. */
    anonymous: z
      .union([z.boolean(), names], { error: "must be true, false, or a list of variants" })
      .default(true),
    /** Seconds that clocks may be apart. */
    clockTolerance: z.number().int().min(0).max(300, "must be at most 300").default(30),
    /** Variants that mask for everybody what they mask for anybody (`@masked`), whatever scopes are held. */
    masked: z.array(name).default([]),
    /** What is refused when a field may not be read: that field, or the whole request. */
    refuse: z.enum(["field", "request"], { error: "must be field or request" }).default("field"),
    /** File of the keys that subgraphs sign their answers with (answer-keys.ts). */
    answerKeys: name.optional(),
    /** Legal basis of each purpose that `X-Purpose` may name; any may be named where there are none. */
    purposes: purposesSchema.default({}),
    /**
     * Whether whatever is read must have been granted by who gives it: in its SDL and the registry, where it is true,
     * and beside these in the file that is named. Nothing needs a grant where it is left out.
     */
    grants: z.union([z.literal(true), name], { error: "must be true, or a file" }).optional(),
    /** Scopes, all of which the page of services and members asks for; where there are none, any token will do. */
    overview: z.strictObject({ scopes: names }).optional(),
    /** Scopes of each role. */
    roles: z.record(name, z.array(name)).default({}),
    /** What a token must say, all of it, for each policy (`@policy`): claims, and the values one of which each must have. */
    policies: z
      .record(
        name,
        z.record(name, names).refine((claims) => Object.keys(claims).length > 0, "needs a claim"),
      )
      .default({}),
  })
  .superRefine(({ issuers, development, signing, answerKeys, roles }, faults) => {
    const fault = (path: (string | number)[], message: string) =>
      faults.addIssue({ code: "custom", path, message });
    if (development !== undefined && issuers.length > 0)
      fault(["development"], "cannot be together with a real issuer: whoever reads its key makes any token");
    if (development === undefined && issuers.length === 0) fault(["issuers"], "must have at least one");
    if (development?.role !== undefined && !Object.hasOwn(roles, development.role))
      fault(["development", "role"], "is none of the roles");
    if (answerKeys !== undefined && signing === undefined)
      fault(["answerKeys"], "needs signing: an answer is signed for a request that is");
    for (const [index, { issuer }] of issuers.entries())
      if (issuers.findIndex((other) => other.issuer === issuer) !== index)
        fault(["issuers", index, "issuer"], "stands there twice");
  });

export type TrustSettings = Readonly<z.infer<typeof fileSchema>>;
export type IssuerSettings = TrustSettings["issuers"][number];
export type ClaimNames = IssuerSettings["claims"];

/** Of the development issuer. */
export const USUAL_CLAIMS: ClaimNames = claimsSchema.parse({});

/** @throws StartError when the file cannot be read, or naming every fault in it at once. */
export async function readTrustFile(file: string): Promise<TrustSettings> {
  const settings = readTrust(await readSettingsText(file, "Give the trust file with --trust."), file);
  const { development, signing, answerKeys, grants } = settings;
  const beside = (named: string): string => resolve(dirname(file), named);
  return {
    ...settings,
    ...(development && { development: { ...development, keyFile: beside(development.keyFile) } }),
    ...(signing && { signing: { ...signing, keyFile: beside(signing.keyFile) } }),
    ...(answerKeys !== undefined && { answerKeys: beside(answerKeys) }),
    ...(typeof grants === "string" && { grants: beside(grants) }),
  };
}

/** @throws StartError naming every fault at once, each with its place. */
export function readTrust(text: string, file: string): TrustSettings {
  return parseSettings(fileSchema, text, file, "See docs/trust.md for its form.");
}
