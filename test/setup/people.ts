/**
 * People of the sample's roles, and an agency's subgraph over its own database that is asked by them: its schema and
 * context without the way there, which tells the subgraph who asks.
 */
import { execute, type GraphQLSchema, parse } from "graphql";
import { createAgencyLoaders } from "../../subgraphs/kit/agency/context.ts";
import { contractResolvers } from "../../subgraphs/kit/agency/resolvers.ts";
import { contractRows } from "../../subgraphs/kit/agency/row-rules.ts";
import type { OwnPart } from "../../subgraphs/kit/agency/serve.ts";
import type { SourceKind } from "../../subgraphs/kit/agency/source.ts";
import { WorkingCalendar } from "../../subgraphs/kit/calendar.ts";
import { openDatabase } from "../../subgraphs/kit/database.ts";
import { AgencyError } from "../../subgraphs/kit/errors.ts";
import { ANONYMOUS, type Identity } from "../../subgraphs/kit/identity.ts";
import { NO_OUTBOX } from "../../subgraphs/kit/outbox.ts";
import { buildServedSchema, readSdl } from "../../subgraphs/kit/sdl.ts";
import { tablesSource } from "../../subgraphs/kit/sources/tables/source.ts";
import type { Database } from "../../process/database.ts";
import { dropDatabase, freshDatabaseUrl } from "./database.ts";

/** Somebody of one role. */
export function who(role: string, more: Partial<Identity> = {}): Identity {
  return { ...ANONYMOUS, isAuthenticated: true, roles: new Set([role]), ...more };
}

export const NOBODY = ANONYMOUS;
export const CENTER = who("center-officer");
export const CENTER_SYSTEM = who("center-system");
export const AUDITOR = who("auditor");
export const citizen = (personalId: string): Identity => who("citizen", { subject: personalId });
export const business = (taxCode: string): Identity => who("business", { subject: taxCode });
export const officer = (organisation: string): Identity => who("agency-officer", { organisation });
export const system = (organisation: string): Identity => who("agency-system", { organisation });

export interface Told {
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are compared as a whole with what is expected
  readonly data: any;
  /** Codes of the subgraphs' error table. */
  readonly codes: readonly string[];
}

export type Ask = (identity: Identity, query: string, variables?: Record<string, unknown>) => Promise<Told>;

/** Asks a schema, with a context made anew for each question. */
export function asking(schema: GraphQLSchema, contextOf: (identity: Identity) => object): Ask {
  return async (identity, query, variableValues = {}) => {
    const { data, errors = [] } = await execute({
      schema,
      document: parse(query),
      variableValues,
      contextValue: { ...contextOf(identity), identity, language: "en" },
    });
    return {
      data: JSON.parse(JSON.stringify(data ?? null)),
      codes: errors.map(({ originalError, message }) =>
        originalError instanceof AgencyError ? (originalError as AgencyError).code : message,
      ),
    };
  };
}

export interface OpenAgency {
  readonly database: Database;
  readonly ask: Ask;
  readonly close: () => Promise<void>;
}

/** An agency with a database of its own, and no messages to the centre. */
export async function openAgency(own: OwnPart, code: string): Promise<OpenAgency> {
  const databaseUrl = freshDatabaseUrl();
  const opened = await openSource(tablesSource, own, code, databaseUrl);
  return {
    ...opened,
    close: async () => {
      await opened.close();
      await dropDatabase(databaseUrl);
    },
  };
}

/** An agency whose procedures and cases are where `kind` finds them. */
export async function openSource(
  kind: SourceKind,
  own: OwnPart | undefined,
  code: string,
  databaseUrl: string,
): Promise<OpenAgency> {
  await kind.prepare({ code, databaseUrl, ownMigrations: own?.migrations });
  const url = kind.connection?.(databaseUrl) ?? databaseUrl;
  const database = openDatabase(url, 4);
  const calendar = new WorkingCalendar();
  const source = kind.open({ code, databaseUrl: url, database, calendar });
  const agency = { code, source, database, calendar, outbox: NO_OUTBOX };
  const schema = buildServedSchema([
    { typeDefs: readSdl("agency"), resolvers: contractResolvers, rows: contractRows },
    ...(own === undefined ? [] : [{ typeDefs: readSdl(own.sdl), resolvers: own.resolvers, rows: own.rows }]),
  ]);
  return {
    database,
    ask: asking(schema, () => ({
      agency,
      loaders: createAgencyLoaders(source),
      ...own?.loaders(database),
    })),
    close: async () => {
      await source.close();
      await database.close();
    },
  };
}
