/**
 * The province's PostgreSQL: the server of DATABASE_URL, or one of its own that is started, watched and stopped.
 */
import { join } from "node:path";
import { type Postgres, startPostgres } from "../process/postgres.ts";

export interface DatabaseServerOptions {
  /** Undefined: a server of our own. */
  readonly url: string | undefined;
  /** Of our own server. */
  readonly directory: string;
  /** Of our own server; 0 takes a free one. */
  readonly port: number;
  /** Sees to it that everything is there; called once at every start. */
  readonly fill: (url: string) => Promise<void>;
  /** Abandons a start. */
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

export class DatabaseServer {
  readonly #options: DatabaseServerOptions;
  #running: Promise<Postgres> | undefined;
  #stopping = false;

  constructor(options: DatabaseServerOptions) {
    this.#options = options;
  }

  /** @returns the server's URL, once everything is there. */
  async start(): Promise<string> {
    const { url: given, port, fill } = this.#options;
    let filled = false;
    const fillNew = async (url: string): Promise<void> => {
      await fill(url);
      filled = true;
    };
    const url = given ?? (await this.#launch(port, fillNew)).url;
    if (!filled) await fill(url);
    return url;
  }

  /** Waits for a start that is on its way: a half-made cluster cannot be stopped. */
  async stop(impatient: AbortSignal): Promise<void> {
    this.#stopping = true;
    const postgres = await this.#running?.catch(() => undefined);
    await postgres?.stop(impatient);
  }

  async #launch(port: number, fill?: (url: string) => Promise<void>): Promise<Postgres> {
    const { directory, signal } = this.#options;
    this.#running = startPostgres({
      directory,
      signal,
      ...(port === 0 ? {} : { port }),
      ...(fill ? { fill } : {}),
    });
    const postgres = await this.#running;
    void postgres.exited.then(() => this.#again(postgres.port));
    return postgres;
  }

  /** On the same port, so that the pools of all programs find it again by themselves. A failure ends the province. */
  async #again(port: number): Promise<void> {
    if (this.#stopping) return;
    const log = join(this.#options.directory, "log");
    this.#options.tell(`PostgreSQL ended unexpectedly, starting it again; its log: ${log}`);
    await this.#launch(port);
    this.#options.tell("PostgreSQL is ready again");
  }
}

/** A URL as it may be shown. */
export function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = "";
  return shown.href;
}
