/**
 * The contract (schema/agency.graphql) for one agency: what every member of the partition answers.
 */
import { type Day, dayOf, instantOf, isLate, plusDays } from "../calendar.ts";
import { toConnection } from "../connection.ts";
import { parseDossierCode, parseProcedureCode } from "../identifiers.ts";
import { CalendarDate, DateTime, Money } from "../scalars.ts";
import { NO_PROCEDURES } from "../sources/procedure-page.ts";
import { allowedMoves } from "../states.ts";
import * as cases from "./cases.ts";
import {
  type Agency,
  type AgencyLoaders,
  type CaseConnection,
  type DurationValue,
  requireOwn,
} from "./context.ts";
import type { Resolvers } from "./generated.ts";
import { caseAudience } from "./row-rules.ts";
import type { CaseSearch, OfficerRow, ProcedureRow, ProcedureSearch } from "./rows.ts";

export const contractResolvers: Resolvers = {
  DateTime,
  Date: CalendarDate,
  Money,

  Query: {
    agencyCase: (_, { agencyCode, dossierCode }, { agency, loaders }) => {
      requireOwn(agency, agencyCode);
      return loaders.cases.load(parseDossierCode(dossierCode));
    },
    procedure: (_, { agencyCode, code }, { agency, loaders }) => {
      requireOwn(agency, agencyCode);
      return loaders.procedures.load(parseProcedureCode(code, "code"));
    },
    procedures: (_, { agencies, search, field, onlineLevel, ...page }, { agency }) => {
      for (const code of agencies ?? []) requireOwn(agency, code);
      if (agencies?.length === 0) return NO_PROCEDURES;
      return agency.source.searchProcedures(searchOf(search, field, onlineLevel), page);
    },
  },

  Mutation: {
    openCase: (_, args, { agency }) => cases.openCase(agency, keyed(agency, "openCase", args), args.input),
    advanceCase: (_, args, { agency }) => cases.advanceCase(agency, keyed(agency, "advanceCase", args), args),
    finishStep: (_, args, { agency }) => cases.finishStep(agency, keyed(agency, "finishStep", args), args),
    requestSupplement: (_, args, { agency }) =>
      cases.requestSupplement(agency, keyed(agency, "requestSupplement", args), args),
    receiveSupplement: (_, args, { agency }) =>
      cases.receiveSupplement(agency, keyed(agency, "receiveSupplement", args), args),
    withdrawCase: (_, args, { agency }) =>
      cases.withdrawCase(agency, keyed(agency, "withdrawCase", args), args),
    completeCase: (_, args, { agency }) =>
      cases.completeCase(agency, keyed(agency, "completeCase", args), args),
    apologiseForDelay: (_, args, { agency }) =>
      cases.apologiseForDelay(agency, keyed(agency, "apologiseForDelay", args), args),
  },

  Agency: {
    __resolveReference: ({ code }, { agency }) => {
      requireOwn(agency, code);
      return { code: agency.code };
    },
    procedures: (_, { search, field, onlineLevel, ...page }, { agency }) =>
      agency.source.searchProcedures(searchOf(search, field, onlineLevel), page),
    cases: (_, { filter, ...page }, { agency, identity }) => {
      const audience = caseAudience(identity, agency.code);
      if (audience === undefined) return NO_CASES;
      if (audience.kind === "applicant" && !agency.source.listsByApplicant) return NO_CASES;
      const today = dayOf(new Date());
      const search: CaseSearch = {
        audience,
        states: filter?.states ?? undefined,
        procedureCode:
          filter?.procedureCode == null
            ? undefined
            : parseProcedureCode(filter.procedureCode, "filter.procedureCode"),
        from: startOf(filter?.receivedFrom),
        before: startOf(filter?.receivedTo == null ? null : plusDays(filter.receivedTo, 1)),
        overdue: filter?.overdue ?? undefined,
        today: instantOf(today),
      };
      return agency.source.searchCases(search, page);
    },
  },

  ProcedureConnection: {
    totalCount: ({ total }) => total(),
  },

  Procedure: {
    __resolveReference: ({ agencyCode, code }, { agency, loaders }) => {
      requireOwn(agency, agencyCode);
      return loaders.procedures.load(parseProcedureCode(code, "code"));
    },
    agencyCode: (_row, _, { agency }) => agency.code,
    agency: (_row, _, { agency }) => ({ code: agency.code }),
    statutoryDuration: (row) => duration(row, row.statutoryDays),
    committedDuration: (row) => duration(row, row.committedDays),
    onlineDuration: (row) => (row.onlineDays === null ? null : duration(row, row.onlineDays)),
    requiredDocuments: (row) => row.documents,
    steps: (row) => row.steps.map((step, index) => ({ order: index + 1, ...step })),
    publication: (row) => ({
      decision: row.decision,
      issuedOn: row.issuedOn,
      validFrom: row.validFrom,
      validTo: row.validTo,
    }),
  },

  AgencyCase: {
    __resolveReference: ({ agencyCode, dossierCode }, { agency, loaders }) => {
      requireOwn(agency, agencyCode);
      return loaders.cases.load(parseDossierCode(dossierCode));
    },
    agencyCode: (_row, _, { agency }) => agency.code,
    agency: (_row, _, { agency }) => ({ code: agency.code }),
    dossier: (row) => ({ code: row.dossierCode }),
    procedure: async (row, _, { loaders }) => {
      const procedure = await loaders.procedures.load(row.procedureCode);
      if (procedure !== null) return procedure;
      throw new Error(
        `the procedure ${row.procedureCode} of case ${row.dossierCode} is not among the agency's`,
      );
    },
    allowedStates: (row) => [...allowedMoves(row.state, row.resumeState)],
    isOverdue: (row) => isLate(row.dueAt, row.finishedAt),
    delay: (row) =>
      row.delayReason === null || row.delayApologisedAt === null || row.delayPreviousDueAt === null
        ? null
        : {
            reason: row.delayReason,
            apologisedAt: row.delayApologisedAt,
            previousDueAt: row.delayPreviousDueAt,
          },
    officer: (row, _, { loaders }) => officer(loaders, row.officerCode),
    steps: (row) => row.steps.map((step, index) => ({ order: index + 1, ...step })),
    events: (row, _, { loaders }) => loaders.events.load(row),
    supplements: (row) =>
      row.supplements.map(({ documents, reason, requestedAt, receivedAt }) => ({
        documents: [...documents],
        reason,
        requestedAt: new Date(requestedAt),
        receivedAt: receivedAt === null ? null : new Date(receivedAt),
      })),
    result: (row) =>
      row.resultNumber === null || row.resultSummary === null || row.resultIssuedAt === null
        ? null
        : { number: row.resultNumber, summary: row.resultSummary, issuedAt: row.resultIssuedAt },
  },

  CaseStep: {
    officer: (step, _, { loaders }) => officer(loaders, step.officer),
    startedAt: (step) => (step.startedAt === null ? null : new Date(step.startedAt)),
    finishedAt: (step) => (step.finishedAt === null ? null : new Date(step.finishedAt)),
  },

  CaseEvent: {
    officer: (event, _, { loaders }) => officer(loaders, event.officerCode),
  },
};

const NO_CASES: CaseConnection = toConnection([], 0, () => []);

type Given = string | null | undefined;

function searchOf(search: Given, field: Given, onlineLevel: Given): ProcedureSearch {
  return {
    text: search == null || search.trim() === "" ? undefined : search,
    field: field ?? undefined,
    onlineLevel: onlineLevel ?? undefined,
  };
}

function keyed(agency: Agency, operation: string, args: { agencyCode: string; idempotencyKey: string }) {
  requireOwn(agency, args.agencyCode);
  // The agency code is left out of the comparison: both of its spellings are the same request.
  const { agencyCode: _, idempotencyKey, ...rest } = args;
  return { key: idempotencyKey, operation, args: rest };
}

function startOf(day: Day | null | undefined): Date | undefined {
  return day == null ? undefined : instantOf(day);
}

function duration(row: ProcedureRow, amount: number): DurationValue {
  return { amount, unit: row.calendarDays ? "CALENDAR_DAY" : "WORKING_DAY" };
}

function officer(loaders: AgencyLoaders, code: string | null): Promise<OfficerRow | null> | null {
  return code === null ? null : loaders.officers.load(code);
}
