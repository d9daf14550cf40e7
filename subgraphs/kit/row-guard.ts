/**
 * No object leaves a subgraph without the rule of its type having been asked: every field that gives objects is wrapped,
 * `_entities` with them. A refused row is null, as if there were none; a list goes on without it.
 */
import {
  defaultFieldResolver,
  defaultTypeResolver,
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
} from "graphql";
import { AgencyError } from "./errors.ts";
import { ANONYMOUS, type Identity } from "./identity.ts";
import { isAllowed, tellAllowed } from "./roles.ts";
import {
  checkRules,
  type FieldRule,
  guardedTypes,
  type RowRules,
  rootTypes,
  type Sight,
  type TypeRule,
  viewsOf,
} from "./row-rules.ts";

/** In the place of a row that a list goes on without. */
const REFUSED = Symbol("refused");

/** Sights that were asked for, by request and row: the same row is not judged twice. */
type Sights = WeakMap<object, WeakMap<object, Sight | Promise<Sight>>>;

interface Guard {
  readonly rules: RowRules;
  /** By name of the type. */
  readonly sights: ReadonlyMap<string, Sights>;
}

interface Place {
  readonly guard: Guard;
  readonly identity: Identity;
  readonly request: object;
  readonly info: GraphQLResolveInfo;
  readonly isListed: boolean;
}

/**
 * Wraps the resolvers of a schema, in place.
 * @throws StartError naming the types and fields that nothing is declared of
 */
export function guardRows(schema: GraphQLSchema, rules: RowRules): void {
  checkRules(schema, rules);
  const types = guardedTypes(schema);
  const guard: Guard = { rules, sights: new Map(types.map(({ name }) => [name, new WeakMap()])) };
  for (const type of types)
    for (const field of Object.values(type.getFields())) {
      const named = getNamedType(field.type);
      if (!isLeafType(named)) field.resolve = admitting(guard, field, field.resolve ?? defaultFieldResolver);
      if (!isInEveryView(rules.types[type.name], field.name))
        field.resolve = inView(guard, type, field, field.resolve ?? defaultFieldResolver);
    }
  for (const root of rootTypes(schema))
    for (const field of Object.values(root.getFields())) {
      if (field.name === "_service") continue;
      if (field.name === "_entities") {
        field.resolve = admittingEntities(guard, field.resolve ?? defaultFieldResolver);
        continue;
      }
      if (!isLeafType(getNamedType(field.type)))
        field.resolve = admitting(guard, field, field.resolve ?? defaultFieldResolver);
      const rule = rules.fields?.[`${root.name}.${field.name}`];
      if (rule !== undefined && rule !== "public")
        field.resolve = allowing(`${root.name}.${field.name}`, rule, field.resolve ?? defaultFieldResolver);
    }
}

type Resolve = GraphQLFieldResolver<unknown, unknown>;

function identityOf(request: unknown): Identity {
  // Whoever forgets to say who asks is answered as if nobody were known.
  return (request as { identity?: Identity } | undefined)?.identity ?? ANONYMOUS;
}

/** Asks the rule of what a field gives. */
function admitting(guard: Guard, field: GraphQLField<unknown, unknown>, resolve: Resolve): Resolve {
  return (source, args, request, info) => {
    const given = resolve(source, args, request, info);
    const identity = identityOf(request);
    if (identity.seesEverything) return given;
    const place = { guard, identity, request: request as object, info, isListed: false };
    const admitted = admit(given, field.type, place);
    if (!isNonNullType(field.type)) return admitted;
    return isPromise(admitted) ? admitted.then((value) => required(value, info)) : required(admitted, info);
  };
}

/** One for each representation, in its place: a refused entity is null like one that there is not. */
function admittingEntities(guard: Guard, resolve: Resolve): Resolve {
  return (source, args, request, info) => {
    const given = resolve(source, args, request, info);
    const identity = identityOf(request);
    if (identity.seesEverything) return given;
    const place = { guard, identity, request: request as object, info, isListed: false };
    const type = getNamedType(info.returnType);
    return [...(given as Iterable<unknown>)].map(async (entity) => {
      try {
        return await admit(await entity, type, place);
      } catch (error) {
        // As a value: see `isolateReference` in sdl.ts.
        return toError(error);
      }
    });
  };
}

/** Tells a field only to those whose view of the row has it. */
function inView(
  guard: Guard,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  resolve: Resolve,
): Resolve {
  const views = viewsOf(guard.rules.types[type.name]);
  return (source, args, request, info) => {
    const identity = identityOf(request);
    if (identity.seesEverything) return resolve(source, args, request, info);
    const decide = (sight: Sight): unknown => {
      if (sight === true || (typeof sight === "string" && views[sight]?.fields.includes(field.name)))
        return resolve(source, args, request, info);
      throw new AgencyError("NOT_SHOWN", { field: `${type.name}.${field.name}` });
    };
    const place = { guard, identity, request: request as object, info, isListed: false };
    const sight = sightOf(type.name, source, place);
    return isPromise(sight) ? sight.then(decide) : decide(sight);
  };
}

