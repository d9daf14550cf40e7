/**
 * Where allowances are kept. In memory, each process has its own; a store that several gateways reach has them for all
 * (rate-redis.ts).
 */
import { type Buckets, createBuckets, type Drawn, type Rate } from "./rate.ts";

/** A bucket that is drawn from. */
export interface Drawing {
  readonly key: string;
  readonly rate: Rate;
}

export interface RateStore {
  /** Takes units from all of the buckets, or from none, and says of each whether it had them. */
  readonly draw: (from: readonly Drawing[], units: number) => readonly Drawn[] | Promise<readonly Drawn[]>;
  /** Takes what was spent beyond what was drawn, even if the buckets have less; less than nothing is given back. */
  readonly take: (from: readonly Drawing[], units: number) => void;
  readonly close: () => Promise<void>;
}

/** Several processes that spend the same allowances, each from its own memory. */
export interface Sharing {
  /** Tells the others what was granted here. */
  readonly tell: (key: string, units: number) => void;
  /** @param take called with what was granted elsewhere */
  readonly listen: (take: (key: string, units: number) => void) => void;
}

/** @param rateOf of a bucket that another process tells of; undefined where there is none */
export function createMemoryStore(
  rateOf: (key: string) => Rate | undefined,
  sharing?: Sharing,
  buckets: Buckets = createBuckets(),
): RateStore {
  sharing?.listen((key, units) => {
    const rate = rateOf(key);
    if (rate !== undefined) buckets.take(key, rate, units);
  });
  return {
    draw(from, units) {
      const drawn = from.map(({ key, rate }) => ({ key, rate, ...buckets.draw(key, rate, units) }));
      if (drawn.every(({ granted }) => granted)) for (const { key } of drawn) sharing?.tell(key, units);
      // What one bucket granted and another did not is given back.
      else for (const { key, rate, granted } of drawn) if (granted) buckets.take(key, rate, -units);
      return drawn;
    },
    take(from, units) {
      for (const { key, rate } of from) {
        buckets.take(key, rate, units);
        sharing?.tell(key, units);
      }
    },
    close: async () => undefined,
  };
}
