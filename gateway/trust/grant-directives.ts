/**
 * Whose a grant is: composition puts what several subgraphs say of a type together, and does not say who said what. So
 * each grant is told whose it is before; what its author wrote there does not count.
 */
import {
  type ConstDirectiveNode,
  type DirectiveDefinitionNode,
  type DocumentNode,
  GraphQLError,
  Kind,
  parse,
  visit,
} from "graphql";
import { readGrant } from "./grant.ts";

const DIRECTIVE = "grant";
const BY = "by";

const [DEFINITION] = parse(`directive @${DIRECTIVE}(${BY}: String) on OBJECT`, {
  noLocation: true,
}).definitions;

/** What is wrong with the grants of an SDL, each with its place. */
export function faultsOfGrants(sdl: DocumentNode): readonly GraphQLError[] {
  const faults: GraphQLError[] = [];
  visit(sdl, {
    Directive(directive) {
      if (directive.name.value !== DIRECTIVE) return;
      try {
        readGrant(directive as ConstDirectiveNode, "");
      } catch (error) {
        faults.push(
          new GraphQLError((error as Error).message, {
            nodes: directive,
            extensions: { code: "GRANT_INVALID" },
          }),
        );
      }
    },
  });
  return faults;
}

/** @param subgraph its name, as of whoever publishes the SDL */
export function withProvider(sdl: DocumentNode, subgraph: string): DocumentNode {
  return visit(sdl, {
    Directive: (directive) =>
      directive.name.value === DIRECTIVE ? saidBy(directive as ConstDirectiveNode, subgraph) : undefined,
    DirectiveDefinition: (definition) =>
      definition.name.value === DIRECTIVE ? definedWithBy(definition) : undefined,
  });
}

function saidBy(directive: ConstDirectiveNode, subgraph: string): ConstDirectiveNode {
  const others = (directive.arguments ?? []).filter(({ name }) => name.value !== BY);
  const name = { kind: Kind.NAME, value: BY } as const;
  const value = { kind: Kind.STRING, value: subgraph } as const;
  return { ...directive, arguments: [...others, { kind: Kind.ARGUMENT, name, value }] };
}

function definedWithBy(definition: DirectiveDefinitionNode): DirectiveDefinitionNode {
  const others = (definition.arguments ?? []).filter(({ name }) => name.value !== BY);
  const own = (DEFINITION as DirectiveDefinitionNode).arguments ?? [];
  return { ...definition, arguments: [...others, ...own] };
}
