/**
 * Calls to a REST/JSON system: within a time, a few at once, each failure by its kind. Readings are tried twice, shared
 * while they are under way, and kept for a short time; a change is sent once.
 */
import { AgencyError } from "../../errors.ts";
import { type SourceCall, sourceCallChannel } from "../../metrics.ts";
import { at } from "../fields.ts";
import type { RestMapping, ServiceSpec } from "./mapping.ts";
import { fillBody, fillPath, type TemplateValues } from "./template.ts";

/** What a service said: an answer, that there is no such thing, or that it is there already. */
export type Outcome =
  | { readonly kind: "ok"; readonly body: unknown }
  | { readonly kind: "missing" }
  | { readonly kind: "exists" };

export interface Reading {
  /** How long an answer may be used again; 0 for not at all. */
  readonly cacheSeconds: number;
}

interface Kept {
  readonly outcome: Outcome;
  readonly etag: string | undefined;
  until: number;
}

interface Request {
  readonly name: string;
  readonly url: string;
  readonly method: string;
  readonly body: string | undefined;
}

/** Of answers kept, the ones used longest ago go first. */
const KEPT_AT_MOST = 500;
const LARGEST_ANSWER = 16 * 1024 * 1024;
const LEAST_SECOND_TRY_MS = 100;
const BUSY_STATUSES: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

export class RestClient {
  readonly #agency: string;
  readonly #mapping: RestMapping;
  readonly #kept = new Map<string, Kept>();
  readonly #flights = new Map<string, Promise<Outcome>>();
  readonly #waiting: (() => void)[] = [];
  readonly #closed = new AbortController();
  #free: number;
  /** Goes up whenever something has changed: an answer asked for before is not kept. */
  #generation = 0;

  constructor(agency: string, mapping: RestMapping) {
    this.#agency = agency;
    this.#mapping = mapping;
    this.#free = mapping.parallel;
  }

