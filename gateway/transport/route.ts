/**
 * The outermost layer: where a subgraph is, and whether it is one server or a partition.
 */
import { StartError } from "../../process/lifecycle.ts";
import { locateMembers, type MemberDirectory } from "../members.ts";
import type { Supergraph } from "../supergraph.ts";
import { clientErrors } from "./failures.ts";
import { askMembers } from "./partition.ts";
import { entityLists, type Transport } from "./transport.ts";

/**
 * Builds the transport of one supergraph and its members. What it answers has no failures left: they have become
 * errors that name their service.
 * @param overrides URLs that replace the supergraph's, by subgraph name
 * @throws StartError when a subgraph cannot be located.
 */
export function routeSubgraphs(
  asking: Transport,
  supergraph: Supergraph,
  directory: MemberDirectory,
  overrides: ReadonlyMap<string, string>,
): Transport {
  const ask = unlessRefused(asking);
  const urls = subgraphUrls(supergraph, overrides);
  const located = locateMembers(directory, urls);
  const partitioned = new Set(directory.members.flatMap((member) => member.subgraphs));
  const routes = new Map(
    [...urls].map(([service, url]): [string, Transport] => {
      if (!partitioned.has(service)) return [service, askServer(ask, validUrl(service, url))];
      const ownUrl = url === "" ? undefined : validUrl(service, url);
      const { partitionedTypes: types, partitionedFields: fields } = supergraph;
      return [service, askMembers(ask, { service, ownUrl, types, fields, directory, located })];
    }),
  );
  return (request) => {
    const route = routes.get(request.service);
    if (route === undefined)
      throw new Error(`the plan names a subgraph that is not there: ${request.service}`);
    return route(request);
  };
}

export function subgraphUrls(
  { subgraphs }: Supergraph,
  overrides: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  for (const name of overrides.keys())
    if (!subgraphs.has(name))
      throw new StartError(
        `--url ${name}=…: the supergraph has no subgraph "${name}".`,
        `Its subgraphs are: ${[...subgraphs.keys()].join(", ")}.`,
      );
  return new Map([...subgraphs].map(([name, url]) => [name, overrides.get(name) ?? url]));
}

export function validUrl(service: string, url: string): string {
  const parsed = URL.parse(url);
  if (parsed?.protocol === "http:" || parsed?.protocol === "https:") return url;
  throw new StartError(
    `subgraph "${service}" has no URL to ask it at${url === "" ? "" : ` ("${url}" is none)`}.`,
    `Give one with --url ${service}=http://host:port/path, or in the supergraph (join__graph).`,
  );
}

/** Whoever does not grant what is asked of it is not asked. */
function unlessRefused(ask: Transport): Transport {
  return (request) => {
    const failure = request.refusal?.(request);
    return failure === undefined ? ask(request) : Promise.resolve({ failure });
  };
}

/** A subgraph that is one server. */
function askServer(ask: Transport, url: string): Transport {
  return async (request) => {
    const response = await ask({ ...request, url });
    const [list] = entityLists(request);
    const at = list && [list.responseKey, 0];
    const errors = clientErrors(request, response, undefined, at);
    return { data: response.data, plain: response.plain, errors: errors.length > 0 ? errors : undefined };
  };
}
