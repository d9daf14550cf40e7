/**
 * Turns the sample province's catalogue and dossiers into rows of the centre's tables.
 */
import { AGENCIES } from "../../province/catalogue/agencies.ts";
import { ADMINISTRATIVE_UNITS } from "../../province/catalogue/places.ts";
import { ROUTES, type RouteLeg } from "../../province/catalogue/routes.ts";
import type { CounterRow } from "../../province/seed/counters.ts";
import type { DossierPlan, LegPlan } from "../../province/seed/plan.ts";
import type { BulkLoad } from "../kit/bulk-load.ts";
import { smallintArrayField, textArrayField } from "../kit/copy-rows.ts";

export const CENTER_TABLES = [
  "idempotency",
  "outbox",
  "agency",
  "administrative_unit",
  "route",
  "dossier_counter",
  "dossier",
  "dossier_leg",
  "dossier_event",
] as const;

export class CenterSeed {
  readonly #load: BulkLoad;
  readonly #dossiers;
  readonly #legs;
  readonly #events;
  readonly #documents = new Map<readonly string[], Buffer>();
  readonly #dependence = new Map<RouteLeg, Buffer>();
  #lastId = 0;

  constructor(load: BulkLoad) {
    this.#load = load;
    this.#dossiers = load.open(
      "dossier",
      `id, code, legacy_code, procedure_code, procedure_name, agency_code, applicant_kind,
       applicant_name, applicant_phone, applicant_address, personal_id, tax_code, channel, state,
       received_at, due_at, finished_at, returned_at, received_by, documents, result_number,
       result_summary, returned_to, return_channel`,
    );
    this.#legs = load.open(
      "dossier_leg",
      `dossier_id, position, depends_on, agency_code, procedure_code, days, due_at, opened_at,
       reported_state, reported_at`,
    );
    this.#events = load.open("dossier_event", "dossier_id, sequence, at, from_state, to_state, note");
  }

  add(plan: DossierPlan): void {
    const { code, applicant, route, returnedAt } = plan;
    const rows = this.#dossiers;
    rows.row();
    rows.bigint(plan.id);
    rows.repeated(code);
    rows.text(plan.legacyCode);
    rows.constant(route.procedure.code);
    rows.constant(route.procedure.name);
    rows.constant(route.procedure.agency);
    rows.smallint(applicant.kind);
    rows.constant(applicant.name);
    rows.text(applicant.phone);
    rows.text(applicant.address);
    rows.text(applicant.personalId);
    rows.text(applicant.taxCode);
    rows.smallint(plan.channel);
    rows.smallint(plan.state);
    rows.instant(plan.receivedAt);
    rows.instant(plan.dueAt);
    rows.instant(plan.finishedAt);
    rows.instant(returnedAt);
    rows.constant(plan.receivedBy);
    rows.field(this.#documentsOf(plan.documents));
    rows.text(plan.resultNumber);
    rows.constant(plan.resultNumber === null ? null : route.procedure.result);
    rows.constant(returnedAt === null ? null : applicant.name);
    rows.smallint(plan.returnChannel);
    for (const leg of plan.legs) this.#addLeg(plan.id, leg);
    const events = this.#events;
    for (let index = 0; index < plan.events.length; index++) {
      const event = plan.events[index] as DossierPlan["events"][number];
      events.row();
      events.bigint(plan.id);
      events.integer(index + 1);
      events.instant(event.at);
      events.smallint(event.from);
      events.smallint(event.to);
      events.constant(event.note);
    }
    this.#lastId = plan.id;
  }

  /** The directory, the routes and where each agency's counting stands. */
  async finish(counters: readonly CounterRow[]): Promise<void> {
    const rows = this.#load.open("dossier_counter", "agency_code, day, last");
    for (const { agency, day, last } of counters) {
      rows.row();
      rows.text(agency);
      rows.day(day);
      rows.integer(last);
    }
    await this.#fill(
      "agency",
      AGENCIES.map(({ code, legacyCode, name, kind, level }) => ({
        code,
        legacy_code: legacyCode,
        name,
        kind,
        level,
      })),
    );
    await this.#fill(
      "administrative_unit",
      ADMINISTRATIVE_UNITS.map(({ code, name, level, parentCode, validFrom, validTo }) => ({
        code,
        name,
        level,
        parent_code: parentCode,
        valid_from: validFrom,
        valid_to: validTo,
      })),
    );
    await this.#fill(
      "route",
      ROUTES.map(({ procedure, totalDays, legs }) => ({
        procedure_code: procedure.code,
        agency_code: procedure.agency,
        procedure_name: procedure.name,
        total_days: totalDays,
        reception_cutoff: procedure.receptionCutoff,
        legs: legs.map((leg) => ({
          agency: leg.agency,
          procedure: leg.procedure.code,
          days: leg.days,
          dependsOn: leg.dependsOn,
        })),
      })),
    );
    if (this.#lastId > 0)
      await this.#load.run("select setval(pg_get_serial_sequence('dossier', 'id'), $1)", [this.#lastId]);
  }

  #addLeg(dossierId: number, { position, leg, dueAt, openedAt, case: opened }: LegPlan): void {
    const rows = this.#legs;
    rows.row();
    rows.bigint(dossierId);
    rows.smallint(position);
    rows.field(this.#dependenceOf(leg));
    rows.constant(leg.agency);
    rows.constant(leg.procedure.code);
    rows.numeric(leg.days * 10);
    rows.instant(dueAt);
    rows.instant(openedAt);
    rows.smallint(opened?.state ?? null);
    rows.instant(opened?.events.at(-1)?.at ?? null);
  }

  #fill(table: string, rows: readonly object[]): Promise<void> {
    return this.#load.run(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1)`, [
      JSON.stringify(rows),
    ]);
  }

  /** The lists are the catalogue's own: few, and always the same objects. */
  #documentsOf(documents: readonly string[]): Buffer {
    let bytes = this.#documents.get(documents);
    if (bytes === undefined) this.#documents.set(documents, (bytes = textArrayField(documents)));
    return bytes;
  }

  #dependenceOf(leg: RouteLeg): Buffer {
    let bytes = this.#dependence.get(leg);
    if (bytes === undefined) this.#dependence.set(leg, (bytes = smallintArrayField(leg.dependsOn)));
    return bytes;
  }
}