/** Lets only those change something who may. */
function allowing(name: string, rule: Exclude<FieldRule, string>, resolve: Resolve): Resolve {
  return (source, args, request, info) => {
    if (!isAllowed(rule, args, identityOf(request), request))
      throw new AgencyError("NOT_ALLOWED", { field: name, allowed: tellAllowed(rule, args, request) });
    return resolve(source, args, request, info);
  };
}

function admit(value: unknown, type: GraphQLOutputType, place: Place): unknown {
  if (isPromise(value)) return value.then((settled) => admit(settled, type, place));
  if (value === null || value === undefined || value instanceof Error) return value;
  const nullable = getNullableType(type);
  if (!isListType(nullable)) {
    const row = admitRow(value, nullable, place);
    return isPromise(row) ? row.then(orNull) : orNull(row);
  }
  const items = [...(value as Iterable<unknown>)].map((item) => admitItem(item, nullable.ofType, place));
  return items.some(isPromise) ? Promise.all(items).then(withoutRefused) : withoutRefused(items);
}

function withoutRefused(items: readonly unknown[]): unknown[] {
  return items.filter((item) => item !== REFUSED);
}

/** Never throws and never rejects: an error is the item's own, and stands in its place. */
function admitItem(item: unknown, type: GraphQLOutputType, place: Place): unknown {
  try {
    if (isPromise(item))
      return item
        .then((settled) => admitItem(settled, type, place))
        .catch((error: unknown) => toError(error));
    if (item === null || item === undefined || item instanceof Error) return item;
    if (isListType(getNullableType(type))) return admit(item, type, place);
    const row = admitRow(item, getNullableType(type), { ...place, isListed: true });
    return isPromise(row) ? row.catch(toError) : row;
  } catch (error) {
    return toError(error);
  }
}

/** The row, or REFUSED. */
function admitRow(row: unknown, type: GraphQLOutputType, place: Place): unknown {
  const decide = (name: string | undefined): unknown => {
    const sight = name === undefined ? false : sightOf(name, row, place);
    return isPromise(sight)
      ? sight.then((seen) => (isShown(name, seen, place) ? row : REFUSED))
      : isShown(name, sight, place)
        ? row
        : REFUSED;
  };
  if (!isAbstractType(type)) return decide(getNamedType(type).name);
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const name = resolveType(row, place.request, place.info, type);
  return isPromise(name) ? name.then(decide) : decide(name);
}

function isShown(type: string | undefined, sight: Sight, { guard, isListed }: Place): boolean {
  if (typeof sight === "boolean") return sight;
  const view = viewsOf(guard.rules.types[type ?? ""])[sight];
  return view !== undefined && !(isListed && view.byKeyOnly);
}

/** Asked once for each row of a request. */
function sightOf(type: string, row: unknown, place: Place): Sight | Promise<Sight> {
  const { guard, identity, request } = place;
  const rule = Object.hasOwn(guard.rules.types, type) ? guard.rules.types[type] : undefined;
  if (rule === "public" || rule === "container" || rule === "within") return true;
  // A type without a rule: whatever brought it here, it goes no further.
  if (rule === undefined) return false;
  const known = rowsOf(guard, type, request, row);
  const before = known?.get(row as object);
  if (before !== undefined) return before;
  const asked = typeof rule === "function" ? rule : rule.rule;
  const sight = asked(row as never, identity, request as never);
  const read = isPromise(sight) ? sight.then((told) => readSight(told, rule)) : readSight(sight, rule);
  known?.set(row as object, read);
  return read;
}

function rowsOf(guard: Guard, type: string, request: unknown, row: unknown) {
  const sights = guard.sights.get(type);
  if (sights === undefined || !isObject(row) || !isObject(request)) return undefined;
  const known = sights.get(request) ?? new WeakMap<object, Sight | Promise<Sight>>();
  sights.set(request, known);
  return known;
}

/** Nothing but `true` and the name of a view opens anything. */
function readSight(told: unknown, rule: TypeRule): Sight {
  if (told === true) return true;
  return typeof told === "string" && Object.hasOwn(viewsOf(rule), told) ? told : false;
}

function isInEveryView(rule: TypeRule | undefined, field: string): boolean {
  return Object.values(viewsOf(rule)).every(({ fields }) => fields.includes(field));
}

/** What must be there tells that it is: null would be taken for a fault. */
function required(value: unknown, { parentType, fieldName }: GraphQLResolveInfo): unknown {
  if (value !== null) return value;
  throw new AgencyError("NOT_SHOWN", { field: `${parentType.name}.${fieldName}` });
}

function orNull(row: unknown): unknown {
  return row === REFUSED ? null : row;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
