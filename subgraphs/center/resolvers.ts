/**
 * The centre's part of the graph (schema/center.graphql).
 */
import { maskText } from "../../process/mask.ts";
import { type Day, dayOf, instantOf, isLate, plusDays } from "../kit/calendar.ts";
import { type Page, type PageArguments, readPage, toConnection } from "../kit/connection.ts";
import { AgencyError } from "../kit/errors.ts";
import type { KeyedRequest } from "../kit/idempotency.ts";
import {
  parseAgencyCode,
  parseDossierCode,
  parsePersonalId,
  parseProcedureCode,
  parseTaxCode,
} from "../kit/identifiers.ts";
import { CalendarDate, DateTime, Money } from "../kit/scalars.ts";
import type { CenterLoaders, CenterRequest, DossierConnection, DossierValue } from "./context.ts";
import * as dossiers from "./dossiers.ts";
import type { DossierFilter, Resolvers } from "./generated.ts";
import { audienceOf, seeDossier, seeNoDossier } from "./row-rules.ts";
import { receiveDossier } from "./reception.ts";
import * as directory from "./directory.ts";
import * as sql from "./sql.ts";
import { type CombinedStatus, combineStatus } from "./status.ts";

export const centerResolvers: Resolvers = {
  DateTime,
  Date: CalendarDate,
  Money,

  Query: {
    dossier: (_, { code }, request) => lookUpDossier(code, request),
    dossiers: async (_, { filter, ...args }, { center, identity }) => {
      const page = readDossierPage(args);
      return toDossierConnection(
        await sql.searchDossiers(center.database, readFilter(filter ?? {}, audienceOf(identity)), page),
        page,
      );
    },
    trackDossier: (_, { code }, { loaders }) => findDossier(code, loaders),
    agencies: (_, { kind }, { center }) =>
      directory.listAgencies(center.database, kind == null ? undefined : [kind]),
    agency: (_, { code }, { loaders }) => loaders.agencies.load(parseAgencyCode(code, "code")),
    administrativeUnits: (_, { on, level }, { center }) =>
      directory.listAdministrativeUnits(center.database, on ?? dayOf(new Date()), level ?? undefined),
    dossierStatistics: (_, { from, to, agencyCode }, { center }) => {
      if (from > to)
        throw new AgencyError("INVALID_INPUT", { field: "to", value: to, allowed: `${from} or later` });
      const agency = agencyCode == null ? undefined : parseAgencyCode(agencyCode);
      return sql.countDossiers(
        center.database,
        instantOf(from),
        instantOf(plusDays(to, 1)),
        startOfToday(),
        agency,
      );
    },
  },

  Mutation: {
    receiveDossier: (_, args, { center }) =>
      receiveDossier(center, keyed("receiveDossier", args), args.input),
    withdrawDossier: (_, args, { center }) =>
      dossiers.withdrawDossier(center, keyed("withdrawDossier", args), args),
    completeDossier: (_, args, { center }) =>
      dossiers.completeDossier(center, keyed("completeDossier", args), args),
    returnResult: (_, args, { center }) =>
      dossiers.returnResult(center, keyed("returnResult", args), {
        ...args,
        channel: args.channel ?? "COUNTER",
      }),
    reportCase: (_, args, { center }) => dossiers.reportCase(center, keyed("reportCase", args), args),
  },

  Subscription: {
    dossierChanged: {
      subscribe: async (_, { code }, request) => {
        const { center, identity } = request;
        const dossier = await lookUpDossier(code, request);
        // That something has happened tells that there is one.
        const isSeen =
          dossier !== null && (identity.seesEverything || (await seeDossier(dossier, identity, request)));
        if (dossier === null || isSeen === false)
          throw new AgencyError("UNKNOWN_DOSSIER", { dossier: parseDossierCode(code, "code") });
        return center.changes.listen(dossier.code);
      },
      resolve: (code: string, _: unknown, { loaders }: CenterRequest) => loaders.dossiers.load(code),
    },
  },

  Dossier: {
    __resolveReference: async (reference, { loaders }) => {
      const row = await loaders.dossiers.load(reference.code);
      return row === null ? null : { ...row, ...liveCasesOf(reference) };
    },
    procedure: (row) => ({ agencyCode: row.agencyCode, code: row.procedureCode }),
    leadAgency: (row, _, { loaders }) => requireAgency(row.agencyCode, loaders),
    applicant: (row) => row,
    status: async (row, _, request) => (await combined(row, request)).status,
    statusWithout: async (row, _, request) => (await combined(row, request)).without,
    isOverdue: (row) => isLate(row.dueAt, row.finishedAt),
    receipt: (row) => row,
    legs: async (row, _, { loaders }) =>
      (await loaders.legs.load(row.id)).map((leg) => ({ ...leg, dossierCode: row.code })),
    result: (row) => (row.resultNumber === null ? null : row),
    events: (row, _, { loaders }) => loaders.events.load(row.id),
  },

  DossierLeg: {
    agency: (leg, _, { loaders }) => requireAgency(leg.agencyCode, loaders),
    case: (leg) =>
      leg.openedAt === null ? null : { agencyCode: leg.agencyCode, dossierCode: leg.dossierCode },
  },

  Applicant: {
    kind: (row) => row.applicantKind,
    name: (row) => row.applicantName,
    phone: (row) => row.applicantPhone,
    address: (row) => row.applicantAddress,
    citizen: ({ applicantKind, personalId }) =>
      applicantKind === "CITIZEN" && personalId !== null ? { personalId } : null,
    business: ({ applicantKind, taxCode }) =>
      applicantKind === "BUSINESS" && taxCode !== null ? { taxCode } : null,
  },

  Citizen: {
    __resolveReference: ({ personalId }) => ({ personalId }),
    dossiers: async ({ personalId }, args, { loaders }) => {
      const page = readDossierPage(args);
      return toDossierConnection(await loaders.citizenDossiers.load({ applicant: personalId, page }), page);
    },
  },

  Business: {
    __resolveReference: ({ taxCode }) => ({ taxCode }),
    dossiers: async ({ taxCode }, args, { loaders }) => {
      const page = readDossierPage(args);
      return toDossierConnection(await loaders.businessDossiers.load({ applicant: taxCode, page }), page);
    },
  },

  Receipt: {
    number: (row) => row.code,
    issuedAt: (row) => row.receivedAt,
    returnPlace: async (row, _, { loaders }) => {
      const center = await loaders.agencyOfKind.load("CENTER");
      return (center ?? (await requireAgency(row.agencyCode, loaders))).name;
    },
  },

  DossierResult: {
    number: (row) => row.resultNumber ?? "",
    summary: (row) => row.resultSummary ?? "",
    receivedBy: (row) => row.returnedTo,
  },

  DossierTracking: {
    // As the SDL says of it: no gateway needs the rest.
    maskedApplicantName: (row) => maskText(row.applicantName, 3),
    isOverdue: (row) => isLate(row.dueAt, row.finishedAt),
  },

  Agency: {
    __resolveReference: ({ code }, { loaders }) => loaders.agencies.load(code),
  },

  AgencyCase: {
    __resolveReference: ({ agencyCode, dossierCode }) => ({ agencyCode, dossierCode }),
  },

  Procedure: {
    __resolveReference: ({ agencyCode, code }) => ({ agencyCode, code }),
    route: (key, _, { loaders }) => loaders.routes.load(key),
  },

  ProcedureRoute: {
    legs: ({ legs }) =>
      legs.map(({ agency, procedure, days, dependsOn }, index) => ({
        order: index + 1,
        dependsOn,
        agencyCode: agency,
        procedureCode: procedure,
        days,
      })),
  },

  RouteLeg: {
    dependsOn: (leg) => [...leg.dependsOn],
    agency: (leg, _, { loaders }) => requireAgency(leg.agencyCode, loaders),
  },
};

