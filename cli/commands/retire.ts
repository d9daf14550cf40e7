import { z } from "zod";
import { defineCommand } from "../command.ts";
import { changedResult, openRegistry, registryOptions } from "../registry.ts";

export const retire = defineCommand({
  options: {
    name: {
      schema: z.string({ error: "is required: a subgraph's name" }),
      positional: true,
      help: "The subgraph.",
    },
    allowBreaking: {
      schema: z.boolean().default(false),
      help: "Retire even what clients use; only the operator may.",
    },
    ...registryOptions,
  },
  examples: ["lienthong retire tourism"],
  async run({ name, allowBreaking, ...options }) {
    return changedResult(`retired ${name}`, await openRegistry(options).retire(name, allowBreaking));
  },
});
