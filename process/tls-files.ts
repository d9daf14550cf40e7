/**
 * Certificates and their keys, read from files in the form PEM.
 */
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { StartError } from "./lifecycle.ts";

/** Texts in the form PEM. */
export interface TlsFiles {
  /** One's own certificate, and those that lead to its issuer. */
  readonly cert: string;
  readonly key: string;
}

/**
 * @param flags by which the two files are given
 * @throws StartError when a file cannot be read, or the two do not belong together
 */
export async function readTls(
  certFile: string | undefined,
  keyFile: string | undefined,
  flags: readonly [cert: string, key: string] = ["--tls-cert-file", "--tls-key-file"],
): Promise<TlsFiles | undefined> {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined)
    throw new StartError(`TLS needs both ${flags.join(" and ")}.`, "Give the other one, too.");
  try {
    const [cert, key] = await Promise.all([readFile(certFile, "utf8"), readFile(keyFile, "utf8")]);
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (error) {
    throw new StartError(
      `TLS cannot be spoken with ${certFile} and ${keyFile}: ${(error as Error).message}.`,
      "Both are in the form PEM; the key is the certificate's own.",
    );
  }
}

/** Certificates that others' must lead to. @throws StartError when the file is missing, or holds none */
export async function readAuthorities(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    const ca = await readFile(file, "utf8");
    if (!ca.includes("-----BEGIN CERTIFICATE-----")) throw new Error("it holds no certificate");
    createSecureContext({ ca });
    return ca;
  } catch (error) {
    throw new StartError(
      `${file} cannot be read as certificates: ${(error as Error).message}.`,
      "It is in the form PEM.",
    );
  }
}
