/**
 * The centre on a database of its own, with a small directory, served over HTTP; and a server that stands where the
 * gateway stands, speaks the real contract of the agencies, and keeps what it is told.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import pg from "pg";
import { pino } from "pino";
import { inject } from "vitest";
import { type CenterServerOptions, serveCenter } from "../../../subgraphs/center/serve.ts";
import { type Database, ensureDatabase } from "../../../process/database.ts";
import { openDatabase } from "../../../subgraphs/kit/database.ts";
import { contractRows } from "../../../subgraphs/kit/agency/row-rules.ts";
import { DateTime } from "../../../subgraphs/kit/scalars.ts";
import { buildServedSchema, readSdl } from "../../../subgraphs/kit/sdl.ts";
import { type SubgraphServer, serveSubgraph } from "../../../subgraphs/kit/server.ts";
import { type State, codeOf } from "../../../subgraphs/kit/states.ts";

export const silent = pino({ level: "silent" });

/** Nobody listens here: port 9 (discard) is never open on the loopback address. */
export const NOBODY = "http://127.0.0.1:9/graphql";

export const LAND = "H56.14";
export const TAX = "G12.56";
export const INSURANCE = "G24.56";
export const POLICE = "G01.56";
export const JUSTICE = "H56.02";
export const COMMUNE = "H56.31.01";

/** Birth: the commune, then police and insurance in parallel; three days in all. */
export const BIRTH = "2.002621";
/** Land: the office, then tax; no total of its own. */
export const LAND_TRANSFER = "1.004222";
/** One agency, one leg, offered by the commune and by the justice department. */
export const CIVIL_COPY = "1.001193";

const AGENCIES: readonly (readonly [string, string | null, string, string, string])[] = [
  ["H56", "000.00.00.H56", "Trung tâm Phục vụ hành chính công tỉnh", "CENTER", "PROVINCE"],
  [LAND, "000.00.14.H56", "Sở Tài nguyên và Môi trường", "DEPARTMENT", "PROVINCE"],
  [JUSTICE, "000.00.02.H56", "Sở Tư pháp", "DEPARTMENT", "PROVINCE"],
  [TAX, "000.00.56.G12", "Thuế tỉnh", "VERTICAL", "PROVINCE"],
  [INSURANCE, "000.00.56.G24", "Bảo hiểm xã hội tỉnh", "VERTICAL", "PROVINCE"],
  [POLICE, "000.00.56.G01", "Công an tỉnh", "VERTICAL", "PROVINCE"],
  [COMMUNE, "000.01.31.H56", "Ủy ban nhân dân phường", "COMMUNE", "COMMUNE"],
];

const ROUTES: readonly (readonly [string, string, string, number | null, object[]])[] = [
  [
    BIRTH,
    COMMUNE,
    "Đăng ký khai sinh, đăng ký thường trú, cấp thẻ bảo hiểm y tế",
    3,
    [
      { agency: COMMUNE, procedure: CIVIL_COPY, days: 0.5, dependsOn: [] },
      { agency: POLICE, procedure: "1.004200", days: 2, dependsOn: [1] },
      { agency: INSURANCE, procedure: "2.000800", days: 2, dependsOn: [1] },
    ],
  ],
  [
    LAND_TRANSFER,
    LAND,
    "Đăng ký biến động quyền sử dụng đất",
    null,
    [
      { agency: LAND, procedure: LAND_TRANSFER, days: 3, dependsOn: [] },
      { agency: TAX, procedure: "1.008603", days: 5, dependsOn: [1] },
    ],
  ],
  [
    CIVIL_COPY,
    COMMUNE,
    "Thủ tục đăng ký khai sinh",
    null,
    [{ agency: COMMUNE, procedure: CIVIL_COPY, days: 0.5, dependsOn: [] }],
  ],
  [
    CIVIL_COPY,
    JUSTICE,
    "Thủ tục đăng ký khai sinh",
    null,
    [{ agency: JUSTICE, procedure: CIVIL_COPY, days: 0.5, dependsOn: [] }],
  ],
];

export interface Answer<T> {
  readonly status: number;
  readonly data: T | null;
  readonly errors?: readonly { message: string; path?: unknown[]; extensions: Record<string, unknown> }[];
}

export interface TestCenter {
  readonly database: Database;
  readonly databaseUrl: string;
  readonly server: SubgraphServer;
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are compared as a whole with what is expected
  ask<T = any>(query: string, variables?: object, language?: string): Promise<Answer<T>>;
  /** SQL statements of the centre's database while `work` runs, without those of its outbox. */
  statements(work: () => Promise<unknown>): Promise<string[]>;
  readonly close: () => Promise<void>;
}

/** A fresh database `name` with the directory above, and the centre on it. */
export async function startCenter(
  name: string,
  gatewayUrl = NOBODY,
  options: Partial<CenterServerOptions> = {},
): Promise<TestCenter> {
  const databaseUrl = new URL(inject("postgresUrl"));
  databaseUrl.pathname = `/${name}`;
  await ensureDatabase(databaseUrl.href);
  const serving = {
    databaseUrl: databaseUrl.href,
    gatewayUrl,
    access: { authorization: false },
    host: "127.0.0.1",
    port: 0,
    log: silent,
  } as const;
  const server = await serveCenter({ ...serving, ...options });
  const database = openDatabase(databaseUrl.href, 4);
  await insertDirectory(database);
  return {
    database,
    databaseUrl: databaseUrl.href,
    server,
    ask: (query, variables, language) => ask(`${server.url}/graphql`, query, variables, language),
    statements: (work) => statementsOf(name, work),
    close: async () => {
      await server.close();
      await database.close();
      await dropDatabase(name);
    },
  };
}

