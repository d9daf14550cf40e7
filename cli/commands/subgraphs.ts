import { z } from "zod";
import { columns, instant } from "../columns.ts";
import { defineCommand } from "../command.ts";
import { openRegistry, registryOptions } from "../registry.ts";

export const subgraphs = defineCommand({
  options: {
    name: {
      schema: z.string().optional(),
      positional: true,
      help: "A subgraph, whose SDL is printed.",
    },
    ...registryOptions,
  },
  examples: ["lienthong subgraphs", "lienthong subgraphs agencies > agency.graphql"],
  async run({ name, ...options }) {
    const registry = openRegistry(options);
    if (name !== undefined) {
      const subgraph = await registry.subgraph(name);
      return { ok: true, data: { subgraph }, lines: [subgraph.sdl] };
    }
    const list = await registry.subgraphs();
    const rows = list.map((subgraph) => [
      subgraph.name,
      subgraph.owner,
      subgraph.hash.slice(0, 12),
      instant(subgraph.publishedAt),
      subgraph.publishedBy,
      subgraph.url,
    ]);
    const heads = ["SUBGRAPH", "OWNER", "SDL", "PUBLISHED", "BY", "URL"];
    return { ok: true, data: { subgraphs: list }, lines: columns([heads, ...rows]) };
  },
});
