/**
 * The contract's resolvers over the store, for graphql-js.
 */
import { buildSubgraphSchema } from "@apollo/subgraph";
import { type GraphQLSchema, parse } from "graphql";
import { CONTRACT } from "../../../conformance/contract.ts";
import type { Faulty } from "./faults.ts";
import { type CaseFilter, listCases, listProcedures } from "./lists.ts";
import { Refusal } from "./refusal.ts";
import { dayOf, scalars } from "./scalars.ts";
import { type Case, CODE, PROCEDURES, Store } from "./store.ts";

const REVERSED = "000.00.30.H56";
const DOSSIER = /^[A-Z0-9.]{1,35}-(\d\d)(\d\d)(\d\d)-\d{4,9}$/;

type Keyed = { agencyCode: string; dossierCode: string; idempotencyKey: string };

export function sampleSchema(has: Faulty): GraphQLSchema {
  const store = new Store(has);
  const own = (code: unknown, oneSpelling: Parameters<Faulty>[0]): void => {
    if (code === CODE || (code === REVERSED && !has(oneSpelling)) || has("keys of others are answered"))
      return;
    if (typeof code !== "string" || !/^(\w{3}|[\w.]+\.\w{3}|\w{3}\.[\w.]+)$/.test(code))
      throw new Refusal("INVALID_AGENCY_CODE", { field: "agencyCode", value: String(code), allowed: CODE });
    throw new Refusal("UNKNOWN_AGENCY", { agency: code, allowed: CODE });
  };
  const find = (dossierCode: unknown): Case | null => {
    const found = store.cases.get(dossier(dossierCode)) ?? null;
    if (found === null && has("unknown keys are errors"))
      throw new Refusal("UNKNOWN_CASE", { agency: CODE, dossier: dossierCode });
    return found;
  };
  const procedure = (code: string) => {
    const short = /^(\d\.\d{6})(\.000\.00\.00)?(\.H\d\d)?$/.exec(code)?.[1];
    if (short === undefined)
      throw new Refusal("INVALID_PROCEDURE_CODE", { field: "code", value: code, allowed: "1.004222" });
    return (
      PROCEDURES.find((each) => each.code === (has("short procedure codes only") ? code : short)) ?? null
    );
  };
  /** A mutation of an existing case. */
  const change =
    <A extends Keyed>(name: string, effect: (args: A) => Case) =>
    async (_: unknown, { agencyCode, idempotencyKey, ...args }: A) => {
      own(agencyCode, "mutations know one spelling");
      dossier(args.dossierCode);
      if ("officerCode" in args && args.officerCode != null && !has("unknown officers act"))
        throw new Refusal("UNKNOWN_OFFICER", { officer: args.officerCode });
      if (!has("changes race"))
        return { case: await store.once(name, idempotencyKey, args, () => effect(args as unknown as A)) };
      const before = structuredClone(store.find(args.dossierCode));
      await store.meeting.meet();
      store.cases.set(args.dossierCode, before);
      return { case: structuredClone(effect(args as unknown as A)) };
    };

  const resolvers = {
    ...scalars(has),
    Query: {
      agencyCase: (_: unknown, { agencyCode, dossierCode }: Keyed) => {
        own(agencyCode, "fields know one spelling");
        return find(dossierCode);
      },
      procedure: (_: unknown, { agencyCode, code }: { agencyCode: string; code: string }) => {
        own(agencyCode, "fields know one spelling");
        return procedure(code);
      },
      procedures: (
        _: unknown,
        { agencies, ...args }: Parameters<typeof listProcedures>[0] & { agencies?: string[] | null },
      ) => {
        for (const code of agencies ?? []) own(code, "fields know one spelling");
        const isNobody = agencies?.length === 0 && !has("nobody means everybody");
        const found = listProcedures(args, has);
        return isNobody ? { ...found, edges: [], nodes: [], totalCount: 0 } : found;
      },
    },
    Mutation: {
      openCase: async (
        _: unknown,
        { agencyCode, idempotencyKey, input }: Keyed & { input: Record<string, never> },
      ) => {
        own(agencyCode, "mutations know one spelling");
        const { dossierCode, procedureCode, receivedAt, dueAt, personalId, taxCode } = input;
        dossier(dossierCode);
        const offered = procedure(procedureCode ?? "");
        const numbers = { personalId, taxCode } as Record<string, string | undefined>;
        if (numbers["personalId"] !== undefined && !/^\d{12}$/.test(numbers["personalId"]))
          throw new Refusal("INVALID_PERSONAL_ID", { field: "personalId", value: "…", allowed: "12 digits" });
        if (numbers["taxCode"] !== undefined && !/^[1-9]\d{9}$/.test(numbers["taxCode"]))
          throw new Refusal("INVALID_TAX_CODE", { field: "taxCode", value: "…", allowed: "10 digits" });
        return {
          case: await store.once("openCase", idempotencyKey, input, () =>
            store.open(dossierCode ?? "", offered?.code ?? "", receivedAt ?? Date.now(), dueAt),
          ),
        };
      },
      advanceCase: change<Keyed & { to: string }>("advanceCase", ({ dossierCode, to }) =>
        store.move(dossierCode, to),
      ),
      finishStep: change("finishStep", ({ dossierCode }) => store.finishStep(dossierCode)),
      requestSupplement: change<Keyed & { documents: string[]; reason: string }>(
        "requestSupplement",
        ({ dossierCode, documents, reason }) => {
          if (documents.length === 0 && !has("supplements of nothing"))
            throw new Refusal("INVALID_INPUT", { field: "documents", value: "[]", allowed: "at least one" });
          const moved = store.move(dossierCode, "AWAITING_SUPPLEMENT", reason);
          moved.supplements.push({ documents, reason, requestedAt: Date.now(), receivedAt: null });
          return moved;
        },
      ),
      receiveSupplement: change("receiveSupplement", ({ dossierCode }) => {
        const found = store.find(dossierCode);
        const moved = store.move(dossierCode, found.resume ?? "the state before a supplement");
        const last = moved.supplements.at(-1);
        if (last !== undefined && !has("supplements do not arrive")) last.receivedAt = Date.now();
        return moved;
      }),
      withdrawCase: change<Keyed & { reason?: string | null }>("withdrawCase", ({ dossierCode, reason }) => {
        if (reason != null && (reason.length > 500 || /[\p{Cc}\p{Cs}]/u.test(reason)))
          throw new Refusal("INVALID_INPUT", { field: "reason", value: "…", allowed: "1 to 500 characters" });
        return store.move(dossierCode, "WITHDRAWN", reason ?? null);
      }),
      completeCase: change<Keyed & { result: { number: string; summary: string } }>(
        "completeCase",
        ({ dossierCode, result }) => {
          const moved = store.move(dossierCode, "COMPLETED");
          moved.result = has("results are lost") ? null : { ...result, issuedAt: Date.now() };
          return moved;
        },
      ),
      apologiseForDelay: change<Keyed & { reason: string; newDueAt: number }>(
        "apologiseForDelay",
        ({ dossierCode, reason, newDueAt }) => {
          const found = store.find(dossierCode);
          if (found.delay !== null && !has("any number of apologies"))
            throw new Refusal("DELAY_ALREADY_SET", { until: found.dueAt });
          if (newDueAt <= found.dueAt)
            throw new Refusal("INVALID_INPUT", { field: "newDueAt", value: newDueAt, allowed: "later" });
          found.delay = { reason, apologisedAt: Date.now(), previousDueAt: found.dueAt };
          found.dueAt = newDueAt;
          return found;
        },
      ),
    },
    Agency: {
      __resolveReference: ({ code }: { code: string }) => {
        own(code, "entities know one spelling");
        return { code: CODE };
      },
      procedures: (_: unknown, args: Parameters<typeof listProcedures>[0]) => listProcedures(args, has),
      cases: (_: unknown, { filter, ...page }: { filter?: CaseFilter | null }) =>
        listCases(store.cases.values(), filter ?? {}, page, has),
    },
    ProcedureConnection: {
      edges: ({ edges }: { edges: unknown }) => {
        if (has("a list's field fails")) throw new Error("no edges");
        return edges;
      },
    },
    Procedure: {
      __resolveReference: ({ agencyCode, code }: { agencyCode: string; code: string }) => {
        own(agencyCode, "entities know one spelling");
        return has("procedures are no entities") ? null : procedure(code);
      },
      agencyCode: () => CODE,
      agency: () => ({ code: CODE }),
      level: () => "PROVINCE",
      statutoryDuration: () => ({ amount: 10, unit: "WORKING_DAY" }),
      committedDuration: () => ({ amount: 7.5, unit: "WORKING_DAY" }),
      fee: () => 0,
      onlineLevel: () => "FULL",
      oneStopKind: () => "ONE_STOP",
      requiredDocuments: () => [{ name: "Tờ khai", originals: 1, copies: 0, optional: false }],
      steps: ({ steps }: { steps: string[] }) =>
        steps.map((name, index) => ({ order: index + 1, name, role: "Chuyên viên", hours: 4 })),
      publication: () => ({ decision: "1/QĐ-UBND", issuedOn: "2025-06-20", validFrom: "2025-07-01" }),
    },
    AgencyCase: {
      __resolveReference: ({ agencyCode, dossierCode }: Keyed) => {
        own(agencyCode, "entities know one spelling");
        return find(dossierCode);
      },
      agencyCode: () => CODE,
      agency: () => ({ code: CODE }),
      dossier: ({ dossierCode }: Case) => {
        if (has("a case's field fails")) throw new Error("no dossier");
        return { code: dossierCode };
      },
      procedure: ({ procedureCode }: Case) => procedure(procedureCode),
      allowedStates: (row: Case) => store.allowed(row),
      isOverdue: ({ dueAt, finishedAt }: Case) => {
        const end = finishedAt ?? Date.now();
        return has("overdue by the hour") ? end > dueAt : dayOf(end) > dayOf(dueAt);
      },
    },
  };
  return buildSubgraphSchema([{ typeDefs: parse(CONTRACT), resolvers: resolvers as never }]);
}

function dossier(code: unknown): string {
  const [text, year, month, day] = (typeof code === "string" ? DOSSIER.exec(code) : null) ?? [];
  if (text !== undefined && !Number.isNaN(Date.parse(`20${year}-${month}-${day}T00:00:00Z`))) return text;
  throw new Refusal("INVALID_DOSSIER_CODE", {
    field: "dossierCode",
    value: "…",
    allowed: `${CODE}-240823-0001`,
  });
}
