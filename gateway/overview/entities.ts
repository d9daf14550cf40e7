/**
 * Who knows which entity, and adds what to it: read from the `join` directives of a supergraph.
 */
import { createHash } from "node:crypto";
import {
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
} from "graphql";

export interface EntityPart {
  readonly service: string;
  /** Fields that name one, as the service takes them: `store code`. */
  readonly keys: readonly string[];
  /** Whether the service answers for it; otherwise it only refers to it. */
  readonly resolvable: boolean;
  /** Fields that it brings, its keys not among them. */
  readonly fields: readonly string[];
}

export interface Entity {
  readonly name: string;
  /** The key field that names the member, where its rows are spread over members. */
  readonly partitionedBy: string | undefined;
  /** In the order of their names. */
  readonly parts: readonly EntityPart[];
}

export interface ServiceMap {
  /** In the order of their names. */
  readonly entities: readonly Entity[];
  /** By service: of what the supergraph says of it. It changes when the service's schema does. */
  readonly digests: ReadonlyMap<string, string>;
}

type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** Hexadecimal digits of a digest: as many as tell versions apart. */
const DIGEST_LENGTH = 12;

export function readServiceMap(sdl: string): ServiceMap {
  const document = parse(sdl, { noLocation: true });
  const names = serviceNames(document);
  return {
    entities: document.definitions
      .filter((definition) => isComposite(definition))
      .flatMap((type) => entityOf(type, names))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    digests: new Map([...names].map(([graph, name]) => [name, digestOf(document, graph)])),
  };
}

/** Of any text. */
export function digest(of: string): string {
  return createHash("sha256").update(of).digest("hex").slice(0, DIGEST_LENGTH);
}

/** Name of the service by its value of `join__Graph`. */
function serviceNames({ definitions }: DocumentNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== "join__Graph") continue;
    for (const { name, directives } of definition.values ?? [])
      names.set(name.value, text(named(directives, "join__graph")[0], "name") ?? name.value);
  }
  return names;
}

function entityOf(type: Composite, names: ReadonlyMap<string, string>): Entity[] {
  const joins = named(type.directives, "join__type");
  const graphs = new Set(joins.filter((join) => text(join, "key") !== undefined).map(graphOf));
  if (graphs.size === 0) return [];
  const parts = [...graphs].map((graph): EntityPart => {
    const own = joins.filter((join) => graphOf(join) === graph && text(join, "key") !== undefined);
    const keys = own.map((join) => text(join, "key") ?? "");
    const keyFields = new Set(keys.flatMap((key) => key.split(/[\s{}]+/)));
    return {
      service: names.get(graph) ?? graph,
      keys,
      resolvable: own.some((join) => flag(join, "resolvable") !== false),
      fields: (type.fields ?? [])
        .filter((field) => !keyFields.has(field.name.value) && brings(field, graph))
        .map(({ name }) => name.value),
    };
  });
  const [partition] = named(type.directives, "partition");
  return [
    {
      name: type.name.value,
      partitionedBy: text(partition, "by"),
      parts: parts.toSorted((one, other) => (one.service < other.service ? -1 : 1)),
    },
  ];
}

/** A field without a word on who brings it is brought by all who know the type. */
function brings({ directives }: FieldDefinitionNode, graph: string): boolean {
  const joins = named(directives, "join__field");
  if (joins.length === 0) return true;
  return joins.some(
    (join) =>
      [graph, ""].includes(graphOf(join)) &&
      flag(join, "external") !== true &&
      flag(join, "usedOverridden") !== true,
  );
}

function digestOf({ definitions }: DocumentNode, graph: string): string {
  const lines: string[] = [];
  for (const definition of definitions) {
    if (!("directives" in definition) || !("name" in definition)) continue;
    const { directives = [], name } = definition as Composite;
    const joins = directives.filter((directive) => concerns(directive, graph));
    if (joins.length === 0) continue;
    lines.push(`${definition.kind} ${name.value} ${joins.map(print).join(" ")}`);
    const parts =
      "fields" in definition ? definition.fields : "values" in definition ? definition.values : [];
    for (const part of parts ?? []) {
      const joined = named(part.directives, "join__field").concat(named(part.directives, "join__enumValue"));
      if (joined.length > 0 && !joined.some((join) => [graph, ""].includes(graphOf(join)))) continue;
      const own = (part.directives ?? []).filter(
        ({ name: { value } }) => value !== "join__field" && value !== "join__enumValue",
      );
      const said = joined.filter((join) => graphOf(join) === graph);
      lines.push(print({ ...part, directives: [...own, ...said] } as FieldDefinitionNode));
    }
  }
  return digest(lines.join("\n"));
}

function concerns(directive: ConstDirectiveNode, graph: string): boolean {
  return directive.name.value.startsWith("join__") && graphOf(directive) === graph;
}

function named(directives: readonly DirectiveNode[] | undefined, name: string): DirectiveNode[] {
  return (directives ?? []).filter((directive) => directive.name.value === name);
}

/** Empty where the directive names none. */
function graphOf(directive: DirectiveNode): string {
  const value = directive.arguments?.find(({ name }) => name.value === "graph")?.value;
  return value?.kind === Kind.ENUM ? value.value : "";
}

function text(directive: DirectiveNode | undefined, argument: string): string | undefined {
  const value = directive?.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

function flag(directive: DirectiveNode, argument: string): boolean | undefined {
  const value = directive.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === Kind.BOOLEAN ? value.value : undefined;
}

function isComposite(definition: DocumentNode["definitions"][number]): definition is Composite {
  return (
    definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION
  );
}
