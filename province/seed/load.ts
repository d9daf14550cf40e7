/**
 * Fills all databases of the sample province: the catalogue, and dossiers with what every agency knows of them. Each
 * database is filled in one transaction; the centre's is committed last, so that a province either has its dossiers or
 * counts as empty and is filled anew.
 */
import { setImmediate as yieldToSockets } from "node:timers/promises";
import { StartError } from "../../process/lifecycle.ts";
import { CENTER_TABLES, CenterSeed } from "../../subgraphs/center/seed.ts";
import { DEPARTMENT_TABLES, DepartmentSeed } from "../../subgraphs/departments/seed.ts";
import { CONTRACT_TABLES, ContractSeed, type OwnSeed } from "../../subgraphs/kit/sources/tables/seed.ts";
import { BulkLoad } from "../../subgraphs/kit/bulk-load.ts";
import { prepareDatabase } from "../../process/database.ts";
import { POWER_TABLES, PowerSeed } from "../../subgraphs/power/seed.ts";
import { POLICE_TABLES, PoliceSeed } from "../../subgraphs/police/seed.ts";
import { SOCIAL_INSURANCE_TABLES, SocialInsuranceSeed } from "../../subgraphs/social-insurance/seed.ts";
import { TAX_TABLES, TaxSeed } from "../../subgraphs/tax/seed.ts";
import { agencyOf, CENTER, type Server } from "../catalogue/agencies.ts";
import { DATABASE_OWNERS, migrationDirectories } from "../databases.ts";
import { hasDossiers } from "../has-dossiers.ts";
import type { Procedure } from "../catalogue/procedure.ts";
import { DossierGenerator } from "./generator.ts";
import type { CasePlan, DossierPlan } from "./plan.ts";

export interface SeedOptions {
  /** The URL of an agency's database. */
  readonly urlOf: (agencyCode: string) => string;
  readonly dossiers: number;
  readonly now: Date;
  /** What to do with a province that has dossiers: fail, leave it as it is, or fill it anew. */
  readonly ifFilled: "refuse" | "keep" | "replace";
  readonly onProgress?: (progress: SeedProgress) => void;
  /** From so many dossiers on, indexes are built afterwards: faster for many, slower for few. Default 30,000. */
  readonly largeFrom?: number;
}

export interface SeedProgress {
  readonly phase: "databases" | "dossiers" | "indexes";
  readonly done: number;
  readonly total: number;
}

export interface SeedReport {
  /** Whether anything was written. */
  readonly filled: boolean;
  readonly dossiers: number;
  readonly cases: number;
  /** Of the whole, databases and indexes included. */
  readonly seconds: number;
  /** Of these, while dossiers were generated and copied. */
  readonly writingSeconds: number;
}

const LARGE_FROM = 30_000;
/** Dossiers between two looks at what the servers have taken. */
const STRIDE = 250;
/** Databases that are prepared or finished at the same time: what they do is mostly waiting. */
const AT_ONCE = 4;
/** Of large loads: one agency builds its indexes beside the centre, whose work is the longest. */
const LARGE_AT_ONCE = 1;

/** What fills an agency's database with the contract's part of its dossiers. */
interface CaseSeed {
  add(plan: DossierPlan, procedure: Procedure, played: CasePlan): void;
  finish(): Promise<void>;
}

/** Tables of each agency beside the contract's, and who fills them. */
const OWN_PARTS: Readonly<
  Record<
    Exclude<Server, "center" | "power">,
    { tables: readonly string[]; create: (load: BulkLoad) => OwnSeed }
  >
> = {
  tax: { tables: TAX_TABLES, create: (load) => new TaxSeed(load.open) },
  "social-insurance": {
    tables: SOCIAL_INSURANCE_TABLES,
    create: (load) => new SocialInsuranceSeed(load.open),
  },
  police: { tables: POLICE_TABLES, create: (load) => new PoliceSeed(load.open) },
  departments: { tables: DEPARTMENT_TABLES, create: (load) => new DepartmentSeed(load.open) },
};

interface AgencyLoad {
  readonly load: BulkLoad;
  readonly cases: CaseSeed;
  /** Of an agency that has more than the contract asks for. */
  readonly own?: OwnSeed;
}

/**
 * Creates and migrates the databases that are missing, and fills them.
 * @throws StartError when a database cannot be reached, or the province has dossiers and `ifFilled` is `refuse`.
 */
export async function seedProvince(options: SeedOptions): Promise<SeedReport> {
  const began = performance.now();
  const { urlOf, ifFilled, onProgress = () => {} } = options;
  let prepared = 0;
  await forEachAtOnce(DATABASE_OWNERS, AT_ONCE, async (agency) => {
    await prepareDatabase(urlOf(agency), migrationDirectories(agency));
    onProgress({ phase: "databases", done: ++prepared, total: DATABASE_OWNERS.length });
  });
  const seconds = () => (performance.now() - began) / 1_000;
  if (await hasDossiers(urlOf(CENTER))) {
    if (ifFilled === "keep")
      return { filled: false, dossiers: 0, cases: 0, seconds: seconds(), writingSeconds: 0 };
    if (ifFilled === "refuse")
      throw new StartError(
        "the province already has dossiers",
        "Give --replace to delete them and fill it anew, or --if-empty to leave them.",
      );
  }
  const filled = await fill(options, onProgress);
  return { filled: true, dossiers: options.dossiers, ...filled, seconds: seconds() };
}

