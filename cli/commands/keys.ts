import { z } from "zod";
import { columns, instant } from "../columns.ts";
import { defineCommand } from "../command.ts";
import { openRegistry, registryOptions } from "../registry.ts";

export const listKeys = defineCommand({
  options: registryOptions,
  examples: ["lienthong keys list"],
  async run(options) {
    const keys = await openRegistry(options).keys();
    const rows = keys.map(({ id, owner, role, names, issuedAt, revokedAt }) => [
      id,
      owner,
      role,
      names.join(", "),
      instant(issuedAt),
      revokedAt === null ? "" : instant(revokedAt),
    ]);
    const heads = ["KEY", "OWNER", "ROLE", "ANSWERS FOR", "ISSUED", "REVOKED"];
    return { ok: true, data: { keys }, lines: columns([heads, ...rows]) };
  },
});

export const issueKey = defineCommand({
  options: {
    owner: {
      schema: z.string({ error: "is required: whose the key shall be" }),
      positional: true,
      help: "Whose the key shall be: an agency code, or a gateway's name.",
    },
    role: {
      schema: z.enum(["owner", "gateway"], { error: "must be owner or gateway" }).default("owner"),
      placeholder: "ROLE",
      help: "owner, who publishes, or gateway, which asks for the graph; owner by default.",
    },
    name: {
      schema: z.array(z.string()).default([]),
      multiple: true,
      placeholder: "KEY",
      help: "A member's key or alias that the owner answers for beside its own name; may be repeated.",
    },
    ...registryOptions,
  },
  examples: [
    "lienthong keys issue H56.30 --name 000.00.30.H56",
    "lienthong keys issue gateway-1 --role gateway > gateway.key",
  ],
  async run({ owner, role, name, ...options }) {
    const names = role === "gateway" ? [] : [...new Set([owner, ...name])];
    const issued = await openRegistry(options).issueKey({ owner, role, names });
    // The key alone, so that it can go into a file; nobody is told it again.
    return { ok: true, data: { ...issued }, lines: [issued.key] };
  },
});

export const revokeKey = defineCommand({
  options: {
    id: {
      schema: z.string({ error: "is required: the key's id, as keys list tells it" }),
      positional: true,
      help: "The part of the key before the dot.",
    },
    ...registryOptions,
  },
  examples: ["lienthong keys revoke 3f9a0c1b2d4e"],
  async run({ id, ...options }) {
    const revoked = await openRegistry(options).revokeKey(id);
    return { ok: true, data: { key: revoked }, lines: [`revoked key ${id} of ${revoked.owner}`] };
  },
});
