/**
 * Measures every call: how many there were of late, how many failed, how long they took; and of each address, how its
 * last call ended. For whoever watches the gateway (overview/), not for clients.
 */
import { isForgery } from "./since.ts";
import type { SubgraphResponse, Transport } from "./transport.ts";

/** Of the calls within `WINDOW_S`. */
export interface Figures {
  readonly calls: number;
  /** Calls that brought no answer to use. */
  readonly failed: number;
  /** Of those, answers that were not signed, or wrongly, where they must be. */
  readonly forged: number;
  /** Answers with errors in them. */
  readonly faulty: number;
  /** How many calls took how long: `[bucket, count]`, for `percentile`. */
  readonly durations: readonly (readonly [number, number])[];
}

export interface MeasuredCalls extends Figures {
  readonly service: string;
  /** Key of the member, where the service is partitioned. */
  readonly member: string | undefined;
}

/** How the last call to an address ended. */
export interface AddressState {
  readonly url: string;
  /** When it ended; milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds that it took. */
  readonly duration: number;
  /** Code of the error table and, in RFC 3339, since when; undefined where it was answered. */
  readonly failure: { readonly code: string; readonly since: string } | undefined;
}

export interface Measurement {
  readonly calls: readonly MeasuredCalls[];
  readonly addresses: readonly AddressState[];
}

export interface Measured {
  readonly ask: Transport;
  /** Asks as `ask` does, without counting it as a client's call. */
  readonly probe: Transport;
  readonly measurement: () => Measurement;
}

/** Seconds that figures tell of. */
export const WINDOW_S = 60;
const SLOTS = 12;
const SLOT_MS = (WINDOW_S * 1000) / SLOTS;
/** Buckets an octave: a duration is told to a tenth of it. */
const PER_OCTAVE = 4;
/** The first bucket ends at half a millisecond, the last begins at nine minutes. */
const FIRST_OCTAVE = -1;
const BUCKETS = 80;

interface Slot {
  /** Which stretch of time it counts now. */
  stretch: number;
  calls: number;
  failed: number;
  forged: number;
  faulty: number;
  readonly durations: Uint32Array;
}

export function measureCalls(ask: Transport): Measured {
  const byService = new Map<string, Map<string | undefined, Slot[]>>();
  const addresses = new Map<string, AddressState>();

  function count(service: string, member: string | undefined, response: SubgraphResponse, ms: number): void {
    let members = byService.get(service);
    if (members === undefined) byService.set(service, (members = new Map()));
    let slots = members.get(member);
    if (slots === undefined) members.set(member, (slots = []));
    const slot = slotNow(slots);
    slot.calls += 1;
    if (response.failure !== undefined) {
      slot.failed += 1;
      if (isForgery(response.failure)) slot.forged += 1;
    } else if (response.errors !== undefined && response.errors.length > 0) slot.faulty += 1;
    const bucket = bucketOf(ms);
    slot.durations[bucket] = (slot.durations[bucket] ?? 0) + 1;
  }

  function note(url: string, { failure }: SubgraphResponse, duration: number): void {
    const at = Date.now();
    const failed = failure && {
      code: failure.code,
      since: failure.since ?? new Date(at).toISOString(),
    };
    addresses.set(url, { url, at, duration, failure: failed });
  }

  async function probe(request: Parameters<Transport>[0]): Promise<SubgraphResponse> {
    const startedAt = performance.now();
    const response = await ask(request);
    if (request.url !== undefined) note(request.url, response, performance.now() - startedAt);
    return response;
  }

  return {
    async ask(request) {
      const startedAt = performance.now();
      const response = await ask(request);
      const ms = performance.now() - startedAt;
      count(request.service, request.member?.key, response, ms);
      if (request.url !== undefined) note(request.url, response, ms);
      return response;
    },
    probe,
    measurement: () => ({
      calls: [...byService].flatMap(([service, members]) =>
        [...members].map(([member, slots]) => ({ service, member, ...figuresOf(slots) })),
      ),
      addresses: [...addresses.values()],
    }),
  };
}

const NONE: Figures = { calls: 0, failed: 0, forged: 0, faulty: 0, durations: [] };

/** Figures of several members, services or processes together. */
export function addFigures(all: readonly Figures[]): Figures {
  if (all.length === 1) return all[0] ?? NONE;
  const durations = new Map<number, number>();
  for (const [bucket, times] of all.flatMap((one) => one.durations))
    durations.set(bucket, (durations.get(bucket) ?? 0) + times);
  const sum = (key: "calls" | "failed" | "forged" | "faulty") =>
    all.reduce((total, one) => total + one[key], 0);
  return {
    calls: sum("calls"),
    failed: sum("failed"),
    forged: sum("forged"),
    faulty: sum("faulty"),
    durations: [...durations].toSorted(([one], [other]) => one - other),
  };
}

/**
 * What a share of the calls took at most.
 * @param share 0.5 for the median
 * @returns milliseconds, to a tenth of themselves; undefined without calls
 */
export function percentile({ calls, durations }: Figures, share: number): number | undefined {
  let left = Math.ceil(calls * share);
  for (const [bucket, times] of durations) {
    left -= times;
    if (left <= 0) return middleOf(bucket);
  }
  return undefined;
}

/** The slot of this moment, emptied of what it counted a window ago. */
function slotNow(slots: Slot[]): Slot {
  const stretch = Math.floor(performance.now() / SLOT_MS);
  const index = stretch % SLOTS;
  const slot = (slots[index] ??= {
    stretch,
    calls: 0,
    failed: 0,
    forged: 0,
    faulty: 0,
    durations: new Uint32Array(BUCKETS),
  });
  if (slot.stretch !== stretch) {
    Object.assign(slot, { stretch, calls: 0, failed: 0, forged: 0, faulty: 0 });
    slot.durations.fill(0);
  }
  return slot;
}

function figuresOf(slots: readonly (Slot | undefined)[]): Figures {
  const oldest = Math.floor(performance.now() / SLOT_MS) - SLOTS;
  const counted = slots.filter((slot) => slot !== undefined && slot.stretch > oldest) as Slot[];
  return addFigures(
    counted.map(({ calls, failed, forged, faulty, durations }) => ({
      calls,
      failed,
      forged,
      faulty,
      durations: [...durations.entries()].filter(([, times]) => times > 0),
    })),
  );
}

function bucketOf(ms: number): number {
  const bucket = Math.ceil((Math.log2(ms) - FIRST_OCTAVE) * PER_OCTAVE);
  return Math.min(Math.max(bucket, 0), BUCKETS - 1);
}

function middleOf(bucket: number): number {
  return 2 ** (FIRST_OCTAVE + (bucket - 0.5) / PER_OCTAVE);
}
