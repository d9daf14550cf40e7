/**
 * A consumer's operations, from its files.
 */
import { glob, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { type DocumentNode, GraphQLError, type GraphQLSchema, Kind, parse, Source, validate } from "graphql";
import { StartError } from "../process/lifecycle.ts";

export interface OperationFile {
  readonly file: string;
  readonly document: DocumentNode;
}

/**
 * @param patterns files, folders or patterns of files
 * @throws StartError when there are none, or one is not GraphQL
 */
export async function readOperations(patterns: readonly string[]): Promise<OperationFile[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const isFolder = await stat(pattern).then(
      (entry) => entry.isDirectory(),
      () => false,
    );
    for await (const file of glob(isFolder ? join(pattern, "**/*.{graphql,gql}") : pattern)) found.add(file);
  }
  if (found.size === 0)
    throw new StartError(
      `no operations in ${patterns.join(" ")}`,
      "Name files, folders or patterns of *.graphql files.",
    );
  return Promise.all([...found].toSorted().map(readOperation));
}

/** What the graph would refuse, each with its place. */
export function faultsOfOperations(schema: GraphQLSchema, files: readonly OperationFile[]): string[] {
  // Fragments may stand in other files than the operations that use them.
  const definitions = files.flatMap(({ document }) => document.definitions);
  return validate(schema, { kind: Kind.DOCUMENT, definitions }).map(described);
}

async function readOperation(file: string): Promise<OperationFile> {
  const shown = relative(process.cwd(), file);
  try {
    return { file: shown, document: parse(new Source(await readFile(file, "utf8"), shown)) };
  } catch (error) {
    const reason = error instanceof GraphQLError ? described(error) : `${shown}: ${(error as Error).message}`;
    throw new StartError(reason, "Mend the file.", { cause: error });
  }
}

/** `src/front.graphql:3:5: Cannot query field "x" on type "Query".` */
function described({ message, source, nodes, locations }: GraphQLError): string {
  const [at] = locations ?? [];
  const name = source?.name ?? nodes?.[0]?.loc?.source.name ?? "";
  return `${name}:${at?.line ?? 0}:${at?.column ?? 0}: ${message}`;
}
