/**
 * What the providers of a graph grant, field by field, and what reading each field therefore asks of a caller.
 * docs/trust.md is the specification.
 */
import { type DocumentNode, type GraphQLSchema, isObjectType, Kind } from "graphql";
import { type Answering, readAnswering } from "../plan/answering.ts";
import { eachApplied } from "../plan/applied.ts";
import type { Links } from "../plan/links.ts";
import { type Grant, isGrantedToService, readGrant, type StatedGrant } from "./grant.ts";
import type { Requirement } from "./requirement.ts";

export interface Granting {
  /** What reading a field of an object type (`Type.field`) asks for; empty where it is not of the graph. */
  readonly requirementsOf: (coordinate: string) => readonly Requirement[];
  /**
   * What a provider grants of one of its fields: with what a member of it does, or none (null), or any, when it is left
   * out.
   */
  readonly grantsOf: (service: string, coordinate: string, member?: string | null) => readonly Grant[];
  readonly answering: Answering;
  /** What the operator should know of: fields that nobody may read, purposes that nobody can name. */
  readonly hints: readonly string[];
}

const DIRECTIVE = "grant";
/** Where a directive on the schema itself stands. */
const WHOLE = "*";

/** By provider, then by place: `*`, `Type`, `Type.field`. */
type Written = ReadonlyMap<string, ReadonlyMap<string, readonly Grant[]>>;

/**
 * @param document of the supergraph
 * @param supergraph with all fields
 * @param stated beside the SDL
 * @param purposes codes that callers may name; any where there are none
 * @throws Error where a directive is no grant, or nobody can tell whose it is
 */
export function readGrants(
  document: DocumentNode,
  links: Links,
  supergraph: GraphQLSchema,
  stated: readonly StatedGrant[],
  purposes: readonly string[] = [],
): Granting {
  const answering = readAnswering(supergraph, links);
  const written = readDirectives(document, supergraph, answering);
  const beside = new Map<string, StatedGrant[]>();
  for (const grant of stated) beside.set(grant.service, [...(beside.get(grant.service) ?? []), grant]);

  function grantsOf(service: string, coordinate: string, member?: string | null): readonly Grant[] {
    const { places, grants } = nearest(written.get(service), supergraph, coordinate);
    const added = (beside.get(service) ?? []).filter(
      ({ at, member: key }) =>
        places.includes(at) && (member === undefined || key === undefined || key === member),
    );
    return [...grants, ...added].map(({ to, for: purpose }) => ({ to, for: purpose }));
  }

  const known = new Map<string, readonly Requirement[]>();
  /** What services need of each other for a field, and for the fields that those need. */
  function ofServices(coordinate: string, seen: ReadonlySet<string> = new Set()): readonly Requirement[] {
    const found = known.get(coordinate);
    if (found !== undefined || seen.has(coordinate)) return found ?? [];
    const path = new Set([...seen, coordinate]);
    const needed = answering.readsFor(coordinate).flatMap(({ service: reader, fields }) =>
      fields.flatMap((field) => [
        ...answering
          .askedFor(field)
          .filter((provider) => provider !== reader)
          .flatMap((provider) => granted(provider, grantsOf(provider, field), reader)),
        ...ofServices(field, path),
      ]),
    );
    if (seen.size === 0) known.set(coordinate, needed);
    return needed;
  }

  const granting: Omit<Granting, "hints"> = {
    answering,
    grantsOf,
    requirementsOf(coordinate) {
      const providers = answering.askedFor(coordinate);
      return [
        // Whose it is must be known before anybody may have it.
        ...(providers.length === 0 ? granted("", []) : []),
        ...providers.flatMap((provider) => granted(provider, grantsOf(provider, coordinate))),
        ...ofServices(coordinate),
      ];
    },
  };
  return { ...granting, hints: hintsOf(supergraph, granting, [...written.values()], stated, purposes) };
}

/** That the consumer is one of those that the provider names, and that it asks for a purpose they are named for. */
function granted(provider: string, grants: readonly Grant[], reader?: string): readonly Requirement[] {
  const whose = { provider, ...(reader !== undefined && { reader }) };
  const to = [...new Set(grants.flatMap((grant) => grant.to))].toSorted();
  const isForAll = grants.every((grant) => grant.for === undefined);
  return [
    { kind: "granted", ...whose, grants: [{ to }] },
    ...(isForAll ? [] : [{ kind: "purpose", ...whose, grants } as const]),
  ];
}

/**
 * What counts for a field: what its provider says of it; where that is nothing, what it says of the type; where that is
 * nothing, what it says of all. What it says of an interface it says of the types that say nothing themselves.
 * @returns the places too at which a grant beside the SDL would count
 */
