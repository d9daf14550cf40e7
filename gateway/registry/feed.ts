/**
 * What gateways are to serve now, and who is told when that changes: PostgreSQL's NOTIFY, and while that connection is
 * away, a look at the database every half second. Several registries on one database all tell what one of them changed.
 */
import pg from "pg";
import type { Database } from "../../process/database.ts";
import type { Logger } from "../../process/log.ts";
import type { AnswerKeys } from "../answer-keys.ts";
import type { Member } from "../members.ts";
import type { StatedGrant } from "../trust/grant.ts";
import { answerKeysNow } from "./answer-keys.ts";
import { grantsNow } from "./grants.ts";
import { CHANNEL, hashOf, latestComposition, readSdl, readState } from "./sql.ts";
import { type GraphState, membersAt, nextMemberAt } from "./state.ts";

/** What a gateway serves. */
export interface ServedGraph {
  /** Changes whenever anything below does. */
  readonly version: string;
  readonly composition: number;
  readonly supergraph: string;
  readonly members: readonly Member[];
  /** That answers must be signed with, of those who are in the graph. */
  readonly answerKeys: AnswerKeys;
  /** What is granted beside the SDL. */
  readonly grants: readonly StatedGrant[];
  readonly variants: readonly { readonly name: string; readonly supergraph: string }[];
}

export interface Feed {
  /** Undefined before anything was published. */
  readonly current: ServedGraph | undefined;
  /** Resolves with the graph once its version is another, or with undefined when the wait is aborted. */
  after(version: string | undefined, wait: AbortSignal): Promise<ServedGraph | undefined>;
  close(): Promise<void>;
}

const POLL_MS = 500;
/** A listening connection that the network lost silently is noticed by then. */
const CHECK_MS = 10_000;
/** Node's longest timer is 24.8 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export async function openFeed(url: string, database: Database, log: Logger): Promise<Feed> {
  const waiting = new Set<() => void>();
  let state: GraphState | undefined;
  let texts: Pick<ServedGraph, "supergraph" | "variants"> = { supergraph: "", variants: [] };
  let current: ServedGraph | undefined;
  let timer: NodeJS.Timeout | undefined;
  let client: pg.Client | undefined;
  let closed = false;

  /**
   * Reads what is new; never two at once, so that an older answer cannot overtake a newer one. All who ask while one is
   * under way share the next.
   */
  let reading: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  const refresh = (): Promise<void> => {
    next ??= reading.then(() => {
      next = undefined;
      reading = read().catch((error: unknown) => {
        if (!closed) log.warn({ error: String(error) }, "the database does not answer");
      });
      return reading;
    });
    return next;
  };

  async function read(): Promise<void> {
    const latest = await latestComposition(database);
    if (latest !== undefined && latest !== state?.composition?.id) {
      const found = (await readState(database, latest))!;
      texts = {
        supergraph: await readSdl(database, found.supergraph!),
        variants: await Promise.all(
          found.variants.map(async ({ name, sdl }) => ({ name, supergraph: await readSdl(database, sdl) })),
        ),
      };
      state = found;
    }
    if (state?.composition === undefined) return;
    const now = new Date();
    const members = membersAt(state, now);
    const composition = state.composition.id;
    const answerKeys = await answerKeysNow(database, state.subgraphs, members);
    const grants = await grantsNow(database, state.subgraphs, members);
    const content = [members, state.supergraph, state.variants, answerKeys, grants];
    const version = `${composition}-${hashOf(JSON.stringify(content)).slice(0, 12)}`;
    if (version === current?.version) return;
    current = { version, composition, members, answerKeys, grants, ...texts };
    for (const wake of waiting) wake();
  }

  /** Looks again at the next moment when anything can be new. */
  function schedule(): void {
    if (closed) return;
    const member = state && nextMemberAt(state, new Date());
    const untilMember = member === undefined ? LONGEST_TIMER_MS : member.getTime() - Date.now();
    const wait = Math.max(1, Math.min(untilMember, client === undefined ? POLL_MS : CHECK_MS));
    clearTimeout(timer);
    timer = setTimeout(() => void look(), wait);
  }

  async function look(): Promise<void> {
    if (client === undefined) await listen();
    await refresh();
    schedule();
  }

  async function listen(): Promise<void> {
    const listening = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    const lost = (): void => {
      if (client !== listening) return;
      client = undefined;
      if (!closed) log.warn("the database's notifications are lost, polling until they are back");
      schedule();
    };
    listening.on("error", lost);
    listening.on("end", lost);
    listening.on("notification", () => void refresh().then(schedule));
    try {
      await listening.connect();
      await listening.query(`listen ${CHANNEL}`);
      client = listening;
    } catch {
      await listening.end().catch(() => {});
    }
  }

  await listen();
  await refresh();
  schedule();

  return {
    get current() {
      return current;
    },
    async after(version, wait) {
      const isKnown = () => current === undefined || current.version === version;
      // Whoever has just published, and asks, must not be told what was before.
      await refresh();
      while (!wait.aborted && isKnown()) {
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            waiting.delete(wake);
            wait.removeEventListener("abort", wake);
            resolve();
          };
          waiting.add(wake);
          wait.addEventListener("abort", wake);
        });
      }
      return current?.version === version ? undefined : current;
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      const listening = client;
      client = undefined;
      await listening?.end().catch(() => {});
      await (next ?? reading);
    },
  };
}