async function fill(
  { urlOf, dossiers, now, largeFrom = LARGE_FROM }: SeedOptions,
  onProgress: (progress: SeedProgress) => void,
): Promise<Pick<SeedReport, "cases" | "writingSeconds">> {
  const large = dossiers >= largeFrom;
  const loads: BulkLoad[] = [];
  const agencies = new Map<string, AgencyLoad>();
  try {
    const begin = async (agency: string, tables: readonly string[]): Promise<BulkLoad> => {
      // Replacing also clears what an interrupted filling left behind in an agency's database.
      const load = await BulkLoad.begin({ url: urlOf(agency), large }, tables);
      loads.push(load);
      return load;
    };
    const centerLoad = await begin(CENTER, CENTER_TABLES);
    const center = new CenterSeed(centerLoad);
    await forEachAtOnce(
      DATABASE_OWNERS.filter((agency) => agency !== CENTER),
      AT_ONCE,
      async (agency) => {
        agencies.set(agency, await beginAgency(agency, begin));
      },
    );
    const generator = new DossierGenerator(Math.floor(now.getTime() / 1_000));
    const began = performance.now();
    const cases = await copyDossiers(generator, dossiers, center, agencies, loads, onProgress);
    const writingSeconds = (performance.now() - began) / 1_000;
    await center.finish(generator.counters.rows());
    let completed = 0;
    const complete = async (load: BulkLoad): Promise<void> => {
      await load.complete();
      onProgress({ phase: "indexes", done: ++completed, total: loads.length });
    };
    await Promise.all([
      complete(centerLoad),
      forEachAtOnce(
        [...agencies.values()],
        large ? LARGE_AT_ONCE : AT_ONCE,
        async ({ load, cases: seed }) => {
          await seed.finish();
          await complete(load);
        },
      ),
    ]);
    // Nothing is left to fail: the centre last, because it tells whether the province is filled.
    for (const { load } of agencies.values()) await load.commit();
    await centerLoad.commit();
    await forEachAtOnce(loads, AT_ONCE, (load) => load.close());
    return { cases, writingSeconds };
  } catch (error) {
    await Promise.allSettled(loads.map((load) => load.abandon()));
    throw error;
  }
}

async function beginAgency(
  agency: string,
  begin: (agency: string, tables: readonly string[]) => Promise<BulkLoad>,
): Promise<AgencyLoad> {
  const server = agencyOf(agency).server as Exclude<Server, "center">;
  if (server === "power") {
    const load = await begin(agency, POWER_TABLES);
    return { load, cases: new PowerSeed(load, agency) };
  }
  const part = OWN_PARTS[server];
  const load = await begin(agency, [...CONTRACT_TABLES, ...part.tables]);
  return { load, cases: new ContractSeed(load, agency), own: part.create(load) };
}

async function copyDossiers(
  generator: DossierGenerator,
  dossiers: number,
  center: CenterSeed,
  agencies: ReadonlyMap<string, AgencyLoad>,
  loads: readonly BulkLoad[],
  onProgress: (progress: SeedProgress) => void,
): Promise<number> {
  const parts = [...agencies.values()].filter(({ own }) => own?.addNewcomers !== undefined);
  let cases = 0;
  for (let done = 0; done < dossiers; ) {
    for (const end = Math.min(done + STRIDE, dossiers); done < end; done++) {
      const plan = generator.next();
      center.add(plan);
      if (plan.people.length > 0 || plan.businesses.length > 0)
        for (const { own } of parts) own?.addNewcomers?.(plan);
      for (const { leg, case: played } of plan.legs) {
        if (played === null) continue;
        const agency = agencies.get(leg.agency);
        agency?.cases.add(plan, leg.procedure, played);
        agency?.own?.addExtras(plan, played);
        cases++;
      }
    }
    // The sockets are served only while the generator pauses.
    await yieldToSockets();
    for (const load of loads) await load.flush();
    onProgress({ phase: "dossiers", done, total: dossiers });
  }
  return cases;
}

/** Runs `work` for all, `atOnce` at a time; the first failure is thrown when all under way have ended. */
async function forEachAtOnce<T>(
  values: readonly T[],
  atOnce: number,
  work: (value: T) => Promise<void>,
): Promise<void> {
  const waiting = values.values();
  const workers = Array.from({ length: atOnce }, async () => {
    for (const value of waiting) await work(value);
  });
  const outcomes = await Promise.allSettled(workers);
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
