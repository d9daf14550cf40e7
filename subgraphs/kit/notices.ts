/**
 * What is told within a database as it is committed: PostgreSQL's NOTIFY, heard on one connection for all who listen,
 * and only while somebody does.
 */
import pg from "pg";
import type { Logger } from "../../process/log.ts";

export interface Notices {
  /**
   * Hears what is told of one subject: nothing that is committed after this resolves is missed, and what is told again
   * before it was taken is taken once. Ends with an error when the connection breaks.
   * @throws Error as a rejection, when the database cannot be reached
   */
  listen(subject: string): Promise<AsyncIterableIterator<string>>;
  /** Ends everybody's listening. */
  close(): Promise<void>;
}

/** One listener. */
interface Ear {
  readonly hear: () => void;
  readonly fail: (error: Error) => void;
}

interface Hearing {
  readonly client: pg.Client;
  readonly ears: Map<string, Set<Ear>>;
}

/** @param channel whose payloads are the subjects */
export function hearNotices(databaseUrl: string, channel: string, log: Logger): Notices {
  let hearing: Promise<Hearing> | undefined;
  let closed = false;

  async function begin(): Promise<Hearing> {
    const client = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
    const ears: Hearing["ears"] = new Map();
    const lose = (error: Error): void => {
      hearing = undefined;
      for (const each of ears.values()) for (const { fail } of each) fail(error);
      ears.clear();
    };
    client.on("error", (error) => {
      log.warn({ error: String(error), channel }, "notices are not heard any more");
      lose(error);
    });
    client.on("end", () => lose(new Error("the connection for notices has ended")));
    client.on("notification", ({ payload = "" }) => {
      for (const { hear } of ears.get(payload) ?? []) hear();
    });
    await client.connect();
    await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    return { client, ears };
  }

  return {
    async listen(subject) {
      if (closed) throw new Error("no notices are heard any more");
      hearing ??= begin();
      const begun = hearing;
      const { client, ears } = await begun.catch((error: unknown) => {
        if (hearing === begun) hearing = undefined;
        throw error;
      });
      return listenTo(subject, ears, () => {
        if (ears.size > 0 || hearing !== begun) return;
        hearing = undefined;
        void client.end();
      });
    },
    async close() {
      closed = true;
      const { client } = (await hearing?.catch(() => undefined)) ?? {};
      await client?.end();
    },
  };
}

/** @param onLeave called when the listener has gone */
function listenTo(
  subject: string,
  ears: Hearing["ears"],
  onLeave: () => void,
): AsyncIterableIterator<string> {
  let isTold = false;
  let failure: Error | undefined;
  let over = false;
  let wake: (() => void) | undefined;
  const ear: Ear = {
    hear: () => {
      isTold = true;
      wake?.();
    },
    fail: (error) => {
      failure = error;
      wake?.();
    },
  };
  const others = ears.get(subject) ?? new Set();
  ears.set(subject, others.add(ear));
  const leave = (): IteratorReturnResult<undefined> => {
    if (!over) {
      over = true;
      others.delete(ear);
      if (others.size === 0) ears.delete(subject);
      wake?.();
      onLeave();
    }
    return { done: true, value: undefined };
  };
  return {
    async next() {
      if (!isTold && !over && failure === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
      if (over) return leave();
      if (failure !== undefined) {
        leave();
        throw failure;
      }
      isTold = false;
      return { done: false, value: subject };
    },
    return: async () => leave(),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
