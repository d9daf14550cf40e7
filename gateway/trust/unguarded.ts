/**
 * A supergraph without what it asks of callers, for the stock engine: that one refuses supergraphs with @authenticated,
 * @requiresScopes or @policy, as it does not enforce them. Of @masked it knows nothing.
 */
import { type ConstDirectiveNode, Kind, parse, print, visit } from "graphql";
import { readLinks } from "../plan/links.ts";
import { hasMasks } from "./masks.ts";

const GUARDS = ["authenticated", "requiresScopes", "policy"] as const;

/** @throws Error where values are to be masked */
export function unmasked(sdl: string): string {
  if (hasMasks(parse(sdl, { noLocation: true })))
    throw new Error("the stock engine masks nothing, and the graph has @masked.");
  return sdl;
}

export function withoutGuards(sdl: string): string {
  const document = parse(sdl, { noLocation: true });
  const links = readLinks(document);
  const names = new Set(GUARDS.flatMap((guard) => links.directiveName(guard) ?? []));
  if (names.size === 0) return sdl;
  const linksGuard = ({ arguments: given }: ConstDirectiveNode) =>
    given?.some(
      ({ name, value }) =>
        name.value === "url" &&
        value.kind === Kind.STRING &&
        GUARDS.some((guard) => value.value.startsWith(`https://specs.apollo.dev/${guard}/`)),
    );
  return print(
    visit(document, {
      Directive: (directive) =>
        names.has(directive.name.value) || linksGuard(directive as ConstDirectiveNode) === true
          ? null
          : undefined,
      DirectiveDefinition: ({ name }) => (names.has(name.value) ? null : undefined),
    }),
  );
}
