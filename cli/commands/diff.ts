import { z } from "zod";
import type { CompositionDiff } from "../../gateway/registry/client.ts";
import { instant } from "../columns.ts";
import { defineCommand } from "../command.ts";
import { openRegistry, registryOptions } from "../registry.ts";

const composition = z.union([z.literal("latest"), z.coerce.number().int().positive()], {
  error: "must be a composition's number, or latest",
});

export const diff = defineCommand({
  options: {
    from: { schema: composition, positional: true, help: "The composition before: its number." },
    to: {
      schema: composition.default("latest"),
      positional: true,
      help: "The composition after; the latest when left out.",
    },
    ...registryOptions,
  },
  examples: ["lienthong diff 6", "lienthong diff 6 7"],
  async run({ from, to, ...options }) {
    const found = await openRegistry(options).diff(from, to);
    return { ok: true, data: { ...found }, lines: diffLines(found) };
  },
});

function diffLines({ from, to, subgraphs, members, variants, schema }: CompositionDiff): string[] {
  const changes = [
    ...nameLines("subgraph", subgraphs),
    ...nameLines("member", members),
    ...nameLines("variant", variants),
    ...schema.map(({ message }) => `  ${message}`),
  ];
  return [
    `composition ${from.id} (${instant(from.createdAt)}) to ${to.id} (${instant(to.createdAt)})`,
    ...(changes.length === 0 ? ["no difference"] : changes),
  ];
}

function nameLines(kind: string, { added, removed, changed }: CompositionDiff["members"]): string[] {
  return [
    ...added.map((name) => `+ ${kind} ${name}`),
    ...removed.map((name) => `- ${kind} ${name}`),
    ...changed.map((name) => `~ ${kind} ${name}`),
  ];
}
