/**
 * Allowances in Redis, for all gateways that reach it. One script draws from all buckets of a request at once, by the
 * clock of Redis. While it is away, or slow, each gateway grants from its own memory, which has seen what it granted
 * before: requests are limited less strictly then, and none waits or fails for it.
 *
 * Keys are digests: who asks does not stand there.
 */
import { createHash } from "node:crypto";
import type { RedisClientType } from "@redis/client";
import type { Logger } from "../../process/log.ts";
import type { Drawn } from "./rate.ts";
import type { Drawing, RateStore } from "./rate-store.ts";

/** Milliseconds. */
const ANSWER_WITHIN = 100;
/** Milliseconds that nobody asks it after it was slow. */
const REST = 1_000;
/** Milliseconds between two attempts to reach it. */
const RECONNECT = 500;
/** Units that may be lost in rounding. */
const ROUNDING = 1e-6;

/**
 * KEYS: the buckets. ARGV: units, 1 where they are taken whatever there is, then of each bucket what it holds and the
 * seconds that it takes to fill. A bucket is what it had left, and when (milliseconds); it goes once it would be full.
 * Returns what each had.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local units = tonumber(ARGV[1])
local granted = true
local had = {}
for i, key in ipairs(KEYS) do
  local most, ms = tonumber(ARGV[2 * i + 1]), tonumber(ARGV[2 * i + 2]) * 1000
  local known = redis.call('HMGET', key, 'left', 'at')
  had[i] = most
  if known[1] then
    local passed = math.max(0, now - tonumber(known[2]))
    had[i] = math.min(most, tonumber(known[1]) + passed * most / ms)
  end
  if had[i] < units - ${ROUNDING} then granted = false end
end
local told = {}
for i, key in ipairs(KEYS) do
  told[i] = string.format('%.6f', had[i])
  if granted or ARGV[2] == '1' then
    local most, ms = tonumber(ARGV[2 * i + 1]), tonumber(ARGV[2 * i + 2]) * 1000
    local left = math.max(-most, math.min(most, had[i] - units))
    redis.call('HSET', key, 'left', string.format('%.6f', left), 'at', string.format('%.0f', now))
    redis.call('PEXPIRE', key, math.ceil((most - left) * ms / most) + 1000)
  end
end
return told`;
const DIGEST = createHash("sha1").update(SCRIPT).digest("hex");

/**
 * @param memory grants while Redis does not
 * @param answerWithin milliseconds that a request waits for Redis
 */
export function createRedisStore(
  url: string,
  memory: RateStore,
  log: Logger,
  answerWithin = ANSWER_WITHIN,
): RateStore {
  /** Whether it answered last; undefined before anybody knows. */
  let isThere: boolean | undefined;
  let restsUntil = 0;
  let closed = false;
  let client: RedisClientType | undefined;
  const connecting = connect();

  async function connect(): Promise<void> {
    // Loaded where it is configured only.
    const { createClient } = await import("@redis/client");
    const created: RedisClientType = createClient({
      url,
      disableOfflineQueue: true,
      socket: { connectTimeout: 5_000, reconnectStrategy: () => RECONNECT },
    });
    created.on("error", (error: Error) => away(error));
    created.on("ready", there);
    client = created;
    // It tries until it is closed.
    if (!closed) void created.connect().catch(away);
  }

  function away(error: Error): void {
    if (isThere !== false && !closed)
      log.warn({ fault: error.message }, "the store of rates is away: this gateway grants by itself");
    isThere = false;
  }

  function there(): void {
    if (isThere === false) log.info("the store of rates is there again");
    isThere = true;
    restsUntil = 0;
  }

  /** What each bucket had; undefined when Redis does not tell. */
  async function run(
    from: readonly Drawing[],
    units: number,
    force: boolean,
  ): Promise<readonly number[] | undefined> {
    if (client?.isReady !== true || performance.now() < restsUntil) return undefined;
    const keys = from.map(({ key }) => keyOf(key));
    const sizes = from.flatMap(({ rate }) => [String(rate.units), String(rate.seconds)]);
    const rest = [String(keys.length), ...keys, String(units), force ? "1" : "0", ...sizes];
    try {
      const had = await within(ask(client, rest), answerWithin);
      there();
      return had.map(Number);
    } catch (error) {
      restsUntil = performance.now() + REST;
      away(error as Error);
      return undefined;
    }
  }

  return {
    async draw(from, units) {
      const had = await run(from, units, false);
      if (had === undefined) return memory.draw(from, units);
      const drawn = from.map(({ rate }, index) => drawnOf(rate, had[index] ?? 0, units));
      if (!drawn.every(({ granted }) => granted)) return drawn;
      memory.take(from, units);
      return drawn.map(({ left, ...each }) => ({ ...each, left: left - units }));
    },
    take(from, units) {
      memory.take(from, units);
      void run(from, units, true);
    },
    async close() {
      closed = true;
      await connecting;
      if (client?.isOpen === true) client.destroy();
      await memory.close();
    },
  };
}

function drawnOf(rate: Drawing["rate"], had: number, units: number): Drawn {
  const granted = had >= units - ROUNDING;
  return { granted, left: had, wait: granted ? 0 : ((units - had) * rate.seconds) / rate.units };
}

function keyOf(key: string): string {
  return `rate:${createHash("sha256").update(key).digest("base64url").slice(0, 22)}`;
}

/** By its digest; with its text where Redis does not know it yet. */
async function ask(client: RedisClientType, rest: readonly string[]): Promise<readonly string[]> {
  try {
    return await client.sendCommand<string[]>(["EVALSHA", DIGEST, ...rest]);
  } catch (error) {
    if (!(error as Error).message.startsWith("NOSCRIPT")) throw error;
    return client.sendCommand<string[]>(["EVAL", SCRIPT, ...rest]);
  }
}

async function within<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  // Whichever comes second is of no use to anybody.
  answer.catch(() => undefined);
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
