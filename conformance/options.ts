/**
 * What a run of the checks can be told on a command line.
 */
import { z } from "zod";
import { wholeNumber } from "../process/options.ts";
import { parseAgencyCode } from "../subgraphs/kit/identifiers.ts";
import { CHECKS } from "./checks.ts";
import { isNamed } from "./conform.ts";

export const conformOptions = {
  url: {
    schema: z.url({
      protocol: /^https?$/,
      error: "is required: the subgraph's GraphQL endpoint, such as http://localhost:4002/graphql",
    }),
    help: "The subgraph's GraphQL endpoint.",
    placeholder: "URL",
    positional: true,
  },
  agency: {
    schema: z.string().optional().transform(readAgency),
    help: "Code of the agency; left out, the URL's path or the subgraph itself tells.",
    placeholder: "CODE",
  },
  gatewayKey: {
    schema: z.string().optional(),
    help: "Private key of a gateway that the subgraph answers (lienthong gateway-key): requests are signed with it.",
    placeholder: "FILE",
  },
  readOnly: {
    schema: z.boolean().default(false),
    help: "Skip every check that opens or changes cases.",
  },
  only: {
    schema: z.array(z.string()).default([]).transform(readNames),
    help: "Only this check or group of checks (entities.order, hostile); may be repeated.",
    placeholder: "NAME",
    multiple: true,
  },
  junit: {
    schema: z.string().optional(),
    help: "Write the report as JUnit XML to this file too.",
    placeholder: "FILE",
  },
  deadline: {
    schema: wholeNumber(1, 600_000).default(5_000),
    help: "Milliseconds that the subgraph has for one request; 5000 by default.",
    placeholder: "MS",
  },
  latencyLimit: {
    schema: wholeNumber(1, 600_000).default(1_000),
    help: "Milliseconds that 99 of 100 requests for 100 entities may take; 1000 by default.",
    placeholder: "MS",
  },
} as const;

function readAgency(code: string | undefined, check: z.RefinementCtx): string | undefined {
  if (code === undefined) return undefined;
  try {
    return parseAgencyCode(code, "agency");
  } catch (error) {
    check.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
}

function readNames(names: readonly string[], check: z.RefinementCtx): readonly string[] {
  for (const name of names)
    if (!CHECKS.some((each) => isNamed(each, name)))
      check.addIssue({
        code: "custom",
        message: `"${name}" is no check; docs/conformance.md lists them all`,
      });
  return names;
}
