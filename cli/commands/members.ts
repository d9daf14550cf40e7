import { z } from "zod";
import { columns, instant } from "../columns.ts";
import { defineCommand } from "../command.ts";
import { changedResult, openRegistry, registryOptions } from "../registry.ts";
import { readSdlFile } from "../sources.ts";

const member = {
  schema: z.string({ error: "is required: the member's key" }),
  positional: true,
  help: "The member's key: an agency code.",
} as const;

export const listMembers = defineCommand({
  options: registryOptions,
  examples: ["lienthong members list", "lienthong members list --json"],
  async run(options) {
    const members = await openRegistry(options).members();
    const now = new Date().toISOString();
    const rows = members.map(({ key, owner, entry, suspended, validFrom }) => [
      key,
      entry.name ?? "",
      suspended ? "suspended" : validFrom > now ? `from ${instant(validFrom)}` : "in the graph",
      owner,
      entry.subgraphs.join(", "),
      entry.url ?? `${entry.base}${entry.path}`,
    ]);
    const heads = ["MEMBER", "NAME", "STATE", "OWNER", "SUBGRAPHS", "URL"];
    return { ok: true, data: { members }, lines: columns([heads, ...rows]) };
  },
});

export const addMember = defineCommand({
  options: {
    member,
    url: {
      schema: z.url({ protocol: /^https?$/, error: "is required: an http or https URL" }),
      placeholder: "URL",
      help: "Where the gateway reaches it.",
    },
    subgraph: {
      schema: z.array(z.string()).default(["agencies"]),
      multiple: true,
      placeholder: "NAME",
      help: "A partitioned subgraph that it serves; may be repeated. Default agencies.",
    },
    name: { schema: z.string().optional(), placeholder: "NAME", help: "What people call it." },
    alias: {
      schema: z.array(z.string()).default([]),
      multiple: true,
      placeholder: "KEY",
      help: "Another spelling of its key; may be repeated.",
    },
    validFrom: {
      schema: z.iso
        .datetime({ offset: true, error: "must be RFC 3339: 2026-01-01T00:00:00+07:00" })
        .optional(),
      placeholder: "INSTANT",
      help: "When it joins; at once when left out.",
    },
    sdl: {
      schema: z.string().optional(),
      placeholder: "FILE",
      help: "Its schema; asked at its URL when left out.",
    },
    owner: {
      schema: z.string().optional(),
      placeholder: "OWNER",
      help: "Whose it shall be; only the operator may say so.",
    },
    ...registryOptions,
  },
  examples: [
    'lienthong members add H56.30 --url http://tourism.example/graphql --name "Sở Du lịch" --alias 000.00.30.H56',
  ],
  async run({ member: key, url, subgraph, name, alias, validFrom, sdl, owner, ...options }) {
    const changed = await openRegistry(options).addMember({
      member: {
        key,
        url,
        aliases: [...alias],
        subgraphs: [...subgraph],
        ...(name !== undefined && { name }),
      },
      ...(validFrom !== undefined && { validFrom }),
      ...(sdl !== undefined && { sdl: await readSdlFile(sdl) }),
      ...(owner !== undefined && { owner }),
    });
    return changedResult(`added member ${key}`, changed);
  },
});

export const suspendMember = defineCommand({
  options: { member, ...registryOptions },
  examples: ["lienthong members suspend H56.30"],
  async run({ member: key, ...options }) {
    return changedResult(`suspended member ${key}`, await openRegistry(options).suspendMember(key));
  },
});

export const resumeMember = defineCommand({
  options: { member, ...registryOptions },
  examples: ["lienthong members resume H56.30"],
  async run({ member: key, ...options }) {
    return changedResult(`resumed member ${key}`, await openRegistry(options).resumeMember(key));
  },
});
