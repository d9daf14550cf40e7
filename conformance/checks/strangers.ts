/**
 * Who may ask at all.
 */
import { type Check, Skipped } from "../check.ts";

export const strangerChecks: readonly Check[] = [
  {
    id: "strangers.refused",
    wants: "a request that the gateway has not signed is refused",
    reference: "docs/conformance.md, what is not checked yet",
    writes: false,
    run: () => {
      throw new Skipped(
        "the contract does not say yet how the gateway signs its requests: nothing was tried",
      );
    },
  },
];
