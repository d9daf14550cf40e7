/**
 * A member's schema as it tells it itself: `_service { sdl }` of federation.
 */
import { request } from "undici";
import { z } from "zod";

const DEADLINE_MS = 5_000;
const MOST_BYTES = 4 * 2 ** 20;

const answerSchema = z.object({ data: z.object({ _service: z.object({ sdl: z.string().min(1) }) }) });

/** The SDL, or why it could not be had. A redirect is not followed: the URL shall be the member's own. */
export async function fetchSdl(url: string): Promise<{ sdl: string } | { reason: string }> {
  try {
    const { statusCode, body } = await request(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ query: "{ _service { sdl } }" }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) return { reason: `more than ${MOST_BYTES} bytes` };
      chunks.push(chunk);
    }
    if (statusCode !== 200) return { reason: `HTTP ${statusCode}` };
    const answer = answerSchema.safeParse(JSON.parse(Buffer.concat(chunks).toString()));
    return answer.success ? { sdl: answer.data.data._service.sdl } : { reason: "no { _service { sdl } }" };
  } catch (error) {
    if (error instanceof SyntaxError) return { reason: "not JSON" };
    const { name, message, code } = error as NodeJS.ErrnoException;
    return { reason: name === "TimeoutError" ? `no answer within ${DEADLINE_MS} ms` : (code ?? message) };
  }
}
