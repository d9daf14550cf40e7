/**
 * Ports: which are free. A port found free can be taken before it is used, so whoever uses it must still look.
 */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A free port that the operating system chooses. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0, "127.0.0.1");
  if (port === undefined) throw new Error("the operating system has no free port");
  return port;
}

/** @param host the address that will listen; other addresses of this machine do not count. */
export async function isFree(port: number, host: string): Promise<boolean> {
  return port > 0 && port <= 65_535 && (await listenOnce(port, host)) !== undefined;
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

/** The port, or undefined when it is taken. Other faults (an address that is not of this machine) are thrown. */
async function listenOnce(port: number, host: string): Promise<number | undefined> {
  const probe = createServer();
  try {
    probe.listen({ port, host, exclusive: true });
    await once(probe, "listening");
    return (probe.address() as AddressInfo).port;
  } catch (error) {
    if (["EADDRINUSE", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}
