/**
 * A member's schema as it tells it itself: `_service { sdl }` of federation.
 */
import { request } from "undici";
import { z } from "zod";
import type { Outgoing } from "../transport/headers.ts";
import { targetOf } from "../transport/http.ts";

const DEADLINE_MS = 5_000;
const MOST_BYTES = 4 * 2 ** 20;

const answerSchema = z.object({ data: z.object({ _service: z.object({ sdl: z.string().min(1) }) }) });

/** The headers by which members know who asks. */
export type SdlHeaders = (outgoing: Outgoing) => Readonly<Record<string, string>>;

const UNSIGNED: SdlHeaders = () => ({});

/** The SDL, or why it could not be had. A redirect is not followed: the URL shall be the member's own. */
export async function fetchSdl(
  url: string,
  headersFor: SdlHeaders = UNSIGNED,
): Promise<{ sdl: string } | { reason: string }> {
  try {
    const body = JSON.stringify({ query: "{ _service { sdl } }" });
    const own = { "content-type": "application/json", accept: "application/json" };
    const answered = await request(url, {
      method: "POST",
      headers: { ...own, ...headersFor({ method: "POST", target: targetOf(url).path, body }) },
      body,
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answered.body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) return { reason: `more than ${MOST_BYTES} bytes` };
      chunks.push(chunk);
    }
    const { statusCode } = answered;
    if (statusCode === 401)
      return {
        reason: "HTTP 401: it answers its gateway only, whose key the registry needs (--signing-key-file)",
      };
    if (statusCode !== 200) return { reason: `HTTP ${statusCode}` };
    const answer = answerSchema.safeParse(JSON.parse(Buffer.concat(chunks).toString()));
    return answer.success ? { sdl: answer.data.data._service.sdl } : { reason: "no { _service { sdl } }" };
  } catch (error) {
    if (error instanceof SyntaxError) return { reason: "not JSON" };
    const { name, message, code } = error as NodeJS.ErrnoException;
    return { reason: name === "TimeoutError" ? `no answer within ${DEADLINE_MS} ms` : (code ?? message) };
  }
}
