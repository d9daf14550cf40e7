/**
 * Members of partitioned subgraphs grant their own rows. What all grant, or one of them, is decided before anything is
 * asked (grants.ts); which of them grants it, when each is about to be asked: one that does not is not asked at all, and
 * costs its own rows.
 */
import {
  type DocumentNode,
  type GraphQLSchema,
  isCompositeType,
  Kind,
  parse,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import type { ConditionedOperation } from "../plan/conditions.ts";
import { createLru } from "../transport/lru.ts";
import {
  entityLists,
  type Failure,
  representationsOf,
  type SubgraphRequest,
} from "../transport/transport.ts";
import { type Grant, isFor, isGrantedTo, isGrantedToService, type StatedGrant } from "./grant.ts";
import type { Granting } from "./grants.ts";
import { objectTypesOf } from "./rules.ts";

export interface MemberGrants {
  /** Fields (`Type.field`) that an operation tells its client; others are fetched for these. */
  readonly toldBy: (operation: ConditionedOperation) => ReadonlySet<string>;
  /** Why whom a request goes to, a member or the subgraph's own server, is not asked; undefined where it is. */
  readonly refusal: (request: SubgraphRequest, told: ReadonlySet<string>) => MemberRefusal | undefined;
}

export interface MemberRefusal {
  /** `Type.field` that it does not grant, one of those. */
  readonly field: string;
  readonly failure: Failure;
}

/** What a document asks for: of the root, and of entities by the variable that has them, and their type. */
interface AskedFields {
  readonly root: ReadonlySet<string>;
  readonly entities: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
}

const KEPT = 500;
const LONGEST = 20_000;
const ENTITIES = "_entities";

/**
 * Undefined where no member grants anything of its own: then nothing is left to be decided.
 * @param supergraph with all fields
 * @param schema what clients see of it
 */
export function createMemberGrants(
  granting: Granting,
  stated: readonly StatedGrant[],
  supergraph: GraphQLSchema,
  schema: GraphQLSchema,
): MemberGrants | undefined {
  const services = new Set(stated.filter(({ member }) => member !== undefined).map(({ service }) => service));
  if (services.size === 0) return undefined;
  const { answering, grantsOf } = granting;
  const documents = createLru<AskedFields>(KEPT, LONGEST);
  const readers = new WeakMap<ReadonlySet<string>, ReadonlyMap<string, ReadonlySet<string>>>();

  /** Subgraphs that read a field for what is told, or for what that needs in turn. */
  function readersFor(told: ReadonlySet<string>): ReadonlyMap<string, ReadonlySet<string>> {
    let found = readers.get(told) as Map<string, Set<string>> | undefined;
    if (found !== undefined) return found;
    found = new Map();
    const waiting = [...told];
    const seen = new Set(waiting);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      for (const { service, fields } of answering.readsFor(next))
        for (const field of fields) {
          found.set(field, (found.get(field) ?? new Set()).add(service));
          if (!seen.has(field)) waiting.push(field);
          seen.add(field);
        }
    readers.set(told, found);
    return found;
  }

  return {
    toldBy: ({ operation, fragments }) =>
      fieldsOf(schema, { kind: Kind.DOCUMENT, definitions: [operation, ...fragments.values()] }),
    refusal(request, told) {
      const { service, member, context } = request;
      if (!services.has(service)) return undefined;
      // What is asked of no member no member's grant is about.
      const key = member?.key ?? null;
      const { root, entities } = documents.get(request.query, () => read(supergraph, request.query));
      const asked = [root, ...askedEntities(request, entities)];
      const reading = readersFor(told);
      for (const field of new Set(asked.flatMap((fields) => [...fields]))) {
        const grants = grantsOf(service, field, key);
        const own = grants.filter((grant) => isGrantedTo(grant, context.caller));
        if (told.has(field) && !own.some((grant) => isFor(grant, context.purpose)))
          return notGranted(field, own);
        for (const reader of reading.get(field) ?? []) {
          if (reader === service) continue;
          const given = grants.filter((grant) => isGrantedToService(grant, reader));
          if (!given.some((grant) => isFor(grant, context.purpose))) return notGranted(field, given);
        }
      }
      return undefined;
    },
  };
}

/** @param grants to whoever reads, of which none is for the purpose */
function notGranted(field: string, grants: readonly Grant[]): MemberRefusal {
  const missing = grants.length === 0 ? "consumer" : "purpose";
  return { field, failure: { code: "NOT_GRANTED", missing, reason: `${field} is not granted` } };
}

/** Of the types that are represented. */
function askedEntities(
  request: SubgraphRequest,
  entities: AskedFields["entities"],
): readonly ReadonlySet<string>[] {
  return entityLists(request).flatMap((list) => {
    const byType = entities.get(list.variable);
    const types = new Set(
      representationsOf(request, list).map((each) => String((each as { __typename?: unknown }).__typename)),
    );
    return [...types].flatMap((type) => byType?.get(type) ?? []);
  });
}

function read(supergraph: GraphQLSchema, query: string): AskedFields {
  const document = parse(query, { noLocation: true });
  const entities = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();
  const withoutEntities = visit(document, {
    Field(field) {
      if (field.name.value !== ENTITIES) return undefined;
      const variable = field.arguments?.find(({ value }) => value.kind === Kind.VARIABLE)?.value;
      if (variable?.kind === Kind.VARIABLE && field.selectionSet !== undefined)
        entities.set(variable.name.value, readEntities(supergraph, document, field.selectionSet));
      return null;
    },
  });
  return { root: fieldsOf(supergraph, withoutEntities), entities };
}

/** By the type of the entity: what stands under a type, it is asked for, and what stands under an interface of it. */
function readEntities(
  supergraph: GraphQLSchema,
  { definitions }: DocumentNode,
  { selections }: SelectionSetNode,
): ReadonlyMap<string, ReadonlySet<string>> {
  const byType = new Map<string, Set<string>>();
  for (const selection of selections) {
    if (selection.kind !== Kind.INLINE_FRAGMENT || selection.typeCondition === undefined) continue;
    const { value } = selection.typeCondition.name;
    const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
    const fields = fieldsOf(supergraph, {
      kind: Kind.DOCUMENT,
      definitions: [
        {
          kind: Kind.FRAGMENT_DEFINITION,
          name: { kind: Kind.NAME, value: "_" },
          typeCondition: selection.typeCondition,
          selectionSet: selection.selectionSet,
        },
        ...fragments,
      ],
    });
    const type = supergraph.getType(value);
    const objects = isCompositeType(type) ? objectTypesOf(supergraph, type) : [];
    const names = new Set([value, ...objects.map(({ name }) => name)]);
    for (const name of names) byType.set(name, new Set([...(byType.get(name) ?? []), ...fields]));
  }
  return byType;
}

/** Every field of an object type that a document asks for, whatever objects come. */
function fieldsOf(schema: GraphQLSchema, document: DocumentNode): ReadonlySet<string> {
  const found = new Set<string>();
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field({ name }) {
        if (name.value.startsWith("__")) return;
        for (const type of objectTypesOf(schema, info.getParentType()))
          found.add(`${type.name}.${name.value}`);
      },
    }),
  );
  return found;
}
