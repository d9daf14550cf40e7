/**
 * Work that no request waits for, such as building the engine of a new graph, is done in pieces, and requests come first
 * between them: the longest piece is what the slowest request waits longer.
 */
import { setImmediate, setTimeout } from "node:timers/promises";

/** Lets what has come in meanwhile be handled. */
export const giveWay = (): Promise<void> => setImmediate();

/** Rests after each piece for as long as it took: half of the processor's time stays for requests, however many come. */
export function createResting(): () => Promise<void> {
  let begun = performance.now();
  return async () => {
    await setTimeout(performance.now() - begun, undefined, { ref: false });
    begun = performance.now();
  };
}
