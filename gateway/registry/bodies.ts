/**
 * What may be sent to the registry. The client's functions take the same forms.
 */
import { z } from "zod";
import { answerKeySchema } from "../answer-keys.ts";
import { memberSchema } from "../members.ts";
import { statedGrantSchema } from "../trust/grant.ts";

const name = z
  .string()
  .regex(/^[A-Za-z][\w-]{0,62}$/, "letters, digits, _ and -, at most 63, a letter first");
const owner = z.string().regex(/^[\w.:@-]{1,64}$/, "letters, digits and . : @ _ -, at most 64");
const tag = z.string().regex(/^[\w/-]{1,128}$/, "letters, digits, _ / and -, at most 128");
const url = z.union([z.literal(""), z.url({ protocol: /^https?$/, error: "must be an http or https URL" })]);
const MOST_SDL = 2 ** 21;
const sdl = z.string().min(1).max(MOST_SDL);

const subgraph = z.strictObject({
  name,
  /** Empty for a subgraph whose every answer comes from members. */
  url: url.default(""),
  sdl,
  /** The SDL's file, as messages shall name it. */
  file: z.string().min(1).max(500).optional(),
});

const subgraphs = z
  .array(subgraph)
  .min(1)
  .max(100)
  .refine((list) => new Set(list.map((each) => each.name)).size === list.length, "names must differ")
  .transform((list) => list.map((each) => ({ ...each, file: each.file ?? `${each.name}.graphql` })));

const validFrom = z.iso.datetime({ offset: true }).optional();

export const publishBody = z.strictObject({
  subgraphs,
  /** Added, or changed, in the same change. */
  member: z.strictObject({ member: memberSchema, validFrom, sdl: sdl.optional() }).optional(),
  owner: owner.optional(),
  allowBreaking: z.boolean().default(false),
});

export const checkBody = z.strictObject({ subgraphs, owner: owner.optional() });

export const memberBody = z.strictObject({
  member: memberSchema,
  validFrom,
  sdl: sdl.optional(),
  owner: owner.optional(),
});

export const rollbackBody = z.strictObject({ composition: z.int().positive() });

export const keyBody = z
  .strictObject({
    owner,
    role: z.enum(["owner", "gateway"]).default("owner"),
    /** Keys and aliases of members that it may answer for; the owner's own name when left out. */
    names: z.array(z.string().min(1).max(64)).max(100).optional(),
  })
  .transform((body) => ({ ...body, names: body.names ?? [body.owner] }));

export const variantBody = z
  .strictObject({
    include: z.array(tag).max(50).default([]),
    exclude: z.array(tag).max(50).default([]),
    hideUnreachable: z.boolean().default(true),
  })
  .refine(({ include, exclude }) => include.length + exclude.length > 0, "needs a tag to include or exclude");

export const operationsBody = z.strictObject({
  operations: z
    .array(z.strictObject({ name: z.string().max(200).nullable().default(null), document: sdl }))
    .max(5_000),
});

const signer = { kind: z.enum(["subgraph", "member"]), name: z.string().min(1).max(64) };

export const answerKeyBody = z.strictObject({ ...signer, key: answerKeySchema });

export const answerKeyQuery = z.object({ ...signer, last: z.stringbool().default(false) });

export const grantBody = statedGrantSchema.extend({ service: name });

const label = z.string().max(100);

export const usageBody = z.strictObject({
  operations: z
    .array(
      z.strictObject({
        hash: z.string().regex(/^[0-9a-f]{64}$/),
        name: label.nullable(),
        kind: z.enum(["query", "mutation", "subscription"]),
        document: z.string().max(50_000),
        coordinates: z.array(z.string().max(400)).max(5_000),
        variant: label,
        client: label,
        clientVersion: label,
        requests: z.int().positive(),
        errors: z.int().nonnegative(),
      }),
    )
    .max(2_000),
});

export const nameParameter = name;
export const clientParameter = z.string().regex(/^[\w.:@ -]{1,100}$/);
export const idParameter = z.coerce.number().int().positive();

export const historyQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.coerce.number().int().positive().optional(),
});

export const retireQuery = z.object({ allowBreaking: z.stringbool().default(false) });

export const graphQuery = z.object({
  after: z.string().max(100).optional(),
  /** Seconds. */
  wait: z.coerce.number().min(0).max(60).default(0),
});
