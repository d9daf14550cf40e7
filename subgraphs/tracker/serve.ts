/**
 * Runs the tracker's subgraph (schema/tracker.graphql) over the gateway's record.
 */
import { readRecordFile } from "../../gateway/record/settings.ts";
import { openTracker } from "../../gateway/record/tracker.ts";
import type { Logger } from "../../process/log.ts";
import type { Access } from "../kit/access.ts";
import { buildServedSchema, readSdl } from "../kit/sdl.ts";
import { type SubgraphServer, serveSubgraph } from "../kit/server.ts";
import { readMeanings } from "./meanings.ts";
import { trackerResolvers } from "./resolvers.ts";
import { trackerRows } from "./row-rules.ts";

export interface TrackerServerOptions {
  /** The gateway's record file; undefined where nothing is recorded. */
  readonly record: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly log: Logger;
  /** Who is answered. */
  readonly access: Access;
}

/** @throws StartError when the record cannot be read or the port is taken. */
export async function serveTracker({ record, ...options }: TrackerServerOptions): Promise<SubgraphServer> {
  const meanings = await readMeanings();
  const tracker = record === undefined ? undefined : await openTracker(await readRecordFile(record));
  try {
    const server = await serveSubgraph({
      ...options,
      path: "/graphql",
      schema: buildServedSchema([
        { typeDefs: readSdl("tracker"), resolvers: trackerResolvers, rows: trackerRows },
      ]),
      context: () => ({ tracker, meanings }),
      ready: async () => tracker?.ready(),
    });
    return {
      ...server,
      close: async () => {
        await server.close();
        await tracker?.close();
      },
    };
  } catch (error) {
    await tracker?.close();
    throw error;
  }
}
