/**
 * Signatures of HTTP messages (RFC 9421) with Ed25519: of requests, and of responses bound to their requests.
 */
import { type KeyObject, sign, verify } from "node:crypto";
import { type InnerList, parseDictionary, parseList, serializeInnerList } from "structured-headers";
import {
  type Component,
  componentOf,
  componentValue,
  fieldValue,
  type Message,
  type MessageHeaders,
} from "./http-components.ts";

export interface SignatureKey {
  readonly keyId: string;
  /** Private, Ed25519. */
  readonly key: KeyObject;
}

export interface SignatureWish {
  /** Names the signature among others of the message. */
  readonly label: string;
  /** Each must be in the message. */
  readonly components: readonly Component[];
  /** Seconds since 1970. */
  readonly created: number;
  /** Never the same twice; of characters that need no escape. Left out where nothing is replayed. */
  readonly nonce?: string;
}

export interface SignatureHeaders {
  readonly "signature-input": string;
  readonly signature: string;
}

/** @throws Error when the message lacks a component. */
export function signMessage(
  message: Message,
  { label, components, created, nonce }: SignatureWish,
  { key, keyId }: SignatureKey,
): SignatureHeaders {
  const covered = components.map(({ identifier }) => identifier).join(" ");
  const input = `(${covered});created=${created}${nonce === undefined ? "" : `;nonce="${nonce}"`};keyid="${keyId}"`;
  const base = signatureBase(message, components, input);
  if ("missing" in base) throw new Error(`there is no ${base.missing} to sign`);
  const signature = sign(null, Buffer.from(base.text, "latin1"), key).toString("base64");
  return { "signature-input": `${label}=${input}`, signature: `${label}=:${signature}:` };
}

/** A signature as it came, not verified yet. */
export interface ReceivedSignature {
  readonly components: readonly Component[];
  /** Components and parameters, as they are signed themselves. */
  readonly input: string;
  readonly keyId: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly expires: number | undefined;
  readonly nonce: string | undefined;
  readonly signature: Uint8Array;
}

/** For logs: why a signature does not count. */
export interface SignatureFault {
  readonly fault: string;
}

/** The signature of a label. */
export function readSignature(headers: MessageHeaders, label: string): ReceivedSignature | SignatureFault {
  const inputs = fieldValue(headers, "signature-input");
  const signatures = fieldValue(headers, "signature");
  if (inputs === undefined || signatures === undefined) return { fault: "there is no signature" };
  const plain = readPlain(inputs, signatures, label);
  if (plain !== undefined) return plain;
  try {
    const list = parseDictionary(inputs).get(label);
    const item = parseDictionary(signatures).get(label);
    if (list === undefined || item === undefined) return { fault: `there is no signature "${label}"` };
    if (!isInnerList(list) || !(item[0] instanceof ArrayBuffer))
      return { fault: "Signature-Input is not a list, or Signature not a byte sequence" };
    return received(list, item[0]);
  } catch (error) {
    return { fault: `Signature-Input or Signature is not a dictionary: ${(error as Error).message}` };
  }
}

export interface Expectation {
  /** What the signature must cover; it may cover more. */
  readonly components: readonly Component[];
  /** Public, Ed25519: the one that the signature names. */
  readonly key: KeyObject;
  /** Seconds since 1970. */
  readonly now: number;
  /** Seconds that a signature counts for. */
  readonly lifetime: number;
  /** Seconds that clocks may be apart. */
  readonly tolerance: number;
}

/** Why a signature of the message does not count; undefined when it does. The cheap reasons come first. */
export function signatureFault(
  message: Message,
  signature: ReceivedSignature,
  { components, key, now, lifetime, tolerance }: Expectation,
): string | undefined {
  const { created, expires = created + lifetime } = signature;
  const covered = new Set(signature.components.map(({ identifier }) => identifier));
  const open = components.find(({ identifier }) => !covered.has(identifier));
  if (open !== undefined) return `the signature does not cover ${open.identifier}`;
  if (created > now + tolerance) return "the signature is of the future";
  if (now > Math.min(expires, created + lifetime) + tolerance) return "the signature has expired";
  const base = signatureBase(message, signature.components, signature.input);
  if ("missing" in base) return `the signature covers ${base.missing}, which there is not`;
  const isRight = verify(null, Buffer.from(base.text, "latin1"), key, signature.signature);
  return isRight ? undefined : "the signature is not of this message by the key that it names";
}