  /** @throws AgencyError SOURCE_UNREACHABLE, SOURCE_FAILED, SOURCE_REFUSED */
  async read(name: string, service: ServiceSpec, values: TemplateValues, reading: Reading): Promise<Outcome> {
    const request = this.#request(name, service, values);
    const key = `${request.method} ${request.url} ${request.body ?? ""}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > Date.now()) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept.outcome;
    }
    const flight = this.#flights.get(key);
    if (flight !== undefined) return flight;
    const started = this.#readAnew(request, key, kept, reading);
    this.#flights.set(key, started);
    const land = (): void => {
      // Forgotten meanwhile, another may be under way in its place.
      if (this.#flights.get(key) === started) this.#flights.delete(key);
    };
    started.then(land, land);
    return started;
  }

  /** Not repeated by itself: it may have had its effect although no answer came. */
  async change(name: string, service: ServiceSpec, values: TemplateValues): Promise<Outcome> {
    this.forget();
    try {
      const { outcome } = await this.#send(this.#request(name, service, values), this.#mapping.timeoutMs);
      return outcome;
    } finally {
      this.forget();
    }
  }

  /** What was kept may no longer be so: the next reading asks anew. */
  forget(): void {
    this.#generation++;
    this.#kept.clear();
    this.#flights.clear();
  }

  close(): void {
    this.#closed.abort();
  }

  async #readAnew(
    request: Request,
    key: string,
    kept: Kept | undefined,
    { cacheSeconds }: Reading,
  ): Promise<Outcome> {
    const generation = this.#generation;
    const deadline = Date.now() + this.#mapping.timeoutMs;
    let answer: { outcome: Outcome; etag: string | undefined };
    try {
      answer = await this.#send(request, deadline - Date.now(), kept);
    } catch (error) {
      // A refusal stays one; anything else may have been a moment's weakness, if there is time to see.
      const isTemporary = error instanceof AgencyError && error.code !== "SOURCE_REFUSED";
      const left = deadline - Date.now();
      if (!isTemporary || left < LEAST_SECOND_TRY_MS || this.#closed.signal.aborted) throw error;
      answer = await this.#send(request, left, kept);
    }
    if (cacheSeconds > 0 && generation === this.#generation) {
      this.#kept.delete(key);
      this.#kept.set(key, { ...answer, until: Date.now() + cacheSeconds * 1_000 });
      const [oldest] = this.#kept.keys();
      if (this.#kept.size > KEPT_AT_MOST && oldest !== undefined) this.#kept.delete(oldest);
    }
    return answer.outcome;
  }

  async #send(
    request: Request,
    withinMs: number,
    kept?: Kept,
  ): Promise<{ outcome: Outcome; etag: string | undefined }> {
    // The wait for a free place counts too: who waits in front of a slow system waits as for its answer.
    const signal = AbortSignal.any([AbortSignal.timeout(Math.max(withinMs, 1)), this.#closed.signal]);
    const began = performance.now();
    const tell = (outcome: SourceCall["outcome"]): void =>
      sourceCallChannel.publish({
        agency: this.#agency,
        service: request.name,
        outcome,
        seconds: (performance.now() - began) / 1_000,
      } satisfies SourceCall);
    try {
      await this.#enter(signal);
      try {
        const response = await fetch(request.url, {
          method: request.method,
          headers: {
            accept: "application/json",
            ...(request.body !== undefined && { "content-type": "application/json" }),
            ...(kept?.etag !== undefined && { "if-none-match": kept.etag }),
            ...this.#mapping.headers,
          },
          ...(request.body !== undefined && { body: request.body }),
          redirect: "error",
          signal,
        });
        if (response.status === 304 && kept !== undefined) {
          await response.body?.cancel();
          tell("unchanged");
          return { outcome: kept.outcome, etag: kept.etag };
        }
        const text = await readText(response);
        const outcome = this.#judge(request, response.status, text);
        tell("answered");
        return { outcome, etag: response.headers.get("etag") ?? undefined };
      } finally {
        this.#leave();
      }
    } catch (error) {
      const fault = this.#faultOf(request, error, signal);
      tell(
        fault.code === "SOURCE_REFUSED"
          ? "refused"
          : fault.code === "SOURCE_FAILED"
            ? "failed"
            : "unreachable",
      );
      throw fault;
    }
  }

  /** @throws AgencyError by the HTTP status and by the system's own code, which may contradict it */
  #judge(request: Request, status: number, text: string): Outcome {
    const { outcome: rule } = this.#mapping;
    const body = parseJson(text);
    const said = rule === undefined || body === undefined ? undefined : at(body, rule.code);
    const code = typeof said === "string" || typeof said === "number" ? String(said) : undefined;
    const told = rule?.message === undefined || body === undefined ? undefined : at(body, rule.message);
    const message = typeof told === "string" && told !== "" ? told.slice(0, 200) : undefined;
    const meaning =
      code !== undefined && rule !== undefined && Object.hasOwn(rule.codes, code)
        ? rule.codes[code]
        : undefined;
    if (meaning === "missing" || meaning === "exists") return { kind: meaning };
    const reason = [code === undefined ? undefined : `code ${code}`, message].filter(Boolean).join(": ");
    if (meaning === "refused") throw this.#fault("SOURCE_REFUSED", request, reason);
    if (meaning === "busy" || BUSY_STATUSES.has(status))
      throw this.#fault("SOURCE_UNREACHABLE", request, reason || `HTTP ${status}`);
    if (status === 404 || status === 410) return { kind: "missing" };
    if (status === 409) return { kind: "exists" };
    if (status === 400 || status === 422)
      throw this.#fault("SOURCE_REFUSED", request, reason || `HTTP ${status}`);
    if (status >= 300)
      throw this.#fault("SOURCE_FAILED", request, [`HTTP ${status}`, reason].filter(Boolean).join(", "));
    if (body === undefined) throw this.#fault("SOURCE_FAILED", request, "the answer is not JSON");
    if (rule !== undefined && meaning !== "ok")
      throw this.#fault("SOURCE_FAILED", request, reason || `the answer has no ${rule.code}`);
    return { kind: "ok", body };
  }

  #faultOf(request: Request, error: unknown, signal: AbortSignal): AgencyError {
    if (error instanceof AgencyError) return error;
    if (error instanceof RangeError) return this.#fault("SOURCE_FAILED", request, error.message);
    if (signal.aborted)
      return this.#fault(
        "SOURCE_UNREACHABLE",
        request,
        `no answer within ${this.#mapping.timeoutMs} ms`,
        error,
      );
    // fetch itself says only "fetch failed": what failed stands in the cause.
    const cause: unknown = error instanceof TypeError && error.cause ? error.cause : error;
    const code = (cause as { code?: unknown }).code;
    return this.#fault(
      "SOURCE_UNREACHABLE",
      request,
      typeof code === "string" ? code : "connection failed",
      error,
    );
  }

  #fault(
    code: "SOURCE_UNREACHABLE" | "SOURCE_FAILED" | "SOURCE_REFUSED",
    request: Request,
    reason: string,
    cause?: unknown,
  ): AgencyError {
    return new AgencyError(code, { agency: this.#agency, service: request.name, reason }, { cause });
  }

  #request(name: string, service: ServiceSpec, values: TemplateValues): Request {
    const { baseUrl, dates } = this.#mapping;
    const { method } = service;
    return {
      name,
      method,
      url: baseUrl.replace(/\/$/, "") + fillPath(service.path, values, dates),
      body:
        service.body === undefined || method === "GET"
          ? undefined
          : JSON.stringify(fillBody(service.body, values, dates)),
    };
  }

  async #enter(signal: AbortSignal): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const giveUp = (): void => {
      this.#waiting.splice(this.#waiting.indexOf(resolve), 1);
      reject(signal.reason as Error);
    };
    this.#waiting.push(resolve);
    signal.addEventListener("abort", giveUp, { once: true });
    await promise;
    signal.removeEventListener("abort", giveUp);
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}

/** @throws RangeError when it is larger than anything this system should say */
async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).byteLength;
    if (size > LARGEST_ANSWER) throw new RangeError(`the answer is larger than ${LARGEST_ANSWER} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Undefined for what is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
