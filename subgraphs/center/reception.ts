/**
 * Reception of a dossier (tiếp nhận hồ sơ): everything is checked and every fault told at once; then, in one
 * transaction, the code is issued, the legs planned, and the agencies that can begin told.
 */
import { dayOf, plusDays } from "../kit/calendar.ts";
import type { Queryable } from "../../process/database.ts";
import { AgencyError } from "../kit/errors.ts";
import { type KeyedRequest, once } from "../kit/idempotency.ts";
import {
  formatDossierCode,
  parseAgencyCode,
  parsePersonalId,
  parseProcedureCode,
  parseTaxCode,
} from "../kit/identifiers.ts";
import { enqueue } from "../kit/outbox.ts";
import { formatInstant } from "../kit/scalars.ts";
import { parseText } from "../kit/text.ts";
import type { Center, DossierPayload } from "./context.ts";
import type { ApplicantInput, ReceiveDossierInput } from "./generated.ts";
import { openCase } from "./messages.ts";
import { planDossier } from "./routing.ts";
import * as directory from "./directory.ts";
import * as sql from "./sql.ts";

/** A paper dossier is entered by then, even after the longest holidays. */
const OLDEST_DAYS = 30;
const DEFAULT_RECEIVER = "Trung tâm Phục vụ hành chính công";

type Checked = Omit<
  sql.NewDossier,
  "code" | "state" | "dueAt" | "procedureCode" | "procedureName" | "agencyCode"
> & {
  readonly route: directory.RouteRow;
};

/**
 * Receives a dossier.
 * @throws AgencyError INVALID_INPUT, INVALID_…, UNKNOWN_PROCEDURE, UNKNOWN_AGENCY, or SEVERAL_FAULTS with all of them
 */
export async function receiveDossier(
  center: Center,
  request: KeyedRequest,
  input: ReceiveDossierInput,
): Promise<DossierPayload> {
  // Checked inside: a repetition gets its first answer even when it would no longer pass, a month later.
  const payload = await once(center.database, request, async (tx) => {
    const { route, ...checked } = await check(tx, input, new Date());
    const plan = planDossier(route, checked.receivedAt, center.calendar);
    const day = dayOf(checked.receivedAt);
    const order = await sql.takeOrder(tx, route.agencyCode, day);
    const dossier = await sql.insertDossier(tx, {
      ...checked,
      code: formatDossierCode(route.agencyCode, day, order),
      procedureCode: route.procedureCode,
      procedureName: route.procedureName,
      agencyCode: route.agencyCode,
      state: "ACCEPTED",
      dueAt: plan.dueAt,
    });
    await sql.insertLegs(tx, dossier.id, plan.legs);
    await sql.insertEvent(tx, {
      dossierId: dossier.id,
      at: dossier.receivedAt,
      from: null,
      to: dossier.state,
      note: null,
    });
    for (const leg of plan.legs) if (leg.openedAt !== null) await enqueue(tx, openCase(dossier, leg));
    return { dossier };
  });
  await center.outbox.flush(1_000);
  return payload;
}

/** Reads a part after another, and keeps what is wrong with each. */
class Faults {
  readonly list: AgencyError[] = [];

  read<T>(parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof AgencyError)) throw error;
      this.list.push(error);
      return undefined;
    }
  }

  /** Null for what was not given, or is wrong. */
  optional<T>(value: string | null | undefined, parse: (text: string) => T): T | null {
    return value == null ? null : (this.read(() => parse(value)) ?? null);
  }

  /** All faults as one. */
  toError(): AgencyError {
    const [only, ...others] = this.list;
    if (only !== undefined && others.length === 0) return only;
    const faults = this.list.map(({ code, parameters }) => ({ code, ...parameters }));
    return new AgencyError("SEVERAL_FAULTS", { faults });
  }
}

