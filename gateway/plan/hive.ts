/**
 * Hive's planner: native, quick, and off the main thread.
 */
import { QueryPlanner } from "@graphql-hive/router-query-planner";
import { Lexer, Source, TokenKind } from "graphql";
import type { Planner, PlanNode } from "./planner.ts";

/** @throws Error when the SDL is not a supergraph. */
export function createHivePlanner(supergraphSdl: string): Planner {
  const planner = new QueryPlanner(withoutDescriptions(supergraphSdl));
  const none = new Set<string>();
  return {
    thresholds: planner.overridePercentages.toSorted((a, b) => a - b),
    async plan(operation, share) {
      const plan = await planner.planAsync(operation, null, none, share);
      return plan.node && withPlainRoot(plan.node);
    },
  };
}

/** A subscription's plan is run like a query's, for every event: its first fetch is the one that events come by. */
function withPlainRoot(node: PlanNode): PlanNode {
  if (node.kind === "Subscription") return { ...node.primary, kind: "Fetch" };
  return node.kind === "Sequence" ? { ...node, nodes: node.nodes.map(withPlainRoot) } : node;
}

/**
 * They do not matter to a plan, and the planner's parser refuses one on the schema definition. A text that is no value,
 * which follows a colon, an equals sign, or stands in a list, is a description.
 */
export function withoutDescriptions(sdl: string): string {
  const lexer = new Lexer(new Source(sdl));
  const kept: string[] = [];
  let from = 0;
  let lists = 0;
  let before: TokenKind = TokenKind.SOF;
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    if (token.kind === TokenKind.BRACKET_L) lists += 1;
    else if (token.kind === TokenKind.BRACKET_R) lists -= 1;
    const isText = token.kind === TokenKind.STRING || token.kind === TokenKind.BLOCK_STRING;
    if (isText && lists === 0 && before !== TokenKind.COLON && before !== TokenKind.EQUALS) {
      kept.push(sdl.slice(from, token.start));
      from = token.end;
    }
    before = token.kind;
  }
  return kept.join("") + sdl.slice(from);
}
