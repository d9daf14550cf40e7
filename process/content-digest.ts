/**
 * `Content-Digest` (RFC 9530) with SHA-256.
 */
import { hash } from "node:crypto";
import { parseDictionary } from "structured-headers";

/** The header's value for a body. */
export function contentDigest(body: string | Uint8Array): string {
  return `sha-256=:${hash("sha256", body, "base64")}:`;
}

/** Whether the header's value is of the body. Digests by other algorithms beside it are passed over. */
export function isDigestOf(header: string, body: string | Uint8Array): boolean {
  // As nearly everybody writes it.
  if (header === contentDigest(body)) return true;
  try {
    const given = parseDictionary(header).get("sha-256")?.[0];
    return given instanceof ArrayBuffer && Buffer.from(given).equals(hash("sha256", body, "buffer"));
  } catch {
    return false;
  }
}
