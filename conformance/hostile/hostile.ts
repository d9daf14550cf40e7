/**
 * A hostile request, and how an answer to it is judged.
 */
import type { Body } from "../http/body.ts";
import type { Exchange, HttpRequest } from "../http/exchange.ts";
import { answerOf, type Subject, summary } from "../subject.ts";

/** Every one of them is wrong in itself, so that an answer without any error is always a fault. */
export interface Hostile {
  /** Names the check: `hostile.<name>`. */
  readonly name: string;
  /** What is wrong with it, in words. */
  readonly what: string;
  readonly method?: string;
  /** Instead of JSON's; `undefined` takes a header away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Added to the URL. */
  readonly suffix?: string;
  readonly body?: Body | ((subject: Subject) => Body);
  /** A mutation that a faulty subgraph might carry out. */
  readonly isMutation?: boolean;
  /** A list of entities that are all null will do as well: nothing was found. */
  readonly mayFindNothing?: boolean;
  /** So large that the connection may be closed before it was read. */
  readonly mayBeCutOff?: boolean;
}

const JSON_HEADERS = { "content-type": "application/json", accept: "application/json" };
/** What a program's inside looks like when it gets out. */
const INSIDE =
  /(?:\n|\\n)\s+at .+:\d+|node_modules\/|Traceback \(most recent|Exception in thread|\bat java\.|System\.\w+Exception|SQLSTATE|syntax error at or near/;

export function requestOf(hostile: Hostile, subject: Subject): HttpRequest {
  const { method = "POST", headers = {}, suffix = "", body } = hostile;
  const kept = Object.entries({ ...JSON_HEADERS, ...headers }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    method,
    url: subject.url + suffix,
    headers: Object.fromEntries(kept),
    body: typeof body === "function" ? body(subject) : body,
  };
}

/** What is wrong with the answer; undefined when it is a client error of a good form. */
export function faultOf(hostile: Hostile, exchange: Exchange): string | undefined {
  const { answer, fault } = exchange;
  if (answer === undefined) {
    const isCut = fault?.startsWith("connection broken") ?? false;
    return isCut && hostile.mayBeCutOff === true ? undefined : (fault ?? "no answer");
  }
  const { status, text, mediaType } = answer;
  if (status >= 500) return `a fault of the server: ${summary(exchange)}`;
  if (INSIDE.test(text)) return `the answer shows the program's inside: ${summary(exchange)}`;
  const isJson = mediaType.endsWith("json");
  if (isJson && text !== "" && !isParsable(text)) return `the answer is not JSON: ${summary(exchange)}`;
  if (status >= 400) return undefined;
  if (status !== 200) return `neither an error nor an answer: ${summary(exchange)}`;
  const given = answerOf(exchange);
  if (given.errors.length > 0) return undefined;
  const entities = given.data?.["_entities"];
  if (
    hostile.mayFindNothing === true &&
    Array.isArray(entities) &&
    entities.every((entity) => entity === null)
  )
    return undefined;
  return `answered as if nothing were wrong: ${summary(exchange)}`;
}

function isParsable(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
