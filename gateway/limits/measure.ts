/**
 * How large a document is, before anything is done with it that takes longer than reading it: as if every fragment were
 * written out where it is spread, in one walk over what is really written.
 */
import {
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type TypeNode,
  type ValueNode,
} from "graphql";

/** Each with fragments written out. Numbers too large to be told exactly are the greatest safe integer. */
export interface Size {
  /** Fields within fields; 1 where there are only root fields. */
  readonly depth: number;
  readonly fields: number;
  readonly rootFields: number;
  readonly aliases: number;
  readonly directives: number;
  /** Lists and objects within each other in literals, and lists in the types of variables. */
  readonly valueDepth: number;
}

const NOTHING: Size = { depth: 0, fields: 0, rootFields: 0, aliases: 0, directives: 0, valueDepth: 0 };

/**
 * The greatest size of its operations, and of its fragments too: all of them are validated, whichever is executed. A
 * fragment that spreads itself counts as written once; validation refuses it.
 */
export function measure({ definitions }: DocumentNode): Size {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  /** By fragment; nothing while it is being measured. */
  const known = new Map<string, Size>();

  function ofFragment(name: string): Size {
    const measured = known.get(name);
    if (measured !== undefined) return measured;
    const fragment = fragments.get(name);
    if (fragment === undefined) return NOTHING;
    known.set(name, NOTHING);
    const size = withDirectives(ofSet(fragment.selectionSet), fragment.directives);
    known.set(name, size);
    return size;
  }

  function ofSet({ selections }: SelectionSetNode): Size {
    const total = { ...NOTHING };
    for (const selection of selections) {
      const size = ofSelection(selection);
      total.depth = Math.max(total.depth, size.depth);
      total.valueDepth = Math.max(total.valueDepth, size.valueDepth);
      total.fields += size.fields;
      total.rootFields += size.rootFields;
      total.aliases += size.aliases;
      total.directives += size.directives;
    }
    return total;
  }

  function ofSelection(selection: SelectionNode): Size {
    if (selection.kind === Kind.FRAGMENT_SPREAD)
      return withDirectives(ofFragment(selection.name.value), selection.directives);
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return withDirectives(ofSet(selection.selectionSet), selection.directives);
    const below = selection.selectionSet === undefined ? NOTHING : ofSet(selection.selectionSet);
    return withDirectives(
      {
        depth: below.depth + 1,
        fields: below.fields + 1,
        rootFields: 1,
        aliases: below.aliases + (selection.alias === undefined ? 0 : 1),
        directives: below.directives,
        valueDepth: Math.max(below.valueDepth, depthOfArguments(selection.arguments)),
      },
      selection.directives,
    );
  }

  const sizes: Size[] = [];
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      sizes.push({ ...ofFragment(definition.name.value), rootFields: 0 });
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = withDirectives(ofSet(definition.selectionSet), definition.directives);
    const variables = definition.variableDefinitions ?? [];
    const depths = variables.map(({ type, defaultValue, directives = [] }) =>
      Math.max(
        depthOfType(type),
        defaultValue === undefined ? 0 : depthOfValue(defaultValue),
        ...directives.map((directive) => depthOfArguments(directive.arguments)),
      ),
    );
    const others = variables.reduce((count, { directives = [] }) => count + directives.length, 0);
    sizes.push({
      ...size,
      directives: size.directives + others,
      valueDepth: Math.max(size.valueDepth, ...depths),
    });
  }
  return greatest(sizes);
}

/** A size, with the directives that stand on what has it. */
function withDirectives(size: Size, directives: readonly DirectiveNode[] = []): Size {
  if (directives.length === 0) return size;
  return {
    ...size,
    directives: size.directives + directives.length,
    valueDepth: Math.max(
      size.valueDepth,
      ...directives.map((directive) => depthOfArguments(directive.arguments)),
    ),
  };
}

function depthOfArguments(given: readonly ArgumentNode[] = []): number {
  let depth = 0;
  for (const { value } of given) depth = Math.max(depth, depthOfValue(value));
  return depth;
}

function depthOfValue(value: ValueNode): number {
  const inner: readonly ValueNode[] | undefined =
    value.kind === Kind.LIST
      ? value.values
      : value.kind === Kind.OBJECT
        ? value.fields.map((field) => field.value)
        : undefined;
  if (inner === undefined) return 0;
  let depth = 0;
  for (const each of inner) depth = Math.max(depth, depthOfValue(each));
  return depth + 1;
}

function depthOfType(type: TypeNode): number {
  let depth = 0;
  let inner = type;
  while (inner.kind !== Kind.NAMED_TYPE) {
    if (inner.kind === Kind.LIST_TYPE) depth += 1;
    inner = inner.type;
  }
  return depth;
}

function greatest(sizes: readonly Size[]): Size {
  const most = (name: keyof Size) =>
    Math.min(
      sizes.reduce((value, size) => Math.max(value, size[name]), 0),
      Number.MAX_SAFE_INTEGER,
    );
  return {
    depth: most("depth"),
    fields: most("fields"),
    rootFields: most("rootFields"),
    aliases: most("aliases"),
    directives: most("directives"),
    valueDepth: most("valueDepth"),
  };
}
