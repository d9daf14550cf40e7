/**
 * One HTTP POST, its whole answer within a deadline. On undici's dispatch: its request() makes a stream and an abort
 * signal for every call, which cost more than the call itself when answers are small and many.
 */
import { type Agent, errors } from "undici";
import type { MessageHeaders } from "../../process/http-components.ts";

export interface Target {
  readonly origin: string;
  readonly path: string;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: MessageHeaders;
  readonly body: Buffer;
}

/** Why there is no whole answer. */
export class PostError extends Error {
  override readonly name = "PostError";
  /** Of the answer, when one had begun. */
  readonly status: number | undefined;
  readonly timedOut: boolean;
  constructor(cause: Error, status: number | undefined, timedOut: boolean) {
    super(cause.message, { cause });
    this.status = status;
    this.timedOut = timedOut;
  }
}

/** Ends a call that is under way. */
export interface GiveUp {
  /** Set once the call has begun. */
  now?: () => void;
}

/**
 * @throws PostError as the promise's rejection.
 * @param headers names and values in turn
 * @param deadline milliseconds for the whole call
 */
export function post(
  agent: Agent,
  { origin, path }: Target,
  headers: string[],
  body: string,
  deadline: number,
  giveUp?: GiveUp,
): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    let status: number | undefined;
    let received: MessageHeaders = {};
    let timedOut = false;
    let ended: Error | undefined;
    let abort: ((reason: Error) => void) | undefined;
    const chunks: Buffer[] = [];
    const end = (reason: Error): void => {
      ended = reason;
      // Before a connection is free there is nothing to abort yet: the call ends as soon as it would begin.
      if (abort === undefined) fail(reason);
      else abort(reason);
    };
    const timer = setTimeout(() => {
      timedOut = true;
      end(new errors.RequestAbortedError("deadline"));
    }, deadline);
    if (giveUp !== undefined) giveUp.now = () => end(new errors.RequestAbortedError("given up"));
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(new PostError(error, status, timedOut));
    };
    agent.dispatch(
      { origin, path, method: "POST", headers, body },
      {
        onRequestStart(controller) {
          abort = (reason) => controller.abort(reason);
          if (ended !== undefined) abort(ended);
        },
        onResponseStart(_controller, statusCode, responseHeaders) {
          status = statusCode;
          received = responseHeaders;
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          clearTimeout(timer);
          resolve({ status: status ?? 0, headers: received, body: joined(chunks) });
        },
        onResponseError(_controller, error) {
          fail(error);
        },
      },
    );
  });
}

/** Most answers are one chunk. */
function joined(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}
