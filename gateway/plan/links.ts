/**
 * What a supergraph says of the specifications that it uses (`@link` of the link specification v1.0): which of its types
 * and directives are theirs.
 */
import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  Kind,
  valueFromASTUntyped,
} from "graphql";

const SPECIFICATIONS = "https://specs.apollo.dev/";

export interface Links {
  /** Version by name, of the specifications at specs.apollo.dev. */
  readonly versions: ReadonlyMap<string, string>;
  /** What a directive of a specification at specs.apollo.dev is called here. */
  readonly directiveName: (specification: string) => string | undefined;
  readonly isLinkedType: (name: string) => boolean;
  readonly isLinkedDirective: (name: string) => boolean;
}

interface Link {
  readonly url: string;
  /** Prefix of what is not imported by name. */
  readonly namespace: string;
  /** Name there by name here, directives with their `@`. */
  readonly imports: ReadonlyMap<string, string>;
}

export function readLinks(document: DocumentNode): Links {
  const applied = document.definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
      ? (definition.directives ?? [])
      : [],
  );
  const own = applied.find((directive) => specificationOf(urlOf(directive))?.name === "link")?.name.value;
  const links = applied.filter(({ name }) => name.value === own).flatMap(readLink);
  const isLinked = (name: string, written: string) =>
    links.some(({ namespace, imports }) => name.startsWith(`${namespace}__`) || imports.has(written));
  return {
    versions: new Map(
      links.flatMap(({ url }) => {
        const specification = specificationOf(url);
        return specification === undefined ? [] : [[specification.name, specification.version] as const];
      }),
    ),
    directiveName(specification) {
      const link = links.find(({ url }) => specificationOf(url)?.name === specification);
      const imported = [...(link?.imports ?? [])].find(([, there]) => there === `@${specification}`)?.[0];
      return imported?.slice(1) ?? link?.namespace;
    },
    isLinkedType: (name) => isLinked(name, name),
    isLinkedDirective: (name) =>
      isLinked(name, `@${name}`) || links.some(({ namespace }) => namespace === name),
  };
}

function readLink(directive: ConstDirectiveNode): readonly Link[] {
  const url = urlOf(directive);
  if (url === undefined) return [];
  const as = argument(directive, "as");
  const namespace = as?.kind === Kind.STRING ? as.value : nameIn(url);
  if (namespace === undefined) return [];
  const given = argument(directive, "import");
  const imports = given?.kind === Kind.LIST ? given.values.map(readImport) : [];
  return [{ url, namespace, imports: new Map(imports) }];
}

/** `"@name"`, or `{ name: "@name", as: "@other" }`: the name here, and the one there. */
function readImport(node: ConstValueNode): readonly [string, string] {
  const value: unknown = valueFromASTUntyped(node);
  if (typeof value === "string") return [value, value];
  const { name = "", as = name } = value as { readonly name?: string; readonly as?: string };
  return [as, name];
}

/** The name that a specification's URL ends with, before its version. */
function nameIn(url: string): string | undefined {
  const parts = url.split("/").filter((part) => part !== "");
  return /^v\d+\.\d+$/.test(parts.at(-1) ?? "") ? parts.at(-2) : parts.at(-1);
}

function specificationOf(url = ""): { readonly name: string; readonly version: string } | undefined {
  if (!url.startsWith(SPECIFICATIONS)) return undefined;
  const [name = "", version = ""] = url.slice(SPECIFICATIONS.length).split("/");
  return { name, version };
}

function urlOf(directive: ConstDirectiveNode): string | undefined {
  const url = argument(directive, "url");
  return url?.kind === Kind.STRING ? url.value : undefined;
}

function argument({ arguments: given }: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return given?.find((each) => each.name.value === name)?.value;
}