/** By code or legacy code; null when unknown. @throws AgencyError INVALID_DOSSIER_CODE for what is neither */
async function findDossier(given: string, loaders: CenterLoaders): Promise<sql.DossierRow | null> {
  const row = await loaders.dossiers.load(dossiers.lookupKey(given));
  if (row === null) parseDossierCode(given, "code");
  return row;
}

/** For whoever may not see every dossier: what is not there costs what is not shown costs. */
async function lookUpDossier(given: string, request: CenterRequest): Promise<sql.DossierRow | null> {
  const row = await findDossier(given, request.loaders);
  if (row === null) await seeNoDossier(request.identity, request);
  return row;
}

/** The directory never loses an agency that has had dossiers. */
async function requireAgency(code: string, loaders: CenterLoaders): Promise<directory.AgencyRow> {
  const agency = await loaders.agencies.load(code);
  if (agency === null) throw new Error(`the directory has no agency ${code}`);
  return agency;
}

/** What the gateway sends along for `status` (`@requires`); an agency that failed leaves null anywhere on the way. */
function liveCasesOf(reference: object): Pick<DossierValue, "liveCases"> {
  const { legs } = reference as {
    legs?: readonly ({ case?: { state?: sql.DossierRow["state"] } | null } | null)[];
  };
  if (legs === undefined) return {};
  return {
    liveCases: legs.map((leg) => (leg?.case?.state == null ? null : { state: leg.case.state })),
  };
}

async function combined(dossier: DossierValue, { loaders }: CenterRequest): Promise<CombinedStatus> {
  if (dossier.liveCases === undefined) throw new AgencyError("LIVE_CASES_MISSING", { dossier: dossier.code });
  return combineStatus(dossier.state, await loaders.legs.load(dossier.id), dossier.liveCases);
}

/** @throws AgencyError INVALID_INPUT, INVALID_CURSOR */
function readDossierPage(args: PageArguments): Page {
  // Time of reception in microseconds since 1970, and code.
  return readPage(args, [/^\d{1,16}$/, /^\d{1,16}$/]);
}

function toDossierConnection(rows: readonly sql.DossierRow[], page: Page): DossierConnection {
  return toConnection(rows, page.limit, (row) => [row.receivedKey, String(row.id)]);
}

function readFilter(filter: DossierFilter, audience: sql.DossierAudience): sql.DossierSearch {
  return {
    audience,
    states: filter.states ?? undefined,
    agencyCode: read(filter.agencyCode, (code) => parseAgencyCode(code, "filter.agencyCode")),
    procedureCode: read(filter.procedureCode, (code) => parseProcedureCode(code, "filter.procedureCode")),
    from: read(filter.receivedFrom, (day: Day) => instantOf(day)),
    before: read(filter.receivedTo, (day: Day) => instantOf(plusDays(day, 1))),
    overdue: filter.overdue ?? undefined,
    today: startOfToday(),
    personalId: read(filter.personalId, (id) => parsePersonalId(id, "filter.personalId")),
    taxCode: read(filter.taxCode, (code) => parseTaxCode(code, "filter.taxCode")),
  };
}

function read<T, U>(value: T | null | undefined, parse: (value: T) => U): U | undefined {
  return value == null ? undefined : parse(value);
}

function startOfToday(): Date {
  return instantOf(dayOf(new Date()));
}

function keyed(operation: string, { idempotencyKey, ...args }: { idempotencyKey: string }): KeyedRequest {
  return { key: idempotencyKey, operation, args };
}