function nearest(
  written: ReadonlyMap<string, readonly Grant[]> = new Map(),
  schema: GraphQLSchema,
  coordinate: string,
): { readonly places: readonly string[]; readonly grants: readonly Grant[] } {
  const [typeName = "", field = ""] = coordinate.split(".");
  const type = schema.getType(typeName);
  const interfaces = isObjectType(type)
    ? type
        .getInterfaces()
        .filter((each) => each.getFields()[field] !== undefined)
        .map(({ name }) => name)
    : [];
  const levels = [
    [coordinate],
    interfaces.map((name) => `${name}.${field}`),
    [typeName],
    interfaces,
    [WHOLE],
  ];
  const places: string[] = [];
  for (const level of levels) {
    places.push(...level);
    const grants = level.flatMap((at) => written.get(at) ?? []);
    if (grants.length > 0) return { places, grants };
  }
  return { places, grants: [] };
}

function readDirectives(document: DocumentNode, schema: GraphQLSchema, answering: Answering): Written {
  const found = new Map<string, Map<string, Grant[]>>();
  const read = (at: string, directives: NonNullable<Parameters<Parameters<typeof eachApplied>[1]>[1]>) => {
    for (const directive of directives) {
      if (directive.name.value !== DIRECTIVE) continue;
      const { by, ...grant } = readGrant(directive, at);
      const provider = by ?? soleProvider(at, schema, answering);
      if (provider === undefined)
        throw new Error(`${at}: @grant needs by, the name of the subgraph that grants: several give it`);
      const places = found.get(provider) ?? new Map<string, Grant[]>();
      found.set(provider, places);
      places.set(at, [...(places.get(at) ?? []), grant]);
    }
  };
  eachApplied(document, read);
  for (const definition of document.definitions)
    if (definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION)
      read(WHOLE, definition.directives ?? []);
  return found;
}

/** The one subgraph that is asked for a field. */
function soleProvider(at: string, schema: GraphQLSchema, answering: Answering): string | undefined {
  const [typeName = ""] = at.split(".");
  if (!at.includes(".") || !isObjectType(schema.getType(typeName))) return undefined;
  const [provider, ...others] = answering.askedFor(at);
  return others.length === 0 ? provider : undefined;
}

function hintsOf(
  schema: GraphQLSchema,
  { answering, grantsOf }: Omit<Granting, "hints">,
  written: readonly ReadonlyMap<string, readonly Grant[]>[],
  stated: readonly StatedGrant[],
  purposes: readonly string[],
): readonly string[] {
  const hints: string[] = [];
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType))
    for (const field of Object.keys(type.getFields())) {
      const coordinate = `${type.name}.${field}`;
      for (const { service, directive, fields } of answering.readsFor(coordinate))
        for (const needed of fields)
          for (const provider of answering.askedFor(needed)) {
            if (provider === service) continue;
            if (!grantsOf(provider, needed).some((grant) => isGrantedToService(grant, service)))
              hints.push(
                `${coordinate} of "${service}" is refused to everybody: its ${directive} reads ${needed}, which "${provider}" does not grant to service:${service}`,
              );
          }
    }
  hints.push(...sharedHints(schema, answering, grantsOf));
  const used = [...written.flatMap((places) => [...places.values()].flat()), ...stated];
  const named = new Set(used.flatMap((grant) => grant.for ?? []));
  if (purposes.length > 0)
    for (const code of named)
      if (!purposes.includes(code)) hints.push(`a grant is for "${code}", which is no purpose of the list`);
  for (const { service, at } of stated)
    if (!isOf(schema, answering, service, at))
      hints.push(`a grant of "${service}" is about ${at}, which it does not give`);
  return hints;
}

/** Of fields that several give, and one of those to nobody. */
function sharedHints(
  schema: GraphQLSchema,
  { askedFor }: Answering,
  grantsOf: Granting["grantsOf"],
): readonly string[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`))
    .flatMap((coordinate) => {
      const providers = askedFor(coordinate);
      const silent = providers.filter((provider) => grantsOf(provider, coordinate).length === 0);
      if (silent.length === 0 || silent.length === providers.length) return [];
      return [
        `${coordinate} is refused to everybody: "${silent.join('", "')}" gives it too, and grants it to nobody`,
      ];
    });
}

function isOf(schema: GraphQLSchema, answering: Answering, service: string, at: string): boolean {
  const [typeName = "", field] = at.split(".");
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  const gives = (type: string, name: string) => answering.askedFor(`${type}.${name}`).includes(service);
  return types
    .filter(
      (type) =>
        at === WHOLE || type.name === typeName || type.getInterfaces().some(({ name }) => name === typeName),
    )
    .some((type) =>
      Object.keys(type.getFields()).some((name) => (field ?? name) === name && gives(type.name, name)),
    );
}
