import { wholeNumber } from "../../process/options.ts";
import { defineCommand } from "../command.ts";
import { changedResult, openRegistry, registryOptions } from "../registry.ts";

export const rollback = defineCommand({
  options: {
    composition: {
      schema: wholeNumber(1, Number.MAX_SAFE_INTEGER),
      positional: true,
      help: "The composition's number, as history tells it.",
    },
    ...registryOptions,
  },
  examples: ["lienthong rollback 6"],
  async run({ composition, ...options }) {
    return changedResult(`rolled back to ${composition}`, await openRegistry(options).rollBack(composition));
  },
});
