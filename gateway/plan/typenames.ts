/**
 * Where an interface or a union may stand, the object's type must be known to complete it (GraphQL section 6.4.3), and
 * a planner asks for it only where it needs it itself.
 */
import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";

export const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } };

/** The document with `__typename` in every field's selection whose type is abstract. */
export function withTypenames(schema: GraphQLSchema, document: DocumentNode): DocumentNode {
  const types = new TypeInfo(schema);
  return visit(
    document,
    visitWithTypeInfo(types, {
      Field: {
        leave(node) {
          if (node.selectionSet === undefined || !isAbstractType(getNamedType(types.getType())))
            return undefined;
          const selections = [TYPENAME, ...node.selectionSet.selections];
          return { ...node, selectionSet: { ...node.selectionSet, selections } };
        },
      },
    }),
  );
}
