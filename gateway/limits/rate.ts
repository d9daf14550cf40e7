/**
 * How fast allowances are spent: token buckets in units of cost, filled evenly, kept in memory. A bucket that nobody
 * drew from for as long as it takes to fill is the same as none.
 */
export interface Rate {
  /** That a full bucket holds: what may be spent at once. */
  readonly units: number;
  /** That an empty one takes to fill. */
  readonly seconds: number;
}

export interface Drawn {
  readonly granted: boolean;
  /** Units that are left. */
  readonly left: number;
  /** Seconds until there will be enough; 0 when it was granted. */
  readonly wait: number;
}

export interface Buckets {
  /** Takes units from the bucket of a key, or says when there will be enough. */
  readonly draw: (key: string, rate: Rate, units: number) => Drawn;
  /** Takes what was spent already, even if the bucket has less; less than nothing is given back. */
  readonly take: (key: string, rate: Rate, units: number) => void;
  readonly size: number;
}

interface Bucket {
  left: number;
  /** Milliseconds. */
  at: number;
}

/** Keys kept; beyond, whoever came first is forgotten, to their advantage. */
const MOST = 100_000;
/** Units that may be lost in rounding, lest whoever waited as long as told waits once more. */
const ROUNDING = 1e-6;

/** @param now milliseconds on a clock that never goes back */
export function createBuckets(now: () => number = () => performance.now(), most = MOST): Buckets {
  const buckets = new Map<string, Bucket>();

  function bucketOf(key: string, { units, seconds }: Rate): Bucket {
    const at = now();
    const known = buckets.get(key);
    if (known !== undefined) {
      known.left = Math.min(units, known.left + ((at - known.at) * units) / (seconds * 1000));
      known.at = at;
      // A Map iterates in the order of insertion: who draws now becomes the last to be forgotten.
      buckets.delete(key);
      buckets.set(key, known);
      return known;
    }
    const bucket = { left: units, at };
    buckets.set(key, bucket);
    if (buckets.size > most) buckets.delete(buckets.keys().next().value ?? "");
    return bucket;
  }

  return {
    draw(key, rate, units) {
      const bucket = bucketOf(key, rate);
      const granted = bucket.left >= units - ROUNDING;
      if (granted) bucket.left -= units;
      const wait = granted ? 0 : ((units - bucket.left) * rate.seconds) / rate.units;
      return { granted, left: bucket.left, wait };
    },
    take(key, rate, units) {
      const bucket = bucketOf(key, rate);
      // No deeper than one bucket: whoever was let spend too much at once waits no longer than for a full one.
      bucket.left = Math.max(-rate.units, Math.min(rate.units, bucket.left - units));
    },
    get size() {
      return buckets.size;
    },
  };
}
