/**
 * An answer in parts (@defer), as the graph sends it: multipart/mixed.
 */
import { meros } from "meros/browser";

/**
 * Undefined when the response is one answer.
 * @param leave ends the connection
 */
export function readParts<T extends object>(
  response: Response,
  leave: () => void,
): AsyncIterableIterator<T> | undefined {
  if (!response.headers.get("content-type")?.startsWith("multipart/mixed")) return undefined;
  const parts = receive<T>(response);
  let left = false;
  return {
    async next() {
      try {
        return await parts.next();
      } catch (error) {
        if (left) return { done: true, value: undefined };
        throw error;
      }
    },
    // A generator that waits hears of its end only when something comes: the connection is ended instead.
    async return() {
      left = true;
      leave();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* receive<T extends object>(response: Response): AsyncGenerator<T, undefined> {
  const parts = await meros<T>(response);
  if (parts instanceof Response) throw new Error("The answer is not in parts.");
  let hasNext = true;
  for await (const part of parts) {
    if (!part.json) throw new Error(`A part of the answer is not JSON: ${part.body.slice(0, 500)}`);
    hasNext = !("hasNext" in part.body) || part.body.hasNext === true;
    yield part.body;
  }
  if (hasNext) throw new Error("The connection ended before the answer did.");
}
