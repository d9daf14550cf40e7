/**
 * Costs computed the plain way, for comparison: every request from the beginning, with nothing kept and nothing
 * compiled, from the directives as they stand in the SDL.
 */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldNode,
  getNamedType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isInputObjectType,
  isListType,
  isObjectType,
  Kind,
  OperationTypeNode,
  getNullableType,
  type SelectionSetNode,
  valueFromASTUntyped,
} from "graphql";

type Values = Readonly<Record<string, unknown>>;

export interface PlainCosts {
  estimate(document: DocumentNode, values: Values): number;
  /** @param data with `__typename` in every object */
  measure(document: DocumentNode, values: Values, data: unknown): number;
}

export function plainCosts(schema: GraphQLSchema, defaultSize: number): PlainCosts {
  function run(document: DocumentNode, values: Values, data: unknown): number {
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error("the first is the operation");
    const all: Record<string, unknown> = {};
    for (const { variable, defaultValue } of operation.variableDefinitions ?? [])
      if (defaultValue !== undefined) all[variable.name.value] = valueFromASTUntyped(defaultValue);
    Object.assign(all, values);
    const root = schema.getRootType(operation.operation) as GraphQLObjectType;
    const base = operation.operation === OperationTypeNode.MUTATION ? 10 : 0;
    return Math.max(0, base + object(root, [operation.selectionSet], new Map(), data));

    function object(
      type: GraphQLObjectType,
      sets: readonly SelectionSetNode[],
      sized: ReadonlyMap<string, number>,
      value: unknown,
    ): number {
      const groups = new Map<string, FieldNode[]>();
      for (const set of sets) collect(type, set, groups);
      let cost = 0;
      for (const [key, nodes] of groups)
        cost += field(type, nodes, sized, value === undefined ? undefined : (value as Values)[key]);
      return cost;
    }

    function collect(type: GraphQLObjectType, set: SelectionSetNode, groups: Map<string, FieldNode[]>): void {
      for (const selection of set.selections) {
        const left = (selection.directives ?? []).some(({ name, arguments: given = [] }) => {
          const [condition] = given;
          const on = condition !== undefined && valueFromASTUntyped(condition.value, all) === true;
          return name.value === "skip" ? on : !on;
        });
        if (left) continue;
        if (selection.kind === Kind.FIELD) {
          const key = (selection.alias ?? selection.name).value;
          groups.set(key, [...(groups.get(key) ?? []), selection]);
          continue;
        }
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT
            ? selection
            : document.definitions.find(
                (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value,
              );
        if (fragment === undefined || !("typeCondition" in fragment)) throw new Error("no such fragment");
        const condition = schema.getType(fragment.typeCondition?.name.value ?? type.name);
        if (condition === type || (isAbstractType(condition) && schema.isSubType(condition, type)))
          collect(type, fragment.selectionSet, groups);
      }
    }

    function field(
      type: GraphQLObjectType,
      nodes: readonly FieldNode[],
      sized: ReadonlyMap<string, number>,
      value: unknown,
    ): number {
      const [node] = nodes as [FieldNode];
      const definition = type.getFields()[node.name.value];
      if (definition === undefined) return 0;
      const directives = [type, ...type.getInterfaces()]
        .map(({ name }) => schema.getType(name))
        .map((each) => (each as GraphQLObjectType).getFields()[node.name.value]?.astNode)
        .find(
          (each) =>
            hasCosts(each?.directives) || each?.arguments?.some((argument) => hasCosts(argument.directives)),
        );
      const given = Object.fromEntries(
        (node.arguments ?? []).map(({ name, value: of }) => [name.value, valueFromASTUntyped(of, all)]),
      );
      let argumentCosts = 0;
      for (const argument of definition.args) {
        const of: unknown = given[argument.name];
        if (of === undefined || of === null) continue;
        const own = directives?.arguments?.find(({ name }) => name.value === argument.name);
        argumentCosts += (weightOf(own?.directives) ?? 0) + input(argument.type, of);
      }
      const listSize = argumentsOf(directives?.directives, "listSize");
      let size = sized.get(node.name.value);
      const below = new Map<string, number>();
      if (listSize !== undefined) {
        const slicing = ((listSize["slicingArguments"] ?? []) as string[])
          .map((name) =>
            name in given ? given[name] : definition.args.find((each) => each.name === name)?.defaultValue,
          )
          .filter((each) => typeof each === "number");
        const assumed = listSize["assumedSize"] as number | undefined;
        const said = slicing.length > 0 ? Math.max(0, ...slicing) : assumed;
        const fields = (listSize["sizedFields"] ?? []) as string[];
        if (fields.length === 0) size ??= said;
        else if (said !== undefined) for (const name of fields) below.set(name, said);
        else if (((listSize["slicingArguments"] ?? []) as string[]).some((name) => name in given))
          for (const name of fields) below.set(name, defaultSize);
      }
      const named = getNamedType(definition.type);
      const sets = nodes.flatMap((each) => each.selectionSet ?? []);
      const item = (of: unknown): number => {
        const types = isObjectType(named)
          ? [named]
          : isAbstractType(named)
            ? schema.getPossibleTypes(named)
            : [];
        if (types.length === 0)
          return weightOf(directives?.directives) ?? weightOf(named.astNode?.directives) ?? 0;
        const fitting =
          of === undefined || isObjectType(named)
            ? types
            : types.filter(({ name }) => name === (of as Values)["__typename"]);
        return Math.max(
          0,
          ...fitting.map(
            (each) =>
              (weightOf(directives?.directives) ?? weightOf(each.astNode?.directives) ?? 1) +
              object(each, sets, below, of),
          ),
        );
      };
      if (data !== undefined) {
        const items = [value].flat(3).filter((each) => each !== null);
        return argumentCosts + items.reduce<number>((sum, each) => sum + item(each), 0);
      }
      const lists = String(definition.type).split("[").length - 1;
      const items = lists === 0 ? 1 : (size ?? defaultSize) * defaultSize ** (lists - 1);
      return argumentCosts + items * item(undefined);
    }

    function input(type: GraphQLInputType, value: unknown): number {
      const inner = getNullableType(type);
      if (isListType(inner))
        return [value].flat().reduce<number>((sum, each) => sum + input(inner.ofType, each), 0);
      if (!isInputObjectType(inner) || value === null) return 0;
      let sum = 0;
      for (const each of Object.values(inner.getFields())) {
        const of = (value as Values)[each.name];
        if (of !== undefined && of !== null)
          sum += (weightOf(each.astNode?.directives) ?? 0) + input(each.type, of);
      }
      return sum;
    }
  }

  return {
    estimate: (document, values) => run(document, values, undefined),
    measure: (document, values, data) => run(document, values, data),
  };
}

function hasCosts(directives: readonly ConstDirectiveNode[] = []): boolean {
  return directives.length > 0;
}

function weightOf(directives: readonly ConstDirectiveNode[] | undefined): number | undefined {
  return argumentsOf(directives, "cost")?.["weight"] as number | undefined;
}

function argumentsOf(
  directives: readonly ConstDirectiveNode[] | undefined,
  name: string,
): Values | undefined {
  const directive = directives?.find((each) => each.name.value === name);
  return (
    directive &&
    Object.fromEntries(
      (directive.arguments ?? []).map((each) => [each.name.value, valueFromASTUntyped(each.value)]),
    )
  );
}
