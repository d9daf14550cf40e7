/**
 * The outermost layer of subscribing: where the events of a root field come from.
 */
import { locateMembers, type MemberDirectory } from "../members.ts";
import type { Supergraph } from "../supergraph.ts";
import { clientErrors } from "./failures.ts";
import { createLru } from "./lru.ts";
import { parseOperation, type SubgraphOperation } from "./operation.ts";
import type { Partition } from "./owner.ts";
import { subgraphUrls, validUrl } from "./route.ts";
import { divideSubscription, type Sources } from "./stream-members.ts";
import { mergeStreams } from "./stream-merge.ts";
import { endSoon, type StreamTransport } from "./stream.ts";
import type { SubgraphRequest, SubgraphResponse } from "./transport.ts";

export interface StreamRoutes {
  /** What it tells has no failures left: they have become errors that name their service. */
  readonly open: StreamTransport;
  /** Where a subscription's events come from, as one text: when it is another, the subscription must be opened anew. */
  readonly describe: (request: SubgraphRequest) => string;
}

const OPERATIONS = 500;
const LONGEST_OPERATION = 20_000;

/**
 * @param overrides URLs that replace the supergraph's, by subgraph name
 * @throws StartError when a subgraph cannot be located.
 */
export function routeStreams(
  open: StreamTransport,
  supergraph: Supergraph,
  directory: MemberDirectory,
  overrides: ReadonlyMap<string, string>,
): StreamRoutes {
  const urls = subgraphUrls(supergraph, overrides);
  const located = locateMembers(directory, urls);
  const partitioned = new Set(directory.members.flatMap((member) => member.subgraphs));
  const { partitionedTypes: types, partitionedFields: fields } = supergraph;
  const operations = createLru<SubgraphOperation>(OPERATIONS, LONGEST_OPERATION);

  function sourcesOf(request: SubgraphRequest): Sources {
    const { service, query } = request;
    const url = urls.get(service) ?? "";
    if (!partitioned.has(service)) return { parts: [{ ...request, url }], errors: [], merged: undefined };
    const ownUrl = url === "" ? undefined : validUrl(service, url);
    const partition: Partition = { service, ownUrl, types, fields, directory, located };
    const operation = operations.get(query, () => parseOperation(query));
    return divideSubscription(partition, request, operation);
  }

  const openPart = withClientErrors(open);
  return {
    open(request, listener) {
      const sources = sourcesOf(request);
      const [only] = sources.parts;
      if (sources.merged !== undefined) return mergeStreams(openPart, sources, listener);
      if (only === undefined) return endSoon(() => listener.end({ errors: sources.errors }));
      return openPart(only, listener);
    },
    describe(request) {
      if (!urls.has(request.service)) return "nowhere";
      const { parts } = sourcesOf(request);
      return JSON.stringify(
        parts.map(({ url, member, query, variables }) => [url, member?.key, query, variables]),
      );
    },
  };
}

/** Its events and its end tell of errors as clients read them. */
function withClientErrors(open: StreamTransport): StreamTransport {
  return (request, { event, end }) => {
    const uniform = (response: SubgraphResponse): SubgraphResponse => {
      const errors = clientErrors(request, response);
      return { ...response, errors: errors.length > 0 ? errors : undefined };
    };
    const failure = request.refusal?.(request);
    if (failure !== undefined) return endSoon(() => end(uniform({ failure })));
    return open(request, {
      event: ({ number, size, read }) => event({ number, size, read: () => uniform(read()) }),
      end: (reason) => end(reason && uniform(reason)),
    });
  };
}
