/**
 * What of an HTTP message can be signed: its components and their values (RFC 9421, section 2).
 */
import { type Item, parseDictionary, parseItem, serializeInnerList, serializeItem } from "structured-headers";

/** By names in lower case; several lines of one name as a list. */
export type MessageHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface RequestMessage {
  /** In upper case. */
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly target: string;
  readonly headers: MessageHeaders;
}

export interface ResponseMessage {
  readonly status: number;
  readonly headers: MessageHeaders;
  /** That it answers. */
  readonly request: RequestMessage;
}

export type Message = RequestMessage | ResponseMessage;

export interface Component {
  /** As it stands in lists and bases: `"content-digest"`, `"signature";req;key="gateway"`. */
  readonly identifier: string;
  /** `@method`, or a header's name in lower case. */
  readonly name: string;
  /** Of the request, in a response. */
  readonly ofRequest: boolean;
  /** Of one member, where the header is a dictionary. */
  readonly key: string | undefined;
}

/** @param identifier for example `"@method"`, quotes included. @throws Error when there is no such component. */
export function component(identifier: string): Component {
  const read = componentOf(parseItem(identifier));
  if (read === undefined) throw new Error(`${identifier} is not a component that can be signed`);
  return read;
}

/** Undefined where it is none, or one that is not known here (`sf`, `bs` and `tr` are not). */
export function componentOf(item: Item): Component | undefined {
  const [name, parameters] = item;
  if (typeof name !== "string" || name !== name.toLowerCase()) return undefined;
  const { req, key, ...others } = Object.fromEntries(parameters);
  if (Object.keys(others).length > 0) return undefined;
  if ((req !== undefined && req !== true) || (key !== undefined && typeof key !== "string")) return undefined;
  if (name.startsWith("@") && (key !== undefined || !Object.hasOwn(DERIVED, name))) return undefined;
  return { identifier: serializeItem(item), name, ofRequest: req === true, key };
}

/** Undefined where the message has none. */
export function componentValue({ name, ofRequest, key }: Component, message: Message): string | undefined {
  const source = ofRequest ? requestOf(message) : message;
  if (source === undefined) return undefined;
  if (name.startsWith("@")) return DERIVED[name]?.(source);
  const value = fieldValue(source.headers, name);
  return key === undefined || value === undefined ? value : memberValue(value, key);
}

/** Section 2.1: lines of one name are joined. */
export function fieldValue(headers: MessageHeaders, name: string): string | undefined {
  const given = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (given === undefined) return undefined;
  return typeof given === "string" ? given.trim() : given.map((line) => line.trim()).join(", ");
}

/** Section 2.2. */
const DERIVED: Readonly<Record<string, (message: Message) => string | undefined>> = {
  "@method": (message) => ("method" in message ? message.method : undefined),
  "@path": (message) => ("target" in message ? pathOf(message.target) : undefined),
  "@query": (message) => ("target" in message ? queryOf(message.target) : undefined),
  "@authority": (message) =>
    "method" in message ? fieldValue(message.headers, "host")?.toLowerCase() : undefined,
  "@status": (message) => ("status" in message ? String(message.status) : undefined),
};

function pathOf(target: string): string {
  const end = target.indexOf("?");
  return end === -1 ? target : target.slice(0, end);
}

/** A question mark alone where there is no query. */
function queryOf(target: string): string {
  const start = target.indexOf("?");
  return start === -1 ? "?" : target.slice(start);
}

function requestOf(message: Message): RequestMessage | undefined {
  return "request" in message ? message.request : undefined;
}

const ONLY_BYTES = /^([a-z]+)=(:[A-Za-z0-9+/]+={0,2}:)$/;

/** Section 2.1.2. */
function memberValue(value: string, key: string): string | undefined {
  // As a signature stands alone in its header.
  const [, onlyKey, bytes] = ONLY_BYTES.exec(value) ?? [];
  if (onlyKey === key) return bytes;
  try {
    const member = parseDictionary(value).get(key);
    if (member === undefined) return undefined;
    return Array.isArray(member[0])
      ? serializeInnerList(member as Parameters<typeof serializeInnerList>[0])
      : serializeItem(member as Item);
  } catch {
    return undefined;
  }
}
