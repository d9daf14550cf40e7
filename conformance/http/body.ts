/**
 * Bodies of requests, in pieces, so that a large or unprintable one can be written as a short shell command too.
 */
import { Buffer } from "node:buffer";

/** A text (sent as UTF-8), bytes, or a text many times over. */
export type Piece = string | Uint8Array | { readonly repeat: string; readonly times: number };
export type Body = readonly Piece[];

export function jsonBody(value: unknown): Body {
  return [JSON.stringify(value)];
}

export function bytesOf(body: Body): Buffer {
  return Buffer.concat(
    body.map((piece) => {
      if (typeof piece === "string") return Buffer.from(piece);
      return piece instanceof Uint8Array ? piece : Buffer.from(piece.repeat.repeat(piece.times));
    }),
  );
}
