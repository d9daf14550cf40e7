/**
 * The nonces of requests that came lately, so that none is answered twice. Two sets take turns: what is in them is
 * forgotten together, so that nothing has to be searched for what is old.
 */
export interface Nonces {
  /** Whether it is new; it is remembered from then on. @param now seconds, of a clock that does not go back */
  take(nonce: string, now: number): boolean;
}

/** Nonces of one window. More requests than these are no gateway's: none is answered until the next window. */
const MOST = 1_000_000;

/** @param window seconds for which each is remembered at least */
export function rememberNonces(window: number, most: number = MOST): Nonces {
  let current = new Set<string>();
  let previous = new Set<string>();
  let begun = -Infinity;
  return {
    take(nonce, now) {
      if (now - begun >= window) {
        previous = now - begun >= 2 * window ? new Set() : current;
        current = new Set();
        begun = now;
      }
      if (current.has(nonce) || previous.has(nonce) || current.size >= most) return false;
      current.add(nonce);
      return true;
    },
  };
}
