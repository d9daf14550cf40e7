/**
 * Answers in parts over HTTP: `multipart/mixed` (RFC 2046, and the incremental delivery RFC of GraphQL over HTTP).
 */
import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import type { IncrementalFormat, LaterTexts } from "../incremental.ts";

const BOUNDARY = "-";
const MULTIPART = /multipart\/mixed/i;
const PART = "\r\ncontent-type: application/json; charset=utf-8\r\n\r\n";

/** Parameters of the media type that name a form. */
const PARAMETERS: Readonly<Record<IncrementalFormat, string>> = {
  "v0.2": "incrementalSpec=v0.2",
  "20220824": "deferSpec=20220824",
};

interface Range {
  readonly type: string;
  /** Lower-case names. */
  readonly parameters: ReadonlyMap<string, string>;
  /** 0 to 1. */
  readonly quality: number;
}

/**
 * The form in which a client takes an answer in parts; undefined when it takes none, or prefers the whole at once.
 * `multipart/mixed` without a form is the current one; `*` and `multipart/*` ask for nothing that has to be understood.
 */
export function acceptedFormat(accept: string | undefined): IncrementalFormat | undefined {
  if (accept === undefined || !MULTIPART.test(accept)) return undefined;
  const ranges = accept.split(",").map(readRange);
  const whole = Math.max(0, ...ranges.filter(({ type }) => isJson(type)).map(({ quality }) => quality));
  const offers = ranges.flatMap((range) => {
    const format = range.type === "multipart/mixed" ? formatOf(range.parameters) : undefined;
    return format === undefined ? [] : [{ format, quality: range.quality }];
  });
  const [best] = offers.toSorted((a, b) => b.quality - a.quality);
  return best !== undefined && best.quality > 0 && best.quality >= whole ? best.format : undefined;
}

/** Sends the parts as they come, no faster than the client reads. */
export function sendParts(
  reply: FastifyReply,
  first: string,
  { format, texts, cancel }: LaterTexts,
): FastifyReply {
  const body = Readable.from(chunks(first, texts), { objectMode: false });
  // An iterator that waits cannot be told to end: who has gone away is told to what it waits for.
  reply.raw.once("close", cancel);
  reply.header("content-type", `multipart/mixed; boundary="${BOUNDARY}"; ${PARAMETERS[format]}`);
  // Proxies that gather an answer before they pass it on would undo it.
  reply.header("cache-control", "no-store").header("x-accel-buffering", "no");
  return reply.code(200).send(body);
}

/** Each part with the boundary after it, so that a client knows at once that it is whole. */
async function* chunks(first: string, later: AsyncIterable<string>): AsyncGenerator<string> {
  yield `\r\n--${BOUNDARY}${PART}${first}\r\n--${BOUNDARY}`;
  for await (const text of later) yield `${PART}${text}\r\n--${BOUNDARY}`;
  yield "--\r\n";
}

function readRange(text: string): Range {
  const [type = "", ...rest] = text.split(";").map((part) => part.trim());
  const parameters = new Map(
    rest.map((part) => {
      const [name = "", value = ""] = part.split("=").map((side) => side.trim());
      return [name.toLowerCase(), value.replaceAll('"', "")];
    }),
  );
  const quality = Number(parameters.get("q") ?? 1);
  return { type: type.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 0 : quality };
}

function formatOf(parameters: Range["parameters"]): IncrementalFormat | undefined {
  const older = parameters.get("deferspec");
  if (older !== undefined) return older === "20220824" ? older : undefined;
  const current = parameters.get("incrementalspec");
  if (current !== undefined) return current === "v0.2" ? current : undefined;
  // Another protocol's parts, as those of multipart subscriptions.
  return parameters.has("subscriptionspec") ? undefined : "v0.2";
}

function isJson(type: string): boolean {
  return type === "application/json" || type === "application/graphql-response+json";
}