/** Section 2.5: one line for each component, then the list itself. */
export function signatureBase(
  message: Message,
  components: readonly Component[],
  input: string,
): { readonly text: string } | { readonly missing: string } {
  let text = "";
  for (const each of components) {
    const value = componentValue(each, message);
    if (value === undefined) return { missing: each.identifier };
    text += `${each.identifier}: ${value}\n`;
  }
  return { text: `${text}"@signature-params": ${input}` };
}

const PLAIN_INPUT = /^([a-z]+)=(\(([^()]*)\);created=(\d{1,15})(?:;nonce="([\w-]+)")?;keyid="([\w-]+)")$/;
const PLAIN_SIGNATURE = /^([a-z]+)=:([A-Za-z0-9+/]{86}==):$/;

/**
 * As signMessage writes it, alone in its headers: parsing it as any dictionary takes half as long as making a signature.
 * Undefined where it is written otherwise.
 */
function readPlain(inputs: string, signatures: string, label: string): ReceivedSignature | undefined {
  const [, inputLabel, input = "", list = "", created, nonce, keyId = ""] = PLAIN_INPUT.exec(inputs) ?? [];
  const [, signatureLabel, signature = ""] = PLAIN_SIGNATURE.exec(signatures) ?? [];
  if (inputLabel !== label || signatureLabel !== label) return undefined;
  const components = PLAIN_LISTS.get(list) ?? plainList(list);
  if (components === undefined) return undefined;
  const bytes = Buffer.from(signature, "base64");
  return { components, input, keyId, created: Number(created), expires: undefined, nonce, signature: bytes };
}

/** By their text: what signs messages covers the same list in all of them. */
const PLAIN_LISTS = new Map<string, readonly Component[]>();
const LISTS = 100;

/** Undefined where the list is faulty, or not written as it is signed. */
function plainList(text: string): readonly Component[] | undefined {
  try {
    const [list] = parseList(`(${text})`) as [InnerList];
    const components = componentsOf(list);
    if ("fault" in components || serializeInnerList(list) !== `(${text})`) return undefined;
    if (PLAIN_LISTS.size < LISTS) PLAIN_LISTS.set(text, components);
    return components;
  } catch {
    return undefined;
  }
}

const SIGNATURE_BYTES = 64;

function received(list: InnerList, signature: ArrayBuffer): ReceivedSignature | SignatureFault {
  const [, parameters] = list;
  const components = componentsOf(list);
  if ("fault" in components) return components;
  const { created, expires, keyid: keyId, nonce, alg = "ed25519" } = Object.fromEntries(parameters);
  if (alg !== "ed25519") return { fault: "the signature is not an Ed25519 one" };
  if (typeof keyId !== "string") return { fault: "the signature names no key (keyid)" };
  if (!Number.isInteger(created)) return { fault: "the signature does not say when it was made (created)" };
  if (expires !== undefined && !Number.isInteger(expires)) return { fault: "expires is not a time" };
  if (nonce !== undefined && typeof nonce !== "string") return { fault: "nonce is not a text" };
  if (signature.byteLength !== SIGNATURE_BYTES) return { fault: "the signature is not 64 bytes" };
  return {
    components,
    input: serializeInnerList(list),
    keyId,
    created: created as number,
    expires: expires as number | undefined,
    nonce,
    signature: new Uint8Array(signature),
  };
}

function componentsOf([items]: InnerList): readonly Component[] | SignatureFault {
  const components = items.map(componentOf);
  if (!components.every((each) => each !== undefined))
    return { fault: "the signature covers a component that is not known here" };
  if (new Set(components.map(({ identifier }) => identifier)).size < components.length)
    return { fault: "the signature covers a component twice" };
  return components;
}

function isInnerList(member: unknown): member is InnerList {
  return Array.isArray(member) && Array.isArray(member[0]);
}
