/**
 * No object leaves a subgraph without the rule of its type having been asked: every field that gives objects is wrapped,
 * `_entities` with them. A refused row is null, as if there were none; a list goes on without it.
 */
import {
  defaultFieldResolver,
  defaultTypeResolver,
  getNamedType,
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
  isObjectType,
} from "graphql";
import { AgencyError } from "./errors.ts";
import { ANONYMOUS, type Identity } from "./identity.ts";
import { isAllowed, tellAllowed } from "./roles.ts";
import {
  checkRules,
  type FieldRule,
  guardedTypes,
  type RowRule,
  type RowRules,
  rootTypes,
  type Sight,
  type View,
  viewsOf,
} from "./row-rules.ts";

/** In the place of a row that a list goes on without. */
const REFUSED = Symbol("refused");

/** A type whose rows have a rule; of a type that has none its rows are open. */
interface GuardedType {
  readonly rule: RowRule;
  readonly views: Readonly<Record<string, View>>;
  /** What was asked for, by request and row: the same row is not judged twice. */
  readonly sights: WeakMap<object, WeakMap<object, Sight | Promise<Sight>>>;
}

type Guard = ReadonlyMap<string, GuardedType | "open">;

interface Asked {
  readonly identity: Identity;
  readonly request: unknown;
  readonly info: GraphQLResolveInfo;
}

/** The row, a list without those that were refused, or REFUSED; or a promise of it. */
type Admit = (value: unknown, asked: Asked, isListed: boolean) => unknown;

type Resolve = GraphQLFieldResolver<unknown, unknown>;

/**
 * Wraps the resolvers of a schema, in place.
 * @throws StartError naming the types and fields that nothing is declared of
 */
export function guardRows(schema: GraphQLSchema, rules: RowRules): void {
  checkRules(schema, rules);
  const types = guardedTypes(schema);
  const guard: Guard = new Map(types.map(({ name }) => [name, guardOf(rules, name)]));
  for (const type of types)
    for (const field of Object.values(type.getFields())) {
      wrapAdmission(schema, guard, field);
      wrapViews(guard, type, field);
    }
  for (const root of rootTypes(schema))
    for (const field of Object.values(root.getFields())) {
      if (field.name === "_service") continue;
      if (field.name === "_entities") wrapEntities(schema, guard, field);
      else wrapAdmission(schema, guard, field);
      wrapAllowances(`${root.name}.${field.name}`, rules, field);
    }
}

function guardOf({ types }: RowRules, name: string): GuardedType | "open" {
  const declared = types[name];
  if (typeof declared === "string") return "open";
  // Checked before: there is no type of which nothing is declared.
  if (declared === undefined) return { rule: () => false, views: {}, sights: new WeakMap() };
  const rule = typeof declared === "function" ? declared : declared.rule;
  return { rule, views: viewsOf(declared), sights: new WeakMap() };
}

function identityOf(request: unknown): Identity {
  // Whoever forgets to say who asks is answered as if nobody were known.
  return (request as { identity?: Identity } | undefined)?.identity ?? ANONYMOUS;
}

/** Asks the rule of what a field gives. */
function wrapAdmission(schema: GraphQLSchema, guard: Guard, field: GraphQLField<unknown, unknown>): void {
  const admit = isLeafType(getNamedType(field.type)) ? undefined : admitterOf(schema, guard, field.type);
  if (admit === undefined) return;
  const resolve: Resolve = field.resolve ?? defaultFieldResolver;
  const finish = isNonNullType(field.type) ? required : orNull;
  field.resolve = (source, args, request, info) => {
    const given = resolve(source, args, request, info);
    const identity = identityOf(request);
    if (identity.seesEverything) return given;
    const admitted = admit(given, { identity, request, info }, false);
    return isPromise(admitted) ? admitted.then((value) => finish(value, info)) : finish(admitted, info);
  };
}

/** One for each representation, in its place: a refused entity is null like one that there is not. */
function wrapEntities(schema: GraphQLSchema, guard: Guard, field: GraphQLField<unknown, unknown>): void {
  const admit = admitterOf(schema, guard, getNamedType(field.type));
  if (admit === undefined) return;
  const resolve: Resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (source, args, request, info) => {
    const given = resolve(source, args, request, info) as Iterable<unknown>;
    const identity = identityOf(request);
    if (identity.seesEverything) return given;
    return [...given].map(async (entity) => {
      try {
        return orNull(await admit(await entity, { identity, request, info }, false));
      } catch (error) {
        // As a value: see `isolateReference` in sdl.ts.
        return toError(error);
      }
    });
  };
}

/** Tells a field only to those whose view of the row has it. */
function wrapViews(guard: Guard, type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): void {
  const guarded = guard.get(type.name);
  if (guarded === undefined || guarded === "open") return;
  const having = Object.keys(guarded.views).filter((name) =>
    guarded.views[name]?.fields.includes(field.name),
  );
  if (having.length === Object.keys(guarded.views).length) return;
  const resolve: Resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (source, args, request, info) => {
    const identity = identityOf(request);
    if (identity.seesEverything) return resolve(source, args, request, info);
    const decide = (sight: Sight): unknown => {
      if (sight === true || (sight !== false && having.includes(sight)))
        return resolve(source, args, request, info);
      throw notShown(info);
    };
    const sight = sightOf(guarded, source, { identity, request, info });
    return isPromise(sight) ? sight.then(decide) : decide(sight);
  };
}

