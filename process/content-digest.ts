/**
 * `Content-Digest` (RFC 9530) with SHA-256.
 */
import { hash } from "node:crypto";
import { parseDictionary } from "structured-headers";

/** The header's value for a body. */
export function contentDigest(body: string | Uint8Array): string {
  return `sha-256=:${hash("sha256", body, "base64")}:`;
}

/** Whether the header's value is of the body. */
export function isDigestOf(header: string, body: string | Uint8Array): boolean {
  return hasSha256(header, hash("sha256", body, "base64"));
}

/**
 * Whether the header's value has the digest. Digests by other algorithms beside it are passed over.
 * @param sha256 base64
 */
export function hasSha256(header: string, sha256: string): boolean {
  // As nearly everybody writes it.
  if (header === `sha-256=:${sha256}:`) return true;
  try {
    const given = parseDictionary(header).get("sha-256")?.[0];
    return given instanceof ArrayBuffer && Buffer.from(given).toString("base64") === sha256;
  } catch {
    return false;
  }
}
