/**
 * Agencies for the tests: the real server on a free port, over a database of its own, beside a gateway that listens.
 */
import { pino } from "pino";
import type { Access } from "../../subgraphs/kit/access.ts";
import { type OwnPart, serveAgencies } from "../../subgraphs/kit/agency/serve.ts";
import type { Queryable } from "../../process/database.ts";
import { openDatabase } from "../../subgraphs/kit/database.ts";
import { type TestDatabase, dropDatabase, freshDatabaseUrl } from "./database.ts";
import { type TestGateway, startTestGateway } from "./gateway.ts";

export interface ClientError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string } & Readonly<Record<string, unknown>>;
}

export interface Answer<T> {
  readonly status: number;
  readonly data: T;
  readonly errors: readonly ClientError[] | undefined;
}

export interface TestAgency {
  readonly code: string;
  readonly url: string;
  readonly database: Omit<TestDatabase, "close">;
  readonly gateway: TestGateway;
  /** What the server logged, parsed. */
  readonly logged: Record<string, unknown>[];
  query<T>(
    document: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>;
  readonly close: () => Promise<void>;
}

/** Starts agencies with the same own part in one process; each has its own database. */
export async function startAgencies(
  own: OwnPart,
  codes: readonly string[],
  path = "/:agency/graphql",
  access: Access = { authorization: false },
): Promise<{
  readonly agencies: readonly TestAgency[];
  readonly origin: string;
  readonly close: () => Promise<void>;
}> {
  const gateway = await startTestGateway();
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const served = codes.map((code) => ({ code, databaseUrl: freshDatabaseUrl() }));
  const server = await serveAgencies({
    agencies: served,
    own,
    path,
    host: "127.0.0.1",
    port: 0,
    gatewayUrl: gateway.url,
    access,
    log,
    poolSize: 8,
  });
  const close = async (): Promise<void> => {
    await server.close();
    await gateway.close();
    await Promise.all(databases.map((database) => database.close()));
    await Promise.all(served.map(({ databaseUrl }) => dropDatabase(databaseUrl)));
  };
  const databases = served.map(({ databaseUrl }) => openDatabase(databaseUrl, 2));
  const agencies = served.map(({ code, databaseUrl }, index): TestAgency => {
    const url = server.url + path.replace(":agency", code);
    return {
      code,
      url,
      gateway,
      logged,
      database: { ...databases[index]!, name: new URL(databaseUrl).pathname.slice(1), url: databaseUrl },
      query: (document, variables, headers) => post(url, { query: document, variables }, headers),
      close,
    };
  });
  return { agencies, origin: server.url, close };
}

/** Starts one agency alone at `/graphql`. */
export async function startAgency(own: OwnPart, code: string, access?: Access): Promise<TestAgency> {
  const { agencies } = await startAgencies(own, [code], "/graphql", access);
  return agencies[0]!;
}

/** Sends a GraphQL request as the gateway does. */
export async function post<T>(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const { data, errors } = (await response.json()) as Answer<T>;
  return { status: response.status, data, errors };
}

/** A procedure with sensible columns; `columns` replaces them by their names in the table. */
export async function insertProcedure(db: Queryable, columns: Record<string, unknown> = {}): Promise<void> {
  await insert(db, "procedure", {
    code: "1.004222",
    name: "Đăng ký thường trú",
    field: "Đăng ký, quản lý cư trú",
    level: "PROVINCE",
    statutory_days: 10,
    committed_days: 8,
    online_level: "FULL",
    one_stop_kind: "ONE_STOP",
    documents: JSON.stringify([{ name: "Tờ khai", originals: 1, copies: 0, optional: false }]),
    steps: JSON.stringify([
      { name: "Tiếp nhận", role: "Cán bộ một cửa", hours: 4 },
      { name: "Thẩm định", role: "Chuyên viên", hours: 40 },
      { name: "Ký duyệt", role: "Lãnh đạo", hours: 8 },
    ]),
    decision: "1234/QĐ-UBND",
    issued_on: "2025-06-20",
    valid_from: "2025-07-01",
    ...columns,
  });
}

/** Inserts one row and answers with it. */
export async function insert<R extends Record<string, unknown>>(
  db: Queryable,
  table: string,
  columns: Record<string, unknown>,
): Promise<R> {
  const names = Object.keys(columns);
  const [row] = await db.query<R>(
    `insert into ${table} (${names.join(", ")}) values (${names.map((_, index) => `$${index + 1}`).join(", ")})
     returning *`,
    Object.values(columns),
  );
  if (row === undefined) throw new Error("an insert returned no row");
  return row;
}
