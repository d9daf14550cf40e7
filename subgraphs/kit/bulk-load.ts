/**
 * Fills the tables of one database in one transaction: all of it is there afterwards, or nothing. Rows are copied in
 * batches over one connection, table after table as they come.
 */
import { once } from "node:events";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { CopyRows } from "./copy-rows.ts";

/** Opens a table for rows; `columns`, between commas, are those that `row()` will be followed by, in order. */
export type OpenTable = (table: string, columns: string) => CopyRows;

export interface BulkLoadOptions {
  readonly url: string;
  /** Rebuilds indexes and foreign keys at the end instead of maintaining them: for loads of many thousand rows. */
  readonly large: boolean;
}

/** Bytes of a table that make a batch: COPY's own cost is halved against 256 kB. */
const BATCH_BYTES = 4 * 1024 * 1024;

/** Bytes of one database that may wait for its server. */
const PENDING_BYTES = 8 * 1024 * 1024;

/** Sent while other databases take their share of the machine: memory for one index at a time. */
const INDEX_MEMORY = "256MB";

interface Table {
  readonly name: string;
  readonly columns: string;
  readonly rows: CopyRows;
}

export class BulkLoad {
  readonly #client: pg.Client;
  readonly #options: BulkLoadOptions;
  readonly #tables: Table[] = [];
  #rebuild: readonly string[] = [];
  #copying: Promise<void> = Promise.resolve();
  #fault: Error | undefined;
  /** Bytes handed over and not yet taken by the server. */
  #pending = 0;
  #onRoom: () => void = () => {};

  /** Connects and begins the transaction on the tables named. */
  static async begin(options: BulkLoadOptions, tables: readonly string[]): Promise<BulkLoad> {
    const load = new BulkLoad(options);
    await load.#client.connect();
    try {
      await load.#begin(tables);
      return load;
    } catch (error) {
      await load.#client.end();
      throw error;
    }
  }

  private constructor(options: BulkLoadOptions) {
    this.#options = options;
    this.#client = new pg.Client({ connectionString: options.url });
    // A server that goes away in the middle: the batch under way reports it.
    this.#client.on("error", (error) => (this.#fault ??= error));
  }

  readonly open: OpenTable = (name, columns) => {
    const rows = new CopyRows(columns.split(",").length);
    this.#tables.push({ name, columns, rows });
    return rows;
  };

