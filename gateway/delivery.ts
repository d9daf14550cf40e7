/**
 * What waits to be taken, first in, first out, and bounded: a slow taker costs memory up to the bounds, then it is told
 * so and gets no more. Taken by `for await`, one at a time.
 */
export interface Delivery<T> extends AsyncIterableIterator<T, undefined> {
  /** False when there is no room, or it has ended: the item is not taken in. */
  readonly put: (item: T, size: number) => boolean;
  /** Ends after what is waiting; with an error, where one is given. */
  readonly end: (error?: Error) => void;
  /** Forgets what is waiting, and ends with the error. */
  readonly cut: (error: Error) => void;
  readonly next: () => Promise<IteratorResult<T, undefined>>;
  /** The taker wants no more. */
  readonly return: () => Promise<IteratorResult<T, undefined>>;
}

/** Items that may wait. */
export const MOST_WAITING = 1_000;
/** Their characters together; one alone may be larger. */
const MOST_CHARACTERS = 16 * 2 ** 20;

/** @param onReturn called once, when the taker wants no more or has taken the last */
export function createDelivery<T>(onReturn: () => void = () => undefined): Delivery<T> {
  let waiting: { readonly item: T; readonly size: number }[] = [];
  let characters = 0;
  let ended = false;
  let failure: Error | undefined;
  let returned = false;
  /** The taker, when it waits. */
  let wake: (() => void) | undefined;

  function stop(): void {
    ended = true;
    wake?.();
  }

  function finish(): IteratorReturnResult<undefined> {
    if (!returned) {
      returned = true;
      onReturn();
    }
    return { done: true, value: undefined };
  }

  const delivery: Delivery<T> = {
    put(item, size) {
      if (ended || waiting.length >= MOST_WAITING) return false;
      if (waiting.length > 0 && characters + size > MOST_CHARACTERS) return false;
      waiting.push({ item, size });
      characters += size;
      wake?.();
      return true;
    },
    end(error) {
      if (ended) return;
      failure = error;
      stop();
    },
    cut(error) {
      if (ended) return;
      waiting = [];
      failure = error;
      stop();
    },
    async next() {
      if (waiting.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
      const first = waiting.shift();
      if (first !== undefined) {
        characters -= first.size;
        return { done: false, value: first.item };
      }
      const error = failure;
      failure = undefined;
      const done = finish();
      if (error !== undefined) throw error;
      return done;
    },
    async return() {
      waiting = [];
      failure = undefined;
      stop();
      return finish();
    },
    [Symbol.asyncIterator]: () => delivery,
  };
  return delivery;
}
