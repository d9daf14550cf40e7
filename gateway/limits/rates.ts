/**
 * Who may spend how much: whoever is not known, by address; whoever is, by client, and by subject for each role that has
 * a rate. Everything that applies has to grant a request. What a request is thought to cost is taken before it is worked
 * on; once it is answered, what it came to.
 */
import type { RequestContext } from "../context.ts";
import { type AddressOf, createAddressOf } from "./address.ts";
import type { Limits } from "./limits.ts";
import { excess } from "./operation.ts";
import type { Rate } from "./rate.ts";
import { createMemoryStore, type RateStore } from "./rate-store.ts";
import { Refusal } from "./refusal.ts";

export interface Rates {
  /** Charges a request, or tells why not; both, and headers for its answer, are noted on it. */
  readonly charge: (context: RequestContext, units: number) => Promise<Refusal | undefined>;
  /** Charges an answered request what it came to (`spent`) in place of what it was thought to cost. */
  readonly settle: (context: RequestContext) => void;
}

/** What was taken for a request. */
export interface Charged {
  readonly units: number;
  readonly from: readonly Allowance[];
}

export interface Allowance {
  /** As it is called in answers. */
  readonly name: "rateAddress" | "rateClient" | "rateRole";
  readonly key: string;
  readonly rate: Rate;
}

/** Undefined where there is no rate. */
export function createRates(
  limits: Limits,
  store: RateStore = createMemoryStore((key) => rateOf(key, limits)),
): Rates | undefined {
  if (!hasRates(limits)) return undefined;
  const addressOf = createAddressOf(limits.trustedProxies);

  return {
    async charge(context, asked) {
      // Nothing is free: what costs nothing to execute is read and planned all the same.
      const units = Math.max(1, asked);
      const allowances = allowancesOf(context, limits, addressOf);
      for (const { name, rate } of allowances)
        if (units > rate.units) return excess("OPERATION_TOO_COSTLY", name, units, rate.units);
      if (allowances.length === 0) return undefined;
      const answers = await store.draw(allowances, units);
      const drawn = answers.map((answer, index) => ({ each: allowances[index] as Allowance, ...answer }));
      noteHeaders(context, drawn);
      const refused = drawn.filter(({ granted }) => !granted);
      if (refused.length > 0) return tooFast(context, refused, units);
      context.charged = { units, from: allowances };
      return undefined;
    },
    settle({ charged, spent }) {
      if (charged === undefined || spent === undefined) return;
      const { cost = charged.units, missed } = spent;
      const more = Math.max(1, cost) + missed - charged.units;
      if (more !== 0) store.take(charged.from, more);
    },
  };
}

export function hasRates({ rateAddress, rateClient, rateRoles }: Limits): boolean {
  return rateAddress !== undefined || rateClient !== undefined || rateRoles.size > 0;
}

function allowancesOf(
  { caller, address, forwardedFor }: RequestContext,
  { rateAddress, rateClient, rateRoles }: Limits,
  addressOf: AddressOf,
): readonly Allowance[] {
  if (!caller.isAuthenticated)
    return rateAddress === undefined
      ? []
      : [{ name: "rateAddress", key: `address ${addressOf(address, forwardedFor)}`, rate: rateAddress }];
  const { client, subject, roles } = caller;
  const allowances: Allowance[] = [];
  if (rateClient !== undefined)
    allowances.push({ name: "rateClient", key: `client ${client ?? subject ?? ""}`, rate: rateClient });
  for (const [role, rate] of rateRoles)
    if (roles.has(role))
      allowances.push({ name: "rateRole", key: `role ${role} ${subject ?? client ?? ""}`, rate });
  return allowances;
}

/** Of the bucket of a key, as `Allowance` has it. */
export function rateOf(key: string, { rateAddress, rateClient, rateRoles }: Limits): Rate | undefined {
  const [kind, role = ""] = key.split(" ");
  if (kind === "address") return rateAddress;
  return kind === "client" ? rateClient : rateRoles.get(role);
}

interface DrawnAllowance {
  readonly each: Allowance;
  readonly left: number;
  readonly wait: number;
}

/** Of the allowance that is nearest to its end (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/). */
function noteHeaders(context: RequestContext, drawn: readonly DrawnAllowance[]): void {
  const [tightest] = drawn.toSorted(
    (one, other) => one.left / one.each.rate.units - other.left / other.each.rate.units,
  );
  if (tightest === undefined) return;
  const { name, rate } = tightest.each;
  const left = Math.max(0, Math.floor(tightest.left));
  const untilFull = Math.ceil(((rate.units - tightest.left) * rate.seconds) / rate.units);
  context.answerHeaders = {
    ...context.answerHeaders,
    "ratelimit-policy": `"${name}";q=${rate.units};w=${rate.seconds}`,
    ratelimit: `"${name}";r=${left};t=${untilFull}`,
  };
}

function tooFast(context: RequestContext, refused: readonly DrawnAllowance[], units: number): Refusal {
  const [longest] = refused.toSorted((one, other) => other.wait - one.wait);
  const { each, wait } = longest as DrawnAllowance;
  const seconds = Math.max(1, Math.ceil(wait));
  context.answerHeaders = { ...context.answerHeaders, "retry-after": String(seconds) };
  return new Refusal(
    "RATE_LIMITED",
    { limit: each.rate.units, count: each.rate.seconds, asked: seconds },
    {
      limit: each.name,
      asked: units,
      allowed: each.rate.units,
      perSeconds: each.rate.seconds,
      retryAfter: seconds,
    },
  );
}
