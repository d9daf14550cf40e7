/**
 * A field of an interface for which some of its objects require something (@requires). Hive's planner (0.0.38) asks for
 * it at once, without what is required. So it is asked of every type of object by itself before it is planned.
 */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type InlineFragmentNode,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { requiredFields } from "./join.ts";

/** Selections of an operation that is narrowed; within each other they multiply. */
const MOST = 5_000;

/** Undefined where no field of an interface requires anything. */
export function createNarrowing(
  schema: GraphQLSchema,
): ((document: DocumentNode) => DocumentNode) | undefined {
  const requiring = requiringFields(schema);
  if (requiring.size === 0) return undefined;
  return (document) => {
    const types = new TypeInfo(schema);
    const sizes = new WeakMap<SelectionSetNode, number>();

    function sizeOf(selection: SelectionNode): number {
      if (selection.kind === Kind.FRAGMENT_SPREAD || selection.selectionSet === undefined) return 1;
      return 1 + (sizes.get(selection.selectionSet) ?? 0);
    }

    /** What stands in a selection instead of one of its members. */
    function narrowed(selection: SelectionNode): readonly SelectionNode[] {
      const parent = types.getParentType();
      if (selection.kind !== Kind.FIELD || !isInterfaceType(parent)) return [selection];
      if (!requiring.has(`${parent.name}.${selection.name.value}`)) return [selection];
      return schema.getPossibleTypes(parent).map(({ name }) => {
        const fragment = onType(name, selection);
        sizes.set(fragment.selectionSet, sizeOf(selection));
        return fragment;
      });
    }

    return visit(
      document,
      visitWithTypeInfo(types, {
        SelectionSet: {
          leave(node) {
            const set: SelectionSetNode = { ...node, selections: node.selections.flatMap(narrowed) };
            const size = set.selections.reduce((sum, selection) => sum + sizeOf(selection), 0);
            if (size > MOST) throw new Error("an operation is too intricate to be planned");
            sizes.set(set, size);
            return set;
          },
        },
      }),
    );
  };
}

/** `Interface.field` for which an object type of the interface requires something. */
function requiringFields(schema: GraphQLSchema): ReadonlySet<string> {
  const places = [...requiredFields(schema).keys()].map((key) => key.slice(key.lastIndexOf(" ") + 1));
  return new Set(
    places.flatMap((place) => {
      const [name = "", field = ""] = place.split(".");
      const type = schema.getType(name);
      if (!isObjectType(type)) return [];
      return type
        .getInterfaces()
        .filter((each) => each.getFields()[field] !== undefined)
        .map((each) => `${each.name}.${field}`);
    }),
  );
}

function onType(name: string, field: FieldNode): InlineFragmentNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } },
    selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
  };
}
