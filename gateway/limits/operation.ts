/**
 * Whether a document is small enough to be worked on. Paid once for each document: what comes of it is kept with it.
 */
import { type DocumentNode, GraphQLError, parse } from "graphql";
import type { GatewayErrorCode } from "../errors.ts";
import { type Count, DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { measure, type Size } from "./measure.ts";
import { Refusal } from "./refusal.ts";

const LIMITED: readonly {
  readonly size: keyof Size;
  readonly limit: Count;
  readonly code: GatewayErrorCode;
}[] = [
  { size: "depth", limit: "maxDepth", code: "OPERATION_TOO_DEEP" },
  { size: "rootFields", limit: "maxRootFields", code: "TOO_MANY_ROOT_FIELDS" },
  { size: "fields", limit: "maxFields", code: "TOO_MANY_FIELDS" },
  { size: "aliases", limit: "maxAliases", code: "TOO_MANY_ALIASES" },
  { size: "directives", limit: "maxDirectives", code: "TOO_MANY_DIRECTIVES" },
  { size: "valueDepth", limit: "maxValueDepth", code: "VALUE_TOO_DEEP" },
];

/** Parses a document, no further than it may go. Never throws. */
export function parseWithin(
  text: string,
  { maxTokens }: Limits = DEFAULT_LIMITS,
): DocumentNode | GraphQLError {
  try {
    return parse(text, { maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError) return isCutOff(error, maxTokens) ? tooManyTokens(maxTokens) : error;
    // The stack of a parser that goes down with the text has an end.
    return new GraphQLError("Syntax Error: the document is nested too deeply.");
  }
}

/** Every limit that a document passes. */
export function excesses(document: DocumentNode, limits: Limits = DEFAULT_LIMITS): readonly Refusal[] {
  let sizes: Size;
  try {
    sizes = measure(document);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The parser's stack has just sufficed, and that of whoever goes down after it has not: how deep it is, nobody counted.
    return [excess("OPERATION_TOO_DEEP", "maxDepth", undefined, limits.maxDepth)];
  }
  return LIMITED.flatMap(({ size, limit, code }) =>
    sizes[size] > limits[limit] ? [excess(code, limit, sizes[size], limits[limit])] : [],
  );
}

/** @param asked undefined where nobody counted to the end */
export function excess(
  code: GatewayErrorCode,
  limit: string,
  asked: number | undefined,
  allowed: number,
): Refusal {
  return new Refusal(
    code,
    { asked, limit: allowed },
    { limit, ...(asked !== undefined && { asked }), allowed },
  );
}

function isCutOff({ message }: GraphQLError, maxTokens: number): boolean {
  return (
    message.includes(`more that ${maxTokens} tokens`) || message.includes(`more than ${maxTokens} tokens`)
  );
}

function tooManyTokens(maxTokens: number): Refusal {
  return excess("TOO_MANY_TOKENS", "maxTokens", undefined, maxTokens);
}
