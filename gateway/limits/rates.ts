/**
 * Who may spend how much: whoever is not known, by address; whoever is, by client, and by subject for each role that has
 * a rate. Everything that applies has to grant a request.
 */
import type { RequestContext } from "../context.ts";
import { type AddressOf, createAddressOf } from "./address.ts";
import type { Limits } from "./limits.ts";
import { excess } from "./operation.ts";
import { type Buckets, createBuckets, type Rate } from "./rate.ts";
import { Refusal } from "./refusal.ts";

export interface Rates {
  /** Charges a request, or tells why not; headers for its answer are noted on it. */
  readonly charge: (context: RequestContext, units: number) => Refusal | undefined;
}

/** Several gateways that spend the same allowances. */
export interface Sharing {
  /** Tells the others what was granted here. */
  readonly tell: (key: string, units: number) => void;
  /** @param take called with what was granted elsewhere */
  readonly listen: (take: (key: string, units: number) => void) => void;
}

interface Allowance {
  /** As it is called in answers. */
  readonly name: "rateAddress" | "rateClient" | "rateRole";
  readonly key: string;
  readonly rate: Rate;
}

/** Undefined where there is no rate. */
export function createRates(
  limits: Limits,
  sharing?: Sharing,
  buckets: Buckets = createBuckets(),
): Rates | undefined {
  const { rateAddress, rateClient, rateRoles, trustedProxies } = limits;
  if (rateAddress === undefined && rateClient === undefined && rateRoles.size === 0) return undefined;
  const addressOf = createAddressOf(trustedProxies);
  sharing?.listen((key, units) => {
    const rate = rateOf(key, limits);
    if (rate !== undefined) buckets.take(key, rate, units);
  });

  return {
    charge(context, asked) {
      // Nothing is free: what costs nothing to execute is read and planned all the same.
      const units = Math.max(1, asked);
      const allowances = allowancesOf(context, limits, addressOf);
      for (const { name, rate } of allowances)
        if (units > rate.units) return excess("OPERATION_TOO_COSTLY", name, units, rate.units);
      const drawn = allowances.map((each) => ({ each, ...buckets.draw(each.key, each.rate, units) }));
      noteHeaders(context, drawn);
      const refused = drawn.filter(({ granted }) => !granted);
      if (refused.length === 0) {
        for (const { key } of allowances) sharing?.tell(key, units);
        return undefined;
      }
      // What one bucket granted and another did not is given back.
      for (const { granted, each } of drawn) if (granted) buckets.take(each.key, each.rate, -units);
      return tooFast(context, refused, units);
    },
  };
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

function rateOf(key: string, { rateAddress, rateClient, rateRoles }: Limits): Rate | undefined {
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
