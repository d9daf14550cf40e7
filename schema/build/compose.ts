/**
 * Composes the supergraph from the subgraphs' SDL.
 * `npm run compose` writes schema/supergraph.graphql; with `--check` it fails when the written one differs (CI).
 */
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { composeServices } from "@apollo/composition";
import { type DocumentNode, GraphQLError, parse, Source as GraphQLSource } from "graphql";
import { z } from "zod";
import { runProgram, StartError } from "../../process/lifecycle.ts";
import { readOptions } from "../../process/options.ts";
import { headerOf, readSources, SCHEMA_DIRECTORY, type Source } from "./sources.ts";

/**
 * The supergraph SDL of these sources, first line `headerOf(sources)`.
 * @throws StartError naming file, line and reason of every fault.
 */
export function compose(sources: readonly Source[]): string {
  const parsed = sources.map(parseSource);
  const syntaxFaults = parsed.filter((result) => result instanceof GraphQLError);
  if (syntaxFaults.length > 0) throw schemaFault(syntaxFaults.map((fault) => describe(fault, sources)));
  const services = sources.map(({ name, url }, index) => ({
    name,
    url,
    typeDefs: parsed[index] as DocumentNode,
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (errors) throw schemaFault(errors.map((error) => describe(error, sources)));
  return `${headerOf(sources)}\n${supergraphSdl.trimEnd()}\n`;
}

function parseSource({ file, sdl }: Source): DocumentNode | GraphQLError {
  try {
    return parse(new GraphQLSource(sdl, file));
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** `schema/tax.graphql:12:3: Unknown type "Notice".` */
function describe(error: GraphQLError, sources: readonly Source[]): string {
  const node = error.nodes?.find((candidate) => candidate.loc);
  const file = error.source?.name ?? node?.loc?.source.name;
  const at = error.locations?.[0];
  // Composition puts the subgraph's name in front; the file says more.
  const [, name, reason] = /^\[([\w-]+)\] (.*)$/s.exec(error.message) ?? [];
  const place = file ?? sources.find((source) => source.name === name)?.file;
  if (place === undefined) return error.message;
  return `${place}${at ? `:${at.line}:${at.column}` : ""}: ${reason ?? error.message}`;
}

function schemaFault(faults: readonly string[]): StartError {
  return new StartError(
    `the supergraph cannot be composed:\n  ${faults.join("\n  ")}`,
    "Mend the SDL; `npm run compose` checks it without starting anything.",
  );
}

if (import.meta.main)
  runProgram(async () => {
    const options = readOptions({
      name: "compose",
      summary: "composes the supergraph from the SDL of every subgraph.",
      options: {
        schema: {
          schema: z.string().default(SCHEMA_DIRECTORY),
          placeholder: "DIR",
          help: "Where the SDL files are.",
        },
        output: {
          schema: z.string().default(join(SCHEMA_DIRECTORY, "supergraph.graphql")),
          placeholder: "FILE",
          help: "Where the supergraph goes (schema/supergraph.graphql).",
        },
        url: {
          schema: z.array(z.string().regex(/^[\w-]+=https?:\/\/.+/, "NAME=URL expected")).default([]),
          placeholder: "NAME=URL",
          multiple: true,
          help: "Address of a subgraph, instead of the one it has when started alone.",
        },
        check: { schema: z.boolean().default(false), help: "Write nothing; fail when the file differs." },
      },
    });
    const urls = Object.fromEntries(
      options.url.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
    );
    const supergraph = compose(await readSources(options.schema, urls));
    if (supergraph === (await readFile(options.output, "utf8").catch(() => ""))) return;
    if (options.check)
      throw new StartError(`${options.output} does not match the SDL`, "Run npm run compose and commit.");
    // Whoever watches the file never sees half of it.
    await writeFile(`${options.output}.new`, supergraph);
    await rename(`${options.output}.new`, options.output);
  });
