/**
 * Customers' connections, from the company's own service beside those of the national exchange.
 */
import { z } from "zod";
import { AgencyError } from "../kit/errors.ts";
import { RestClient } from "../kit/sources/rest/client.ts";
import { at } from "../kit/sources/fields.ts";
import type { RestMapping, ServiceSpec } from "../kit/sources/rest/mapping.ts";
import { timePattern } from "../kit/sources/time.ts";
import { dayOf } from "../kit/calendar.ts";

export interface ConnectionRow {
  readonly dossierCode: string;
  readonly customerCode: string;
  readonly voltage: "LOW" | "MEDIUM";
  /** kW. */
  readonly capacity: number;
  readonly meterNumber: string;
  /** ISO day. */
  readonly energisedOn: string;
}

const DAYS = timePattern("dd/MM/yyyy");
/** As many as the service takes. */
const BATCH = 100;
const CACHE_SECONDS = 1;

const ROWS = z.array(
  z
    .object({
      MaHoSo: z.string(),
      MaKH: z.string(),
      CapDienAp: z.enum(["HA", "TRUNG"]),
      CongSuat: z.number(),
      SoCongTo: z.string(),
      NgayDongDien: z
        .string()
        .transform((text) => DAYS.parse(text))
        .pipe(z.date("not a day dd/MM/yyyy")),
    })
    .transform(
      (row): ConnectionRow => ({
        dossierCode: row.MaHoSo,
        customerCode: row.MaKH,
        voltage: row.CapDienAp === "HA" ? "LOW" : "MEDIUM",
        capacity: row.CongSuat,
        meterNumber: row.SoCongTo,
        energisedOn: dayOf(row.NgayDongDien),
      }),
    ),
);

export class Connections {
  readonly #agency: string;
  readonly #client: RestClient;
  readonly #service: ServiceSpec;

  constructor(agency: string, mapping: RestMapping, session: string) {
    this.#agency = agency;
    this.#client = new RestClient(agency, mapping);
    this.#service = {
      method: "POST",
      path: "/dichvu",
      body: { session, service: "TraCuuDiemDo", data: "{dossierCodes}" },
      rows: "data",
    };
  }

  /** @throws AgencyError SOURCE_UNREACHABLE, SOURCE_FAILED */
  async find(dossierCodes: readonly string[]): Promise<readonly ConnectionRow[]> {
    const chunks = Array.from({ length: Math.ceil(dossierCodes.length / BATCH) }, (_, index) =>
      dossierCodes.slice(index * BATCH, (index + 1) * BATCH),
    );
    return (await Promise.all(chunks.map((codes) => this.#findChunk(codes)))).flat();
  }

  close(): void {
    this.#client.close();
  }

  async #findChunk(dossierCodes: readonly string[]): Promise<readonly ConnectionRow[]> {
    const outcome = await this.#client.read(
      "connections",
      this.#service,
      { dossierCodes },
      { cacheSeconds: CACHE_SECONDS },
    );
    if (outcome.kind !== "ok") return [];
    const rows = ROWS.safeParse(at(outcome.body, "data"));
    if (rows.success) return rows.data;
    const reason = z.prettifyError(rows.error);
    throw new AgencyError("SOURCE_FAILED", { agency: this.#agency, service: "connections", reason });
  }
}
