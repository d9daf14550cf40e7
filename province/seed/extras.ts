/** What the agencies themselves add to their cases: notices, cards, allowances, residences, licences, land records. */
import { LAND, POLICE, SOCIAL_INSURANCE, TAX, agencyOf } from "../catalogue/agencies.ts";
import type { Random } from "../random.ts";
import type { CaseScript } from "./case-script.ts";
import type { ApplicantPlan, ExtrasPlan, LandRecordPlan, LicencePlan, NoticePlan } from "./plan.ts";
import { healthCardOf } from "./population.ts";
import { vietnamDay, type WorkingTime } from "./working-time.ts";

/** A case as its extras see it. */
export interface ExtrasContext {
  readonly random: Random;
  readonly time: WorkingTime;
  readonly script: CaseScript;
  /** What lies at or after this working second has not happened. */
  readonly limit: number;
  readonly caseId: number;
  readonly applicant: ApplicantPlan;
  /** Whom the dossier registers or strikes off. */
  readonly subject: { readonly personalId: string; readonly insuranceNumber: string } | null;
  /** Social insurance number of the applicant, where known. */
  readonly insuranceNumber: string | null;
}

const NONE: ExtrasPlan = {};

/** Residence procedures of the police: what a finished case records. */
const PERMANENT_RESIDENCE = "1.004222";
const TEMPORARY_RESIDENCE = "1.004194";
const RESIDENCE_DELETION = "1.003197";
const FUNERAL_ALLOWANCE = "2.000809";
const CHILD_HEALTH_CARD = "1.001939";
const HEALTH_CARD_AGAIN = "1.002759";
const LAND_TAX = "1.008603";

/** Ten times the statutory base salary since 1 July 2024. */
const FUNERAL_AMOUNT = 23_400_000;

const ALLOWANCES: Readonly<Record<string, { kind: string; from: number; to: number }>> = {
  "1.001521": { kind: "Trợ cấp thai sản", from: 18, to: 60 },
  "2.000605": { kind: "Bảo hiểm xã hội một lần", from: 20, to: 180 },
  "2.000693": { kind: "Lương hưu hằng tháng", from: 3, to: 12 },
};

const LAND_PURPOSES = [
  "Đất ở tại đô thị",
  "Đất ở tại nông thôn",
  "Đất ở tại nông thôn",
  "Đất trồng lúa",
  "Đất trồng cây lâu năm",
  "Đất nuôi trồng thủy sản",
] as const;

export function extrasOf(context: ExtrasContext): ExtrasPlan {
  const { leg } = context.script;
  if (leg.agency === TAX) return taxExtras(context);
  if (leg.agency === POLICE) return policeExtras(context);
  if (leg.agency === SOCIAL_INSURANCE) return insuranceExtras(context);
  if (leg.agency === LAND && isAboutLand(leg.procedure.field)) return { landRecord: landRecordOf(context) };
  if (leg.procedure.licenceYears !== undefined && isFinished(context))
    return { licence: licenceOf(context, leg.procedure.licenceYears) };
  return NONE;
}

/** Registration fee 0.5 % and income tax 2 % of the price of the land, due in 30 days; nobody pays beforehand. */
function taxExtras(context: ExtrasContext): ExtrasPlan {
  const { random, time, script, limit, applicant, caseId } = context;
  const { pause } = script;
  if (script.leg.procedure.code !== LAND_TAX || pause === null || pause.from >= limit) return NONE;
  const price = random.integer(15, 400) * 10_000_000;
  const issuedAt = time.instant(pause.from);
  const dueOn = vietnamDay(issuedAt) + 30;
  const halfway = Math.floor(pause.from + (pause.to - pause.from) * random.between(0.3, 0.95));
  const notice = (suffix: string, kind: string, amount: number, paid: number): NoticePlan => ({
    number: `${caseId}${suffix}/TB-TTI`,
    taxCode: applicant.taxCode,
    kind,
    amount,
    issuedAt,
    dueOn,
    paidAt: paid < limit ? time.instant(paid) : null,
  });
  return {
    notices: [
      notice("A", "Lệ phí trước bạ nhà, đất", price / 200, halfway),
      notice("B", "Thuế thu nhập cá nhân từ chuyển nhượng bất động sản", price / 50, pause.to - 1),
    ],
  };
}