async function check(tx: Queryable, input: ReceiveDossierInput, now: Date): Promise<Checked> {
  const faults = new Faults();
  const applicant = checkApplicant(input.applicant, faults);
  const documents = (input.documents ?? []).flatMap(
    (name, index) => faults.read(() => parseText(name, `input.documents[${index}]`)) ?? [],
  );
  const receivedBy = faults.optional(input.receivedBy, (text) => parseText(text, "input.receivedBy", 200));
  const receivedAt = faults.read(() => checkReceivedAt(input.receivedAt ?? now, now));
  const route = await checkRoute(tx, input, faults);
  if (faults.list.length > 0 || route === undefined || receivedAt === undefined) throw faults.toError();
  return {
    ...applicant,
    route,
    channel: input.channel ?? "COUNTER",
    receivedAt,
    receivedBy: receivedBy ?? DEFAULT_RECEIVER,
    documents,
  };
}

function checkApplicant({ kind, ...given }: ApplicantInput, faults: Faults) {
  // An absent number that the kind of applicant needs is read as an empty one, to be told like any wrong one.
  const personalId = given.personalId ?? (kind === "CITIZEN" ? "" : null);
  const taxCode = given.taxCode ?? (kind === "BUSINESS" ? "" : null);
  return {
    applicantKind: kind,
    applicantName: faults.read(() => parseText(given.name, "input.applicant.name", 200)) ?? "",
    personalId: faults.optional(personalId, (text) => parsePersonalId(text, "input.applicant.personalId")),
    taxCode: faults.optional(taxCode, (text) => parseTaxCode(text, "input.applicant.taxCode")),
    applicantPhone: faults.optional(given.phone, (text) => parseText(text, "input.applicant.phone", 30)),
    applicantAddress: faults.optional(given.address, (text) => parseText(text, "input.applicant.address")),
  };
}

/** The route by which the dossier will travel, where procedure and agency are well-formed. */
async function checkRoute(
  tx: Queryable,
  input: ReceiveDossierInput,
  faults: Faults,
): Promise<directory.RouteRow | undefined> {
  const procedure = faults.read(() => parseProcedureCode(input.procedureCode, "input.procedureCode"));
  const agency = faults.optional(input.agencyCode, (text) => parseAgencyCode(text, "input.agencyCode"));
  if (procedure === undefined || (agency === null && input.agencyCode != null)) return undefined;
  const routes = await directory.findRoutesOf(tx, procedure);
  const nearby = routes.length === 0 ? await directory.findProcedureCodesNear(tx, procedure) : [];
  const [known] = agency === null ? [] : await directory.findAgencies(tx, [agency]);
  return faults.read(() => chooseRoute(procedure, routes, nearby, agency, known !== undefined));
}

function checkReceivedAt(at: Date, now: Date): Date {
  const oldest = plusDays(dayOf(now), -OLDEST_DAYS);
  if (at <= now && dayOf(at) >= oldest) return at;
  throw new AgencyError("INVALID_INPUT", {
    field: "input.receivedAt",
    value: formatInstant(at),
    allowed: `from ${oldest} to now`,
  });
}

function chooseRoute(
  procedure: string,
  routes: readonly directory.RouteRow[],
  nearby: readonly string[],
  agency: string | null,
  isAgencyKnown: boolean,
): directory.RouteRow {
  const offering = routes.map((route) => route.agencyCode).join(", ");
  const [only] = routes;
  if (only === undefined)
    throw new AgencyError("UNKNOWN_PROCEDURE", {
      procedure,
      allowed: nearby.length > 0 ? `close codes: ${nearby.join(", ")}` : "no procedure is",
    });
  if (agency === null) {
    if (routes.length === 1) return only;
    throw new AgencyError("INVALID_INPUT", { field: "input.agencyCode", value: "", allowed: offering });
  }
  const route = routes.find((each) => each.agencyCode === agency);
  if (route !== undefined) return route;
  if (!isAgencyKnown) throw new AgencyError("UNKNOWN_AGENCY", { agency, allowed: offering });
  throw new AgencyError("UNKNOWN_PROCEDURE", {
    procedure: `${procedure} (${agency})`,
    allowed: `offered by: ${offering}`,
  });
}
