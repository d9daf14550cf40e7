/**
 * Random valid operations on a schema. Every decision is the next number of a list, and 0 is always the simplest one:
 * so fast-check, which makes lists shorter and numbers smaller, finds the smallest operation that fails.
 */
import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  doTypesOverlap,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  print,
} from "graphql";

export interface GeneratedOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Names that an object inherits are as good as any other. */
const ALIASES = ["a", "b", "c", "constructor", "toString", "hasOwnProperty"];
/** Names that fields have too. */
const COLLIDING = [...ALIASES, "first", "id", "name", "code", "__typename"];
const DEEPEST = 6;

/** What the operations are to be without. */
export interface OperationOptions {
  /** Aliases that are names of fields. */
  readonly withoutCollisions?: boolean;
  /** Fragments on interfaces and unions. */
  readonly withoutAbstract?: boolean;
  /** @skip and @include. */
  readonly withoutConditions?: boolean;
  readonly withoutFields?: readonly string[];
}

export function operationFrom(
  schema: GraphQLSchema,
  decisions: readonly number[],
  {
    withoutCollisions = false,
    withoutAbstract = false,
    withoutConditions = false,
    withoutFields = [],
  }: OperationOptions = {},
): GeneratedOperation {
  const aliases = withoutCollisions ? ALIASES : COLLIDING;
  let place = 0;
  /** A number below `count`. */
  const pick = (count: number): number => {
    const decision = decisions[place] ?? 0;
    place += 1;
    return decision % count;
  };
  const seldom = () => pick(8) === 7;
  const oneOf = <T>(values: readonly T[]): T => values[pick(values.length)] as T;

  const definitions: string[] = [];
  const variables: Record<string, unknown> = {};
  const byType = new Map<string, string[]>();
  const fragments: { readonly name: string; readonly type: GraphQLCompositeType; readonly text: string }[] =
    [];
  /** What a response key stands for, the same everywhere, so that any two selections may be merged. */
  const keys = new Map<string, string>();
  let names = 0;

  const rootType =
    schema.getMutationType() != null && pick(4) === 3 ? schema.getMutationType() : schema.getQueryType();
  if (rootType == null) throw new Error("the schema has no query type");

  function selectionSet(type: GraphQLCompositeType, depth: number): string {
    const selections = Array.from({ length: 1 + pick(5) }, () => selection(type, depth));
    return `{ ${selections.join(" ")} }`;
  }

  function selection(type: GraphQLCompositeType, depth: number): string {
    const kind = pick(12);
    if (kind === 11 && !withoutFields.includes("__typename"))
      return field(type, "__typename", undefined, depth);
    if (kind === 10 && fragments.length > 0) {
      const fitting = fragments.filter((fragment) => doTypesOverlap(schema, fragment.type, type));
      if (fitting.length > 0) return `...${oneOf(fitting).name}${conditions()}`;
    }
    if (depth < DEEPEST && kind === 9) return namedFragment(type, depth);
    if (depth < DEEPEST && (kind === 8 || kind === 7)) {
      const condition = seldom() ? undefined : overlapping(type);
      const on = condition === undefined ? "" : ` on ${condition.name}`;
      return `...${on}${conditions()} ${selectionSet(condition ?? type, depth + 1)}`;
    }
    if (isUnionType(type)) {
      if (depth >= DEEPEST) return field(type, "__typename", undefined, depth);
      const member = oneOf(type.getTypes());
      return `... on ${member.name} ${selectionSet(member, depth + 1)}`;
    }
    // Leaves first, so that the simplest decision ends the operation.
    const fields = Object.values(type.getFields())
      .filter((candidate) => depth < DEEPEST || !isComposite(candidate))
      .filter(({ name }) => !withoutFields.includes(name))
      .toSorted((a, b) => Number(isComposite(a)) - Number(isComposite(b)));
    const definition = fields.length > 0 ? oneOf(fields) : undefined;
    return field(type, definition?.name ?? "__typename", definition, depth);
  }

  function namedFragment(type: GraphQLCompositeType, depth: number): string {
    const condition = overlapping(type);
    names += 1;
    const name = `F${names}`;
    const text = selectionSet(condition, depth + 1);
    // Registered when it is complete: a fragment must not contain itself.
    fragments.push({ name, type: condition, text });
    return `...${name}${conditions()}`;
  }

  /** A type whose objects may stand where the type stands. */
  function overlapping(type: GraphQLCompositeType): GraphQLCompositeType {
    const types = Object.values(schema.getTypeMap()).filter(withoutAbstract ? isObjectType : isCompositeType);
    return oneOf([
      type,
      ...types.filter(
        (other) => other !== type && !other.name.startsWith("__") && doTypesOverlap(schema, other, type),
      ),
    ]);
  }

  function field(
    type: GraphQLCompositeType,
    name: string,
    definition: GraphQLField<unknown, unknown> | undefined,
    depth: number,
  ): string {
    const args = definition === undefined ? "" : argumentsOf(definition.args);
    const meaning = `${name}${args}:${String(definition?.type ?? type.name === "")}`;
    let key = pick(5) === 4 ? oneOf(aliases) : name;
    for (let number = 2; (keys.get(key) ?? meaning) !== meaning; number += 1) key = `${name}_${number}`;
    keys.set(key, meaning);
    const below =
      definition !== undefined && isComposite(definition)
        ? ` ${selectionSet(getNamedType(definition.type) as GraphQLCompositeType, depth + 1)}`
        : "";
    return `${key === name ? "" : `${key}: `}${name}${args}${conditions()}${below}`;
  }

  function argumentsOf(args: readonly GraphQLArgument[]): string {
    const given = args.flatMap((argument) => {
      const isRequired = isNonNullType(argument.type) && argument.defaultValue === undefined;
      return isRequired || pick(2) === 1 ? [`${argument.name}: ${inputText(argument.type, true)}`] : [];
    });
    return given.length === 0 ? "" : `(${given.join(", ")})`;
  }

  /** @param free whether a variable may stand here whose type allows as much as the place */
  function inputText(type: GraphQLInputType, free: boolean): string {
    if (free && pick(3) === 2) return `$${variableOf(type)}`;
    const value = inputValue(type);
    const ast = astFromValue(
      value,
      isLeafType(getNamedType(type)) && typeof value === "object" ? type : type,
    );
    return ast == null ? "null" : print(ast);
  }

  function inputValue(type: GraphQLInputType): unknown {
    if (isNonNullType(type)) return valueWithin(type.ofType);
    return pick(7) === 6 ? null : valueWithin(type);
  }

  function valueWithin(type: GraphQLInputType): unknown {
    if (isNonNullType(type)) return valueWithin(type.ofType);
    if (isListType(type))
      // One value stands for a list of it (GraphQL section 3.11).
      return pick(5) === 4
        ? valueWithin(getSingle(type.ofType))
        : Array.from({ length: pick(3) }, () => inputValue(type.ofType));
    if (isEnumType(type)) return oneOf(type.getValues()).value as unknown;
    if (isInputObjectType(type)) {
      const object: Record<string, unknown> = {};
      for (const input of Object.values(type.getFields())) {
        const isRequired = isNonNullType(input.type) && input.defaultValue === undefined;
        // Deep ones seldom: an input type may contain itself.
        if (isRequired || pick(isInputObjectType(getNamedType(input.type)) ? 6 : 3) === 1)
          object[input.name] = inputValue(input.type);
      }
      return object;
    }
    switch (type.name) {
      case "Int":
        return pick(50) - 10;
      case "Float":
        return pick(50) / 4;
      case "Boolean":
        return pick(2) === 1;
      default:
        return `${type.name.toLowerCase()}-${pick(5)}`;
    }
  }

  function variableOf(type: GraphQLInputType): string {
    const known = byType.get(String(type));
    if (known !== undefined && pick(3) === 2) return oneOf(known);
    names += 1;
    const name = `v${names}`;
    const way = pick(4);
    const stricter = way === 1 && !isNonNullType(type) ? `${String(type)}!` : String(type);
    if (way === 2) {
      // With a default and no value: the default stands.
      const text = print(astFromValue(inputValue(type), type) ?? ({ kind: "NullValue" } as never));
      definitions.push(`$${name}: ${stricter} = ${text}`);
    } else {
      definitions.push(`$${name}: ${stricter}`);
      if (way !== 3 || isNonNullType(type))
        variables[name] = stricter.endsWith("!") ? valueWithin(type) : inputValue(type);
    }
    byType.set(String(type), [...(known ?? []), name]);
    return name;
  }

  function conditions(): string {
    if (!seldom() || withoutConditions) return "";
    const directive = () => {
      const value = pick(4);
      const name = `if${value}`;
      if (value > 1) {
        if (!definitions.some((definition) => definition.startsWith(`$${name}:`))) {
          const hasDefault = pick(2) === 1;
          definitions.push(`$${name}: Boolean!${hasDefault ? ` = ${pick(2) === 1}` : ""}`);
          if (!hasDefault || pick(2) === 1) variables[name] = pick(2) === 1;
        }
        return `if: $${name}`;
      }
      return `if: ${value === 1}`;
    };
    const kind = pick(3);
    const include = kind === 1 ? "" : ` @include(${directive()})`;
    const skip = kind === 0 ? "" : ` @skip(${directive()})`;
    return `${include}${skip}`;
  }

  const body = selectionSet(rootType, 0);
  const own =
    rootType === schema.getQueryType() && pick(20) === 19
      ? body.replace(/\}$/, '__schema { queryType { name } } t: __type(name: "Query") { kind name } }')
      : body;
  const kind = rootType === schema.getQueryType() ? "query" : "mutation";
  const head = definitions.length === 0 ? kind : `${kind} (${definitions.join(", ")})`;
  const tail = fragments.map(({ name, type, text }) => ` fragment ${name} on ${type.name} ${text}`);
  return { query: `${head} ${own}${tail.join("")}`, variables };
}

function isComposite({ type }: GraphQLField<unknown, unknown>): boolean {
  const named = getNamedType(type);
  return isObjectType(named) || isInterfaceType(named) || isUnionType(named);
}

function getSingle(type: GraphQLInputType): GraphQLInputType {
  return isNonNullType(type) ? type.ofType : type;
}
