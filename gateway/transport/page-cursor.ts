/**
 * The cursor of a page over members: which of each member's own cursors the reader stands at. Opaque, compact, and sure to
 * have come from here: text that was cut, changed or made for another list is none.
 *
 *     base64url( 6 bytes of SHA-256 over the list's name and what follows, raw DEFLATE of JSON ["key","cursor",…] )
 */
import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";

/** Each member's own cursor by its key; one who has given no row yet is not there. */
export type Positions = ReadonlyMap<string, string>;

const CHECK_BYTES = 6;
/** Characters; far more than 1,000 members need. */
const LONGEST = 200_000;
const LONGEST_TEXT = 1_000_000;

/** @param list what the cursor is for, so that another list refuses it */
export function encodeCursor(list: string, positions: Positions): string {
  const packed = deflateRawSync(JSON.stringify([...positions].flat()));
  return Buffer.concat([check(list, packed), packed]).toString("base64url");
}

/** Undefined when the text is no cursor of this list. */
export function decodeCursor(list: string, cursor: unknown): Positions | undefined {
  if (typeof cursor !== "string" || cursor.length > LONGEST) return undefined;
  const bytes = Buffer.from(cursor, "base64url");
  const packed = bytes.subarray(CHECK_BYTES);
  // base64url reads several texts as the same bytes.
  if (bytes.toString("base64url") !== cursor || !bytes.subarray(0, CHECK_BYTES).equals(check(list, packed)))
    return undefined;
  return unpack(packed);
}

/** The check has no secret: whoever computes it may send what they like. */
function unpack(packed: Buffer): Positions | undefined {
  try {
    const flat: unknown = JSON.parse(
      inflateRawSync(packed, { maxOutputLength: LONGEST_TEXT }).toString("utf8"),
    );
    if (!Array.isArray(flat) || flat.length % 2 !== 0) return undefined;
    const positions = new Map<string, string>();
    for (let at = 0; at < flat.length; at += 2) {
      const [key, position] = [flat[at], flat[at + 1]] as [unknown, unknown];
      if (typeof key !== "string" || typeof position !== "string") return undefined;
      positions.set(key, position);
    }
    return positions;
  } catch {
    return undefined;
  }
}

function check(list: string, packed: Buffer): Buffer {
  const digest = createHash("sha256").update(list).update("\n").update(packed).digest();
  return digest.subarray(0, CHECK_BYTES);
}
