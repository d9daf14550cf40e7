/**
 * What a new graph changes for its clients, and which of the operations that they really use it would break.
 */
import { Supergraph } from "@apollo/federation-internals";
import { type Change, ChangeType, type CriticalityLevel, diff } from "@graphql-inspector/core";
import {
  type GraphQLSchema,
  OverlappingFieldsCanBeMergedRule,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import type { CompareJob } from "./composer-work.ts";
import { coordinatesOf } from "./usage-document.ts";

export interface ClientUse {
  readonly client: string;
  readonly version: string;
  /** Within the window of the check; 0 for operations that are only registered. */
  readonly requests: number;
  /** Undefined for operations that are only registered. */
  readonly lastSeen: string | undefined;
}

export interface UsedOperation {
  readonly hash: string;
  readonly name: string | null;
  readonly document: string;
  /** What it touches (usage-document.ts); undefined where it was not recorded: then the old graph tells. */
  readonly coordinates: readonly string[] | undefined;
  readonly clients: readonly ClientUse[];
}

export interface SchemaChange {
  /** Of @graphql-inspector/core. */
  readonly type: string;
  readonly path: string | undefined;
  readonly message: string;
  readonly level: "BREAKING" | "DANGEROUS" | "NON_BREAKING";
  /** Hashes of the operations that use what is changed. */
  readonly usedBy: readonly string[];
}

export interface BrokenOperation {
  readonly hash: string;
  readonly name: string | null;
  readonly document: string;
  readonly clients: readonly ClientUse[];
  /** Why it would break. */
  readonly reasons: readonly string[];
}

export interface ComparedGraphs {
  readonly changes: readonly SchemaChange[];
  readonly broken: readonly BrokenOperation[];
}

/** Elements whose change concerns exactly the operations that touch them; validation finds the others. */
const BY_COORDINATE: ReadonlySet<string> = new Set([
  ChangeType.FieldRemoved,
  ChangeType.FieldTypeChanged,
  ChangeType.FieldArgumentRemoved,
  ChangeType.FieldArgumentTypeChanged,
  ChangeType.InputFieldRemoved,
  ChangeType.InputFieldTypeChanged,
  ChangeType.EnumValueRemoved,
]);

/** A new element that must be given concerns all who use what it belongs to. */
const BY_PARENT: ReadonlySet<string> = new Set([ChangeType.FieldArgumentAdded, ChangeType.InputFieldAdded]);

/** Literals are taken out of recorded operations, so that two fields may seem to differ in nothing but their name. */
const RULES = specifiedRules.filter((rule) => rule !== OverlappingFieldsCanBeMergedRule);

export async function compareGraphs({ before, after, operations }: CompareJob): Promise<ComparedGraphs> {
  if (before === undefined) return { changes: [], broken: [] };
  const [old, next] = [apiSchema(before), apiSchema(after)];
  // An operation that the old graph refuses as well is another graph's, or was recorded with an older one.
  const isPossible = new Map(
    operations.map((operation) => [operation, faultsOf(operation, old).length === 0]),
  );
  const touched = new Map(
    operations.map((operation) => [
      operation,
      operation.coordinates ?? (isPossible.get(operation) ? coordinatesIn(operation, old) : []),
    ]),
  );
  const reasons = new Map<UsedOperation, string[]>();
  const blame = (operation: UsedOperation, reason: string) =>
    reasons.set(operation, [...(reasons.get(operation) ?? []), reason]);
  const changes = (await diff(old, next)).map((change) => {
    const level = change.criticality.level as `${CriticalityLevel}`;
    const users =
      level === "BREAKING"
        ? operations.filter((operation) => touches(touched.get(operation) ?? [], change))
        : [];
    for (const operation of users) blame(operation, change.message);
    return toChange(change, level, users);
  });
  for (const operation of operations)
    if (!reasons.has(operation) && isPossible.get(operation))
      for (const fault of faultsOf(operation, next)) blame(operation, fault);
  const broken = [...reasons].map(([{ hash, name, document, clients }, why]) => ({
    hash,
    name,
    document,
    clients,
    reasons: why,
  }));
  return { changes, broken };
}

function touches(coordinates: readonly string[], { type, path }: Change): boolean {
  if (path === undefined) return false;
  const coordinate = BY_PARENT.has(String(type)) ? path.slice(0, path.lastIndexOf(".")) : path;
  if (!BY_PARENT.has(String(type)) && !BY_COORDINATE.has(String(type))) return false;
  return coordinates.some((touched) => touched === coordinate || touched.startsWith(`${coordinate}.`));
}

function toChange(
  change: Change,
  level: SchemaChange["level"],
  users: readonly UsedOperation[],
): SchemaChange {
  const { type, path, message } = change;
  return { type: String(type), path, message, level, usedBy: users.map(({ hash }) => hash) };
}

function coordinatesIn({ document }: UsedOperation, schema: GraphQLSchema): readonly string[] {
  return coordinatesOf(parse(document, { noLocation: true }), schema);
}

function faultsOf({ document }: UsedOperation, schema: GraphQLSchema): string[] {
  return validate(schema, parse(document, { noLocation: true }), RULES).map(({ message }) => message);
}

function apiSchema(supergraph: string): GraphQLSchema {
  return Supergraph.build(supergraph, { supportedFeatures: null }).apiSchema().toGraphQLJSSchema();
}
