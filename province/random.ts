/**
 * A small seeded generator of pseudo-random numbers (sfc32, Chris Doty-Humphrey's PractRand): restarted for every dossier
 * from its index, so that a dossier does not depend on how many others there are.
 */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  /** Begins the sequence named by a stream (what is drawn, which seed) and an index in it. */
  restart(stream: number, index: number): void {
    this.#a = stream | 0;
    this.#b = index | 0;
    this.#c = Math.floor(index / 0x1_0000_0000) | 0;
    this.#counter = 1;
    // Neighbouring indices differ in few bits: the author's number of rounds until that no longer shows.
    for (let round = 0; round < 12; round++) this.next();
  }

  /** 0 ≤ value < 1, in steps of 2⁻³². */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  }

  /** from ≤ value < to */
  between(from: number, to: number): number {
    return from + this.next() * (to - from);
  }

  /** A whole number, from ≤ value ≤ to. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws RangeError when `values` is empty. */
  pick<T>(values: readonly T[]): T {
    const value = values[Math.floor(this.next() * values.length)];
    if (value === undefined) throw new RangeError("nothing to pick from");
    return value;
  }
}