function policeExtras(context: ExtrasContext): ExtrasPlan {
  if (!isFinished(context)) return NONE;
  const { random, applicant, subject, script } = context;
  const { code } = script.leg.procedure;
  const personalId = subject?.personalId ?? applicant.personalId;
  if (personalId === null) return NONE;
  const day = finishDay(context);
  if (code === PERMANENT_RESIDENCE || code === TEMPORARY_RESIDENCE)
    return {
      residence: {
        personalId,
        kind: code === TEMPORARY_RESIDENCE ? "TEMPORARY" : "PERMANENT",
        address: applicant.address,
        registeredOn: day,
        deletedOn: null,
        householdHead: applicant.name,
      },
    };
  if (code === RESIDENCE_DELETION)
    return {
      residence: {
        personalId,
        kind: "PERMANENT",
        address: applicant.address,
        registeredOn: day - random.integer(700, 9_000),
        deletedOn: day,
        householdHead: applicant.name,
      },
    };
  return NONE;
}

function insuranceExtras(context: ExtrasContext): ExtrasPlan {
  if (!isFinished(context)) return NONE;
  const { random, time, script, limit, subject, insuranceNumber } = context;
  const { code } = script.leg.procedure;
  const day = finishDay(context);
  if (code === CHILD_HEALTH_CARD && subject !== null)
    return { healthCard: healthCardOf(random, subject.insuranceNumber, day) };
  if (code === HEALTH_CARD_AGAIN && insuranceNumber !== null)
    return {
      healthCard: { ...healthCardOf(random, insuranceNumber, day), number: longCardNumber(context.caseId) },
    };
  const allowance = code === FUNERAL_ALLOWANCE ? { kind: "Mai táng phí", from: 0, to: 0 } : ALLOWANCES[code];
  if (allowance === undefined) return NONE;
  const paid = script.finish + random.integer(1, 40) * 3_600;
  return {
    allowance: {
      insuranceNumber: subject?.insuranceNumber ?? insuranceNumber,
      kind: allowance.kind,
      amount:
        code === FUNERAL_ALLOWANCE
          ? FUNERAL_AMOUNT
          : random.integer(allowance.from, allowance.to) * 1_000_000,
      decidedAt: time.instant(script.finish),
      paidAt: paid < limit ? time.instant(paid) : null,
    },
  };
}

function licenceOf(context: ExtrasContext, years: number | null): LicencePlan {
  const { leg } = context.script;
  const issuedOn = finishDay(context);
  return {
    number: `${context.caseId}/GP-${agencyOf(leg.agency).mark}`,
    subject: leg.procedure.result,
    holder: context.applicant.name,
    issuedOn,
    validTo: years === null ? null : issuedOn + Math.round(years * 365.25),
  };
}

function landRecordOf(context: ExtrasContext): LandRecordPlan {
  const { random, applicant } = context;
  const serial = random.integer(1, 99_999_999);
  return {
    mapSheet: random.integer(1, 96),
    parcel: random.integer(1, 980),
    areaTenths: random.integer(450, 32_000),
    purpose: random.pick(LAND_PURPOSES),
    address: applicant.address,
    // Two letters and eight digits since the form of 1 August 2024.
    certificate: isFinished(context) ? `AA ${String(serial).padStart(8, "0")}` : null,
  };
}

/** The older form, 15 characters: two letters, benefit, province, ten digits. */
function longCardNumber(serial: number): string {
  return `GD456${String(serial).padStart(10, "0")}`;
}

function isAboutLand(field: string): boolean {
  return field === "Đất đai" || field === "Đăng ký biện pháp bảo đảm";
}

function isFinished({ script, limit }: ExtrasContext): boolean {
  return script.finish < limit;
}

function finishDay({ time, script }: ExtrasContext): number {
  return vietnamDay(time.instant(script.finish));
}
