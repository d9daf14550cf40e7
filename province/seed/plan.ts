/**
 * What the generator makes: one plain record per dossier, with everything that the centre and the agencies know of it.
 * The subgraphs turn it into rows of their own tables. Instants are whole seconds since 1970, days are whole days since
 * 1970, states are national codes, money is in đồng.
 */
import type { Route, RouteLeg } from "../catalogue/routes.ts";

export interface DossierPlan {
  /** From 1, in the order of generation. */
  readonly id: number;
  readonly code: string;
  readonly legacyCode: string | null;
  readonly route: Route;
  readonly applicant: ApplicantPlan;
  /** 1 counter, 2 online, 3 post. */
  readonly channel: number;
  readonly state: number;
  readonly receivedAt: number;
  readonly dueAt: number;
  readonly finishedAt: number | null;
  readonly returnedAt: number | null;
  readonly receivedBy: string;
  readonly documents: readonly string[];
  readonly resultNumber: string | null;
  readonly returnChannel: number | null;
  readonly legs: readonly LegPlan[];
  readonly events: readonly EventPlan[];
  /** People and businesses that no dossier before named: who is known to which agency. */
  readonly people: readonly PersonPlan[];
  readonly businesses: readonly BusinessPlan[];
}

export interface ApplicantPlan {
  /** 1 citizen, 2 business, 3 agency, 4 organisation. */
  readonly kind: number;
  readonly name: string;
  readonly phone: string;
  readonly address: string;
  readonly personalId: string | null;
  readonly taxCode: string | null;
}

export interface LegPlan {
  readonly position: number;
  readonly leg: RouteLeg;
  readonly dueAt: number;
  /** Null while it waits for others; then it has no case. */
  readonly openedAt: number | null;
  readonly case: CasePlan | null;
}

export interface CasePlan {
  /** From 1 within the agency. */
  readonly id: number;
  readonly state: number;
  readonly resumeState: number | null;
  readonly receivedAt: number;
  readonly dueAt: number;
  readonly pausedAt: number | null;
  readonly finishedAt: number | null;
  /** Null until the case is accepted. */
  readonly officer: string | null;
  readonly delay: DelayPlan | null;
  readonly resultNumber: string | null;
  /** As many as the procedure has. */
  readonly steps: readonly StepPlan[];
  readonly supplement: SupplementPlan | null;
  readonly events: readonly EventPlan[];
  readonly extras: ExtrasPlan;
}

export interface EventPlan {
  readonly at: number;
  readonly from: number | null;
  readonly to: number;
  readonly officer: string | null;
  readonly note: string | null;
}

export interface DelayPlan {
  readonly reason: string;
  readonly apologisedAt: number;
  readonly previousDueAt: number;
}

export interface StepPlan {
  readonly officer: string | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

export interface SupplementPlan {
  readonly documents: readonly string[];
  readonly reason: string;
  readonly requestedAt: number;
  readonly receivedAt: number | null;
}

/** What the agency itself adds to a case; at most one of these, by the kind of agency. */
export interface ExtrasPlan {
  readonly notices?: readonly NoticePlan[];
  readonly healthCard?: HealthCardPlan;
  readonly allowance?: AllowancePlan;
  readonly residence?: ResidencePlan;
  readonly licence?: LicencePlan;
  readonly landRecord?: LandRecordPlan;
}

export interface NoticePlan {
  readonly number: string;
  readonly taxCode: string | null;
  readonly kind: string;
  readonly amount: number;
  readonly issuedAt: number;
  readonly dueOn: number;
  readonly paidAt: number | null;
}

export interface HealthCardPlan {
  readonly number: string;
  readonly insuranceNumber: string;
  readonly validFrom: number;
  readonly validTo: number;
  readonly hospital: string;
}

export interface AllowancePlan {
  readonly insuranceNumber: string | null;
  readonly kind: string;
  readonly amount: number;
  readonly decidedAt: number;
  readonly paidAt: number | null;
}

export interface ResidencePlan {
  readonly personalId: string;
  readonly kind: "PERMANENT" | "TEMPORARY";
  readonly address: string;
  readonly registeredOn: number;
  readonly deletedOn: number | null;
  readonly householdHead: string | null;
}

export interface LicencePlan {
  readonly number: string;
  readonly subject: string;
  readonly holder: string;
  readonly issuedOn: number;
  readonly validTo: number | null;
}

export interface LandRecordPlan {
  readonly mapSheet: number;
  readonly parcel: number;
  /** Tenths of a square metre. */
  readonly areaTenths: number;
  readonly purpose: string;
  readonly address: string;
  readonly certificate: string | null;
}

/** A person as the police, tax and social insurance know them, where they do. */
export interface PersonPlan {
  /** Whether the police have the person in their register. */
  readonly known: boolean;
  readonly personalId: string;
  readonly name: string;
  readonly female: boolean;
  readonly bornOn: number;
  /** Where the person lives by an earlier registration; null for one that a dossier registers. */
  readonly residence: ResidencePlan | null;
  readonly taxCode: string | null;
  readonly insuranceNumber: string | null;
  readonly contributionMonths: number;
  readonly healthCard: HealthCardPlan | null;
  /** A yearly notice that belongs to no dossier. */
  readonly yearlyNotice: NoticePlan | null;
}

export interface BusinessPlan {
  readonly taxCode: string;
  readonly name: string;
  readonly address: string;
  readonly active: boolean;
  readonly yearlyNotice: NoticePlan | null;
}
