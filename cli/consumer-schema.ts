/**
 * The schema that consumers of the graph see: from the registry, or from a gateway.
 */
import { readFile } from "node:fs/promises";
import { Supergraph } from "@apollo/federation-internals";
import {
  buildClientSchema,
  getIntrospectionQuery,
  type GraphQLSchema,
  type IntrospectionQuery,
} from "graphql";
import type { RegistryClient } from "../gateway/registry/client.ts";
import { StartError } from "../process/lifecycle.ts";

const DEADLINE_MS = 10_000;

/** @throws RegistryRefusal */
export async function schemaOfRegistry(registry: RegistryClient): Promise<GraphQLSchema> {
  const { supergraph } = await registry.composition("latest");
  return Supergraph.build(supergraph, { supportedFeatures: null }).apiSchema().toGraphQLJSSchema();
}

/** @throws StartError when there is no such file. */
export async function readToken(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    throw new StartError(
      `the token cannot be read: ${(error as Error).message}`,
      "lienthong token writes one for the sample province.",
      { cause: error },
    );
  }
}

/** @throws StartError when what answers there is no graph, or tells nothing of itself to whoever shows the token */
export async function schemaOfGateway(url: string, token?: string): Promise<GraphQLSchema> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query: getIntrospectionQuery() }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const { data, errors } = (await response.json()) as {
      data?: IntrospectionQuery | null;
      errors?: { message: string }[];
    };
    if (data) return buildClientSchema(data);
    throw new Error(errors?.[0]?.message ?? `HTTP ${response.status}`);
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
    throw new StartError(
      `${url} does not tell its schema: ${reason}`,
      "Name a gateway that answers introspection, or show it a token (--token-file).",
      { cause: error },
    );
  }
}
