/**
 * The subgraph under test: asked as the gateway asks it.
 */
import type { SigningGateway } from "./gateway.ts";
import type { Exchange, HttpClient } from "./http/exchange.ts";
import { jsonBody } from "./http/body.ts";
import { Names } from "./codes.ts";

/** An error of an answer (GraphQL section 7.1.2), as it came: nothing about it is certain. */
export interface GivenError {
  readonly message?: unknown;
  readonly path?: unknown;
  readonly locations?: unknown;
  readonly extensions?: { readonly code?: unknown; readonly [name: string]: unknown };
}

export interface Answer {
  readonly exchange: Exchange;
  /** Undefined when the answer is not a GraphQL response, or has none. */
  readonly data: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors: readonly GivenError[];
}

export interface SubjectSettings {
  readonly url: string;
  /** Canonical code. */
  readonly agency: string;
  readonly client: HttpClient;
  /** Whose requests it answers; undefined where it answers whoever asks. */
  readonly gateway?: SigningGateway | undefined;
  readonly readOnly: boolean;
  /** Milliseconds that 99 of 100 requests for 100 entities may take. */
  readonly latencyLimit: number;
}

export class Subject {
  readonly url: string;
  readonly agency: string;
  readonly client: HttpClient;
  readonly gateway: SigningGateway | undefined;
  readonly readOnly: boolean;
  readonly latencyLimit: number;
  readonly names: Names;
  /** Dossier codes of the cases opened so far. */
  readonly opened = new Set<string>();
  readonly #known = new Map<unknown, Promise<unknown>>();

  constructor({ url, agency, client, gateway, readOnly, latencyLimit }: SubjectSettings) {
    this.url = url;
    this.agency = agency;
    this.client = client;
    this.gateway = gateway;
    this.readOnly = readOnly;
    this.latencyLimit = latencyLimit;
    this.names = new Names(agency);
  }

  ask(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    return this.post(variables === undefined ? { query } : { query, variables }, headers);
  }

  /** @param body a GraphQL request, as the specification of GraphQL over HTTP has it */
  async post(body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return answerOf(
      await this.client.send({
        method: "POST",
        url: this.url,
        headers: { "content-type": "application/json", accept: "application/json", ...headers },
        body: jsonBody(body),
      }),
    );
  }

  /** Entities by their representations: `undefined` when the answer has no list. */
  async entities(
    selection: string,
    representations: readonly object[],
  ): Promise<Answer & { readonly list: readonly (Readonly<Record<string, unknown>> | null)[] | undefined }> {
    const answer = await this.ask(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`,
      { representations },
    );
    const list = answer.data?.["_entities"];
    return { ...answer, list: Array.isArray(list) ? list : undefined };
  }

  /** What several checks look at is made once. */
  once<T>(make: (subject: Subject) => Promise<T>): Promise<T> {
    const known = (this.#known.get(make) as Promise<T> | undefined) ?? make(this);
    this.#known.set(make, known);
    return known;
  }
}

/** Reads a GraphQL response; what is none has no data and no errors. */
export function answerOf(exchange: Exchange): Answer {
  const body = exchange.answer && parsed(exchange.answer.text);
  if (typeof body !== "object" || body === null || Array.isArray(body))
    return { exchange, data: undefined, errors: [] };
  const { data, errors } = body as { data?: unknown; errors?: unknown };
  return {
    exchange,
    data: isObject(data) || data === null ? data : undefined,
    errors: Array.isArray(errors) ? errors.filter(isObject) : [],
  };
}

/** An answer in one line, for a report. */
export function summary({ answer, fault }: Exchange): string {
  if (answer === undefined) return fault ?? "no answer";
  const text = answer.text.replaceAll(/\s+/g, " ");
  return `HTTP ${answer.status} ${text.length > 200 ? `${text.slice(0, 200)}…` : text}`;
}

/** `extensions.code` of the first error; undefined when there is none. */
export function codeOf({ errors }: Answer): unknown {
  return errors[0]?.extensions?.code;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