/** Lets only those change something who may. */
function wrapAllowances(name: string, { fields }: RowRules, field: GraphQLField<unknown, unknown>): void {
  const rule: FieldRule = fields?.[name] ?? "public";
  if (rule === "public") return;
  const resolve: Resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (source, args, request, info) => {
    if (!isAllowed(rule, args, identityOf(request), request))
      throw new AgencyError("NOT_ALLOWED", { field: name, allowed: tellAllowed(rule, args, request) });
    return resolve(source, args, request, info);
  };
}

/** Undefined for what is open, whoever asks. */
function admitterOf(schema: GraphQLSchema, guard: Guard, type: GraphQLOutputType): Admit | undefined {
  const admitSettled = settledAdmitterOf(schema, guard, type);
  if (admitSettled === undefined) return undefined;
  const admit: Admit = (value, asked, isListed) => {
    if (isPromise(value)) return value.then((settled) => admit(settled, asked, isListed));
    return isRow(value) ? admitSettled(value, asked, isListed) : value;
  };
  return admit;
}

function settledAdmitterOf(schema: GraphQLSchema, guard: Guard, type: GraphQLOutputType): Admit | undefined {
  if (isNonNullType(type)) return settledAdmitterOf(schema, guard, type.ofType);
  if (isListType(type)) {
    const item = admitterOf(schema, guard, type.ofType);
    return item && ((value, asked) => admitList(value as Iterable<unknown>, item, asked));
  }
  if (isAbstractType(type)) {
    if (schema.getPossibleTypes(type).every(({ name }) => guard.get(name) === "open")) return undefined;
    const resolveType = type.resolveType ?? defaultTypeResolver;
    return (row, asked, isListed) => {
      const name = resolveType(row, asked.request, asked.info, type);
      const judged = (known: string | undefined) => judge(guard.get(known ?? ""), row, asked, isListed);
      return isPromise(name) ? name.then(judged) : judged(name);
    };
  }
  const guarded = isObjectType(type) ? guard.get(type.name) : undefined;
  return guarded === "open" ? undefined : (row, asked, isListed) => judge(guarded, row, asked, isListed);
}

function admitList(values: Iterable<unknown>, admit: Admit, asked: Asked): unknown {
  let isPending = false;
  const items = Array.from(values, (value) => {
    const item = admitItem(value, admit, asked);
    isPending ||= isPromise(item);
    return item;
  });
  return isPending ? Promise.all(items).then(withoutRefused) : withoutRefused(items);
}

/** Never throws and never rejects: an error is the item's own, and stands in its place. */
function admitItem(item: unknown, admit: Admit, asked: Asked): unknown {
  try {
    const admitted = admit(item, asked, true);
    return isPromise(admitted) ? admitted.catch(toError) : admitted;
  } catch (error) {
    return toError(error);
  }
}

function withoutRefused(items: readonly unknown[]): readonly unknown[] {
  return items.includes(REFUSED) ? items.filter((item) => item !== REFUSED) : items;
}

/** The row, or REFUSED. */
function judge(
  guarded: GuardedType | "open" | undefined,
  row: unknown,
  asked: Asked,
  isListed: boolean,
): unknown {
  if (guarded === "open") return row;
  // A type that nobody knows: whatever brought it here, it goes no further.
  if (guarded === undefined) return REFUSED;
  const isShown = (sight: Sight): boolean =>
    typeof sight === "boolean" ? sight : !(isListed && guarded.views[sight]?.byKeyOnly);
  const sight = sightOf(guarded, row, asked);
  if (isPromise(sight)) return sight.then((told) => (isShown(told) ? row : REFUSED));
  return isShown(sight) ? row : REFUSED;
}

/** Asked once for each row of a request. */
function sightOf(guarded: GuardedType, row: unknown, { identity, request }: Asked): Sight | Promise<Sight> {
  const known = knownOf(guarded, request);
  const before = isObject(row) ? known?.get(row) : undefined;
  if (before !== undefined) return before;
  const told = guarded.rule(row as never, identity, request as never);
  const sight = isPromise(told)
    ? told.then((settled) => readSight(settled, guarded))
    : readSight(told, guarded);
  if (isObject(row)) known?.set(row, sight);
  return sight;
}

function knownOf({ sights }: GuardedType, request: unknown) {
  if (!isObject(request)) return undefined;
  const before = sights.get(request);
  if (before !== undefined) return before;
  const known = new WeakMap<object, Sight | Promise<Sight>>();
  sights.set(request, known);
  return known;
}

/** Nothing but `true` and the name of a view opens anything. */
function readSight(told: unknown, { views }: GuardedType): Sight {
  if (told === true) return true;
  return typeof told === "string" && Object.hasOwn(views, told) ? told : false;
}

/** What must be there tells that it is: null would be taken for a fault. */
function required(value: unknown, info: GraphQLResolveInfo): unknown {
  if (value === REFUSED) throw notShown(info);
  return value;
}

function orNull(row: unknown): unknown {
  return row === REFUSED ? null : row;
}

function notShown({ parentType, fieldName }: GraphQLResolveInfo): AgencyError {
  return new AgencyError("NOT_SHOWN", { field: `${parentType.name}.${fieldName}` });
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Nothing, and an error in a row's place, are told as they are. */
function isRow(value: unknown): boolean {
  return value !== null && value !== undefined && !(value instanceof Error);
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
