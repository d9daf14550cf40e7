import { z } from "zod";
import { grantShape, statedGrantSchema } from "../../gateway/trust/grant.ts";
import { columns, instant } from "../columns.ts";
import { defineCommand } from "../command.ts";
import { hintLines, openRegistry, registryOptions } from "../registry.ts";

const { at, service, member } = statedGrantSchema.shape;

export const addGrant = defineCommand({
  options: {
    subgraph: {
      schema: z.string({ error: "is required: whose data, the name of a subgraph" }).pipe(service),
      placeholder: "NAME",
      help: "Whose data: the subgraph that gives it.",
    },
    member: {
      schema: member,
      placeholder: "KEY",
      help: "A member's rows only, where the subgraph is partitioned.",
    },
    at: {
      schema: z.string({ error: "is required: what is granted" }).pipe(at),
      positional: true,
      placeholder: "FIELD",
      help: "Type.field, Type, or * for all that the subgraph gives.",
    },
    to: {
      schema: z.array(z.string(), { error: "is required: who may read it" }).pipe(grantShape.to),
      multiple: true,
      placeholder: "CONSUMER",
      help: "anyone, or role:, organisation:, client: or service: and a name; may be repeated.",
    },
    for: {
      schema: grantShape.for,
      multiple: true,
      placeholder: "PURPOSE",
      help: "Code of a purpose; may be repeated. Every purpose when left out.",
    },
    ...registryOptions,
  },
  examples: [
    "lienthong grants add Taxpayer.totalRemaining --subgraph tax --to client:portal --for own-data",
    "lienthong grants add AgencyCase.steps --subgraph agencies --member H56.14 --to organisation:H56.31.01",
  ],
  async run({ subgraph, member: key, at: place, to, for: purposes, ...options }) {
    const grant = {
      service: subgraph,
      ...(key !== undefined && { member: key }),
      at: place,
      to,
      ...(purposes !== undefined && { for: purposes }),
    };
    const { id, changed, hints = [] } = await openRegistry(options).addGrant(grant);
    const line = changed
      ? `grant ${id}: ${described(grant)}`
      : `nothing to change: grant ${id} says so already`;
    const data = { id, changed, ...grant, ...(hints.length > 0 && { hints }) };
    return { ok: true, data, lines: [line, ...hintLines(hints)] };
  },
});

export const listGrants = defineCommand({
  options: {
    all: { schema: z.boolean().default(false), help: "Those that were revoked, too." },
    ...registryOptions,
  },
  examples: ["lienthong grants list", "lienthong grants list --all --json"],
  async run({ all, ...options }) {
    const grants = (await openRegistry(options).grants()).filter(
      ({ revokedAt }) => all || revokedAt === null,
    );
    const rows = grants.map(({ id, grant, grantedBy, grantedAt, revokedBy, revokedAt }) => [
      String(id),
      grant.member === undefined ? grant.service : `${grant.service} of ${grant.member}`,
      grant.at,
      grant.to.join(" "),
      grant.for?.join(" ") ?? "",
      `${instant(grantedAt)} by ${grantedBy}`,
      revokedAt === null ? "" : `${instant(revokedAt)} by ${revokedBy}`,
    ]);
    const heads = ["GRANT", "WHOSE", "WHAT", "TO", "FOR", "GRANTED", "REVOKED"];
    return { ok: true, data: { grants }, lines: columns([heads, ...rows]) };
  },
});

export const revokeGrant = defineCommand({
  options: {
    id: {
      schema: z.coerce
        .number({ error: "is required: the grant's number, as grants list tells it" })
        .int()
        .positive(),
      positional: true,
      help: "The grant's number.",
    },
    ...registryOptions,
  },
  examples: ["lienthong grants revoke 12"],
  async run({ id, ...options }) {
    const { changed } = await openRegistry(options).revokeGrant(id);
    const line = changed ? `revoked grant ${id}` : `nothing to change: grant ${id} was revoked before`;
    return { ok: true, data: { id, changed }, lines: [line] };
  },
});

interface Described {
  readonly service: string;
  readonly member?: string;
  readonly at: string;
  readonly to: readonly string[];
  readonly for?: readonly string[];
}

function described({ service: name, member: key, at: place, to, for: purposes }: Described): string {
  const whose = key === undefined ? name : `${name} of ${key}`;
  const what = place === "*" ? "all it gives" : place;
  return `${whose} grants ${what} to ${to.join(", ")}${purposes === undefined ? "" : `, for ${purposes.join(", ")}`}`;
}
