/**
 * Who may learn the schema: by introspection, or by the suggestions in errors that tell the names nearest to a wrong one.
 */
import { type DocumentNode, GraphQLError, Kind, type SelectionSetNode } from "graphql";
import type { RequestContext } from "../context.ts";

/** Everybody, whoever is known, or nobody. */
export const INTROSPECTION = ["all", "known", "none"] as const;
export type Introspection = (typeof INTROSPECTION)[number];

export function maySeeSchema(introspection: Introspection, { caller }: RequestContext): boolean {
  return introspection === "all" || (introspection === "known" && caller.isAuthenticated);
}

const known = new WeakMap<DocumentNode, boolean>();

/** Whether a document asks for `__schema` or `__type` anywhere; `__typename` tells nothing that the answer does not. */
export function introspects(document: DocumentNode): boolean {
  let does = known.get(document);
  if (does === undefined) {
    does = document.definitions.some(
      (definition) => "selectionSet" in definition && asksForSchema(definition.selectionSet),
    );
    known.set(document, does);
  }
  return does;
}

/** They are fields of the root only, so whatever is within another field is not looked at. */
function asksForSchema({ selections }: SelectionSetNode): boolean {
  return selections.some((selection) =>
    selection.kind === Kind.FIELD
      ? selection.name.value === "__schema" || selection.name.value === "__type"
      : selection.kind === Kind.INLINE_FRAGMENT && asksForSchema(selection.selectionSet),
  );
}

/** The error without what graphql-js suggests in its last sentence. */
export function withoutSuggestions({ message, nodes, path, extensions }: GraphQLError): GraphQLError {
  return new GraphQLError(message.replace(/,? ?Did you mean [^]*\?$/, ""), {
    ...(nodes && { nodes }),
    ...(path && { path }),
    extensions,
  });
}
