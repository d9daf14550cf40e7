/**
 * Validation (GraphQL section 5) by graphql-js' rules. Its own `validate` finds out for every document anew which rule
 * has a function for which kind of node, for kinds too that no operation has: most of the time it takes.
 */
import {
  type ASTNode,
  type ASTVisitor,
  assertValidSchema,
  BREAK,
  type DocumentNode,
  getEnterLeaveForKind,
  GraphQLError,
  type GraphQLSchema,
  type Kind,
  TypeInfo,
  ValidationContext,
  type ValidationRule,
  visit,
  visitWithTypeInfo,
} from "graphql";

/** As graphql-js has it: nobody reads more, and finding all takes long. */
const MOST_FAULTS = 100;

/** Ends the walk. */
class TooMany extends Error {}

export function validateBy(
  rules: readonly ValidationRule[],
  schema: GraphQLSchema,
  document: DocumentNode,
): readonly GraphQLError[] {
  assertValidSchema(schema);
  const faults: GraphQLError[] = [];
  const types = new TypeInfo(schema);
  const context = new ValidationContext(schema, document, types, (fault) => {
    if (faults.length >= MOST_FAULTS) throw new TooMany();
    faults.push(fault);
  });
  try {
    visit(document, visitWithTypeInfo(types, inParallel(rules.map((rule) => rule(context)))));
  } catch (error) {
    if (error instanceof TooMany)
      faults.push(new GraphQLError("Too many validation errors, error limit reached. Validation aborted."));
    // A rule gives up on fields that would take too long to compare.
    else if (error instanceof GraphQLError) faults.push(error);
    else throw error;
  }
  return faults;
}

type Parameters = readonly [node: ASTNode, key: unknown, ...others: readonly unknown[]];

/** A visitor's function for one kind of node. */
interface Interested {
  readonly index: number;
  readonly look: (...parameters: Parameters) => unknown;
}

/** As `visitInParallel` of graphql-js, for visitors that change nothing. */
function inParallel(visitors: readonly ASTVisitor[]): ASTVisitor {
  const entering = new Map<Kind, readonly Interested[]>();
  const leaving = new Map<Kind, readonly Interested[]>();
  const isBlind = visitors.map(() => false);
  /** Visitors that want to see nothing under a node, the innermost node last. */
  const skips: { readonly node: ASTNode; readonly index: number }[] = [];

  function interested(known: typeof entering, which: "enter" | "leave", kind: Kind): readonly Interested[] {
    let found = known.get(kind);
    if (found === undefined) {
      found = visitors.flatMap((visitor, index) => {
        const own = getEnterLeaveForKind(visitor, kind)[which];
        return own === undefined ? [] : [{ index, look: own.bind(visitor) as Interested["look"] }];
      });
      known.set(kind, found);
    }
    return found;
  }

  return {
    enter(...parameters: Parameters) {
      const [node, key] = parameters;
      // A description is no part of what is asked.
      if (key === "description") return false;
      for (const { index, look } of interested(entering, "enter", node.kind)) {
        if (isBlind[index]) continue;
        const result = look(...parameters);
        if (result !== false && result !== BREAK) continue;
        isBlind[index] = true;
        if (result === false) skips.push({ node, index });
      }
      return undefined;
    },
    leave(...parameters: Parameters) {
      const [node] = parameters;
      for (const { index, look } of interested(leaving, "leave", node.kind))
        if (!isBlind[index] && look(...parameters) === BREAK) isBlind[index] = true;
      // Whoever saw nothing under this node was not told of its end either.
      for (let last = skips.at(-1); last?.node === node; last = skips.at(-1)) {
        isBlind[last.index] = false;
        skips.pop();
      }
    },
  };
}
