/**
 * Ports: which are free. A port found free can be taken before it is used, so whoever uses it must still look.
 */
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below the ports that operating systems hand out by themselves (Linux from 32768, others from 49152): none of these
 * goes by chance to somebody's connection between the moment it is found and the moment it is used.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** A free port of the loopback address. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port, "127.0.0.1")) return port;
  }
}

/** These ports where they are free, else others that are; each only once. */
export async function freePortsNear(wanted: readonly number[], host: string): Promise<number[]> {
  const chosen = new Set<number>();
  for (const port of wanted) {
    let candidate = port;
    while (chosen.has(candidate) || !(await isFree(candidate, host))) candidate = await freePort();
    chosen.add(candidate);
  }
  return [...chosen];
}

/**
 * @param host the address that will listen; other addresses of this machine do not count
 * @throws when `host` is no address of this machine.
 */
export async function isFree(port: number, host: string): Promise<boolean> {
  if (port < 1 || port > 65_535) return false;
  const probe = createServer();
  try {
    probe.listen({ port, host, exclusive: true });
    await once(probe, "listening");
    return true;
  } catch (error) {
    // Low ports are root's: not to be had is as good as taken.
    if (["EADDRINUSE", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}