  /**
   * Sends the batches that are ready, and waits until no more than a few are under way: memory stays bounded.
   * @throws what the server refused
   */
  async flush(): Promise<void> {
    for (const table of this.#tables) if (table.rows.size >= BATCH_BYTES) this.#send(table);
    if (this.#pending > PENDING_BYTES) await new Promise<void>((resolve) => (this.#onRoom = resolve));
    if (this.#fault !== undefined) throw this.#fault;
  }

  /** Runs a statement inside the transaction, after all rows sent so far. */
  async run(text: string, values?: readonly unknown[]): Promise<void> {
    await this.#settled();
    await this.#client.query(text, values as unknown[]);
  }

  /** Sends the rest and rebuilds what was put aside: all work is done but the commit. */
  async complete(): Promise<void> {
    for (const table of this.#tables) if (table.rows.size > 0) this.#send(table);
    await this.#settled();
    for (const statement of this.#rebuild) await this.#client.query(statement);
  }

  /** After `complete`: makes it lasting. */
  async commit(): Promise<void> {
    await this.#client.query("commit");
  }

  /** After `commit`. */
  async close(): Promise<void> {
    // The planner's first queries must know how large the tables have become; a small sample tells enough, and is ten
    // times cheaper where rows are wide.
    const names = [...new Set(this.#tables.map(({ name }) => name))];
    await this.#client.query(`set default_statistics_target = 10; analyze ${names.join(", ")}`);
    await this.#client.end();
  }

  /** Leaves the database as it was. */
  async abandon(): Promise<void> {
    this.#fault ??= new Error("abandoned");
    await this.#copying;
    await this.#client.end();
  }

  async #begin(tables: readonly string[]): Promise<void> {
    const { large } = this.#options;
    const client = this.#client;
    await client.query("begin");
    await client.query("set local synchronous_commit = off");
    if (large) {
      await client.query(`set local maintenance_work_mem = '${INDEX_MEMORY}'`);
      // Several databases build at the same time: helpers would only wait for each other.
      await client.query("set local max_parallel_maintenance_workers = 0");
    }
    // Rows come in the order of dossiers, not in that of references: those are checked together at the end.
    this.#rebuild = await putAside(client, tables, large);
    // A table emptied in this transaction is written without a log of its rows, where the server allows that.
    if (large || (await haveRows(client, tables))) await truncate(client, tables);
  }

  #send(table: Table): void {
    const batch = table.rows.take();
    this.#pending += batch.length;
    this.#copying = this.#copying
      .then(() => (this.#fault === undefined ? this.#copy(table, batch) : undefined))
      .catch((error: unknown) => {
        this.#fault ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        this.#pending -= batch.length;
        if (this.#pending <= PENDING_BYTES) this.#onRoom();
      });
  }

  async #settled(): Promise<void> {
    await this.#copying;
    if (this.#fault !== undefined) throw this.#fault;
  }

  async #copy(table: Table, batch: Buffer): Promise<void> {
    const freeze = this.#options.large ? ", freeze" : "";
    const stream = this.#client.query(
      copyFrom(`copy ${table.name} (${table.columns}) from stdin (format binary${freeze})`),
    );
    stream.end(batch);
    await once(stream, "finish");
    table.rows.giveBack(batch);
  }
}

/**
 * Drops the foreign keys of the tables, and with `indexes` also those; answers with the statements that make them again,
 * in order.
 */
async function putAside(client: pg.Client, tables: readonly string[], indexes: boolean): Promise<string[]> {
  const constraints = await client.query<{ table: string; name: string; kind: string; definition: string }>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name, contype as kind,
       pg_get_constraintdef(oid) as definition
     from pg_constraint where conrelid = any($1::regclass[]) and contype = any($2::"char"[])`,
    [tables, indexes ? ["f", "p", "u"] : ["f"]],
  );
  const plain = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
     from pg_index where $2 and indrelid = any($1::regclass[])
       and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))`,
    [tables, indexes],
  );
  const references = constraints.rows.filter(({ kind }) => kind === "f");
  const keys = constraints.rows.filter(({ kind }) => kind !== "f");
  const drops = [
    // A key cannot go while a reference needs it.
    ...[...references, ...keys].map(({ table, name }) => `alter table ${table} drop constraint ${name}`),
    ...plain.rows.map(({ name }) => `drop index ${name}`),
  ];
  if (drops.length > 0) await client.query(drops.join("; "));
  return [
    ...keys.map(addConstraint),
    ...plain.rows.map(({ definition }) => definition),
    ...references.map(addConstraint),
  ];
}

function addConstraint({
  table,
  name,
  definition,
}: {
  table: string;
  name: string;
  definition: string;
}): string {
  return `alter table ${table} add constraint ${name} ${definition}`;
}

async function haveRows(client: pg.Client, tables: readonly string[]): Promise<boolean> {
  const parts = tables.map((table) => `exists (select from ${table})`);
  const found = await client.query(`select ${parts.join(" or ")} as filled`);
  return found.rows[0]?.filled === true;
}

/** Histories are append-only for everybody else: here their guard steps aside for the moment of emptying them. */
async function truncate(client: pg.Client, tables: readonly string[]): Promise<void> {
  const guards = await client.query<{ table: string; name: string }>(
    `select tgrelid::regclass::text as table, quote_ident(tgname) as name
     from pg_trigger where tgrelid = any($1::regclass[]) and not tgisinternal`,
    [tables],
  );
  for (const { table, name } of guards.rows)
    await client.query(`alter table ${table} disable trigger ${name}`);
  await client.query(`truncate ${tables.join(", ")} restart identity`);
  for (const { table, name } of guards.rows)
    await client.query(`alter table ${table} enable trigger ${name}`);
}