export async function dropDatabase(name: string): Promise<void> {
  const client = new pg.Client(inject("postgresUrl"));
  await client.connect();
  await client.query(`drop database ${client.escapeIdentifier(name)} with (force)`);
  await client.end();
}

export async function ask<T>(
  url: string,
  query: string,
  variables: object = {},
  language = "en",
): Promise<Answer<T>> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "accept-language": language },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as { data: T | null }) };
}

export interface DossierSample {
  readonly code: string;
  readonly legacyCode?: string;
  readonly procedureCode?: string;
  readonly agencyCode?: string;
  readonly kind?: 1 | 2 | 3 | 4;
  readonly name?: string;
  readonly personalId?: string;
  readonly taxCode?: string;
  readonly state?: State;
  /** Anything PostgreSQL reads as a time, to the microsecond. */
  readonly receivedAt: string;
  readonly dueAt?: string;
  readonly finishedAt?: string;
  readonly legs?: readonly {
    readonly agencyCode: string;
    readonly dependsOn?: readonly number[];
    readonly openedAt?: string;
    readonly reported?: State;
  }[];
}

export async function insertDossiers(database: Database, samples: readonly DossierSample[]): Promise<void> {
  for (const sample of samples) {
    const dueAt = sample.dueAt ?? "2099-12-31T17:00:00+07:00";
    const state = codeOf(sample.state ?? "ACCEPTED");
    const [dossier] = await database.query<{ id: number }>(
      `insert into dossier (code, legacy_code, procedure_code, procedure_name, agency_code, applicant_kind,
         applicant_name, personal_id, tax_code, channel, state, received_at, due_at, finished_at, received_by)
       values ($1, $2, $3, 'Thủ tục', $4, $5, $6, $7, $8, 1, $9, $10, $11, $12, 'Cán bộ tiếp nhận')
       returning id`,
      [
        sample.code,
        sample.legacyCode,
        sample.procedureCode ?? LAND_TRANSFER,
        sample.agencyCode ?? LAND,
        sample.kind ?? 1,
        sample.name ?? "Nguyễn Văn An",
        sample.personalId,
        sample.taxCode,
        state,
        sample.receivedAt,
        dueAt,
        sample.finishedAt,
      ],
    );
    for (const [index, leg] of (sample.legs ?? []).entries())
      await database.query(
        `insert into dossier_leg (dossier_id, position, depends_on, agency_code, procedure_code, days, due_at,
           opened_at, reported_state, reported_at)
         values ($1, $2, $3, $4, '1.000001', 2, $5, $6, $7, $8)`,
        [
          dossier?.id,
          index + 1,
          leg.dependsOn ?? [],
          leg.agencyCode,
          dueAt,
          leg.openedAt,
          leg.reported === undefined ? null : codeOf(leg.reported),
          leg.reported === undefined ? null : leg.openedAt,
        ],
      );
    await database.query(
      "insert into dossier_event (dossier_id, sequence, at, to_state) values ($1, 1, $2, $3)",
      [dossier?.id, sample.receivedAt, state],
    );
  }
}

/** One mutation as the gateway got it. */
export interface Told {
  readonly field: string;
  readonly args: Record<string, unknown>;
}

export interface RecordingGateway {
  readonly url: string;
  readonly told: Told[];
  /** Resolves when it has been told `count` things in all. */
  readonly hasBeenTold: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A server of the agencies' contract on `port`; 0 takes a free one. */
export async function startGateway(port = 0): Promise<RecordingGateway> {
  const told: Told[] = [];
  let wake: (() => void) | undefined;
  const keep =
    (field: string, state: State) =>
    (_: unknown, args: Record<string, unknown>): object => {
      told.push({ field, args });
      wake?.();
      return { case: { state } };
    };
  const server = await serveSubgraph({
    host: "127.0.0.1",
    port,
    path: "/graphql",
    log: silent,
    access: { authorization: false },
    schema: buildServedSchema([
      {
        typeDefs: readSdl("agency"),
        rows: contractRows,
        resolvers: {
          DateTime,
          Mutation: {
            openCase: keep("openCase", "REGISTERED"),
            withdrawCase: keep("withdrawCase", "WITHDRAWN"),
            advanceCase: keep("advanceCase", "RETURNED"),
          },
        },
      },
    ]),
    context: () => ({}),
    ready: () => Promise.resolve(),
  });
  return {
    url: `${server.url}/graphql`,
    told,
    hasBeenTold: async (count) => {
      while (told.length < count) await new Promise<void>((resolve) => (wake = resolve));
    },
    close: () => server.close(),
  };
}

async function insertDirectory(database: Database): Promise<void> {
  for (const agency of AGENCIES)
    await database.query(
      `insert into agency (code, legacy_code, name, kind, level) values ($1, $2, $3, $4, $5)
       on conflict do nothing`,
      agency,
    );
  for (const [procedure, agency, name, total, legs] of ROUTES)
    await database.query(
      `insert into route (procedure_code, agency_code, procedure_name, total_days, legs) values ($1, $2, $3, $4, $5)
       on conflict do nothing`,
      [procedure, agency, name, total, JSON.stringify(legs)],
    );
}

async function statementsOf(databaseName: string, work: () => Promise<unknown>): Promise<string[]> {
  const texts: string[] = [];
  const listen = (message: unknown): void => {
    const { database, text } = message as { database: string; text: string };
    if (database === databaseName && !text.includes("outbox")) texts.push(text);
  };
  subscribe("lienthong:sql", listen);
  try {
    await work();
  } finally {
    unsubscribe("lienthong:sql", listen);
  }
  return texts;
}
