import { z } from "zod";
import { wholeNumber } from "../../process/options.ts";
import { columns, instant } from "../columns.ts";
import { defineCommand } from "../command.ts";
import { openRegistry, registryOptions } from "../registry.ts";

export const history = defineCommand({
  options: {
    limit: {
      schema: wholeNumber(1, 500).default(20),
      placeholder: "N",
      help: "How many, the latest first; 20 by default.",
    },
    before: {
      schema: z.union([z.undefined(), wholeNumber(1, Number.MAX_SAFE_INTEGER)]),
      placeholder: "ENTRY",
      help: "Only what is older than this entry.",
    },
    ...registryOptions,
  },
  examples: ["lienthong history", "lienthong history --limit 5 --json"],
  async run({ limit, before, ...options }) {
    const entries = await openRegistry(options).history(limit, before);
    const rows = entries.map(({ id, at, actor, action, subject, outcome, composition }) => [
      String(id),
      instant(at),
      actor,
      action,
      subject,
      outcome === "DONE" ? "done" : "refused",
      composition === null ? "" : String(composition),
    ]);
    const heads = ["ENTRY", "AT", "WHO", "WHAT", "OF WHAT", "OUTCOME", "COMPOSITION"];
    return { ok: true, data: { history: entries }, lines: columns([heads, ...rows]) };
  },
});
