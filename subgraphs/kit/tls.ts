/**
 * TLS of a subgraph's server, and that the gateway shows a certificate of its own (mutual TLS).
 */
import type { TLSSocket } from "node:tls";
import type { FastifyRequest } from "fastify";
import { readAuthorities, readTls } from "../../process/tls-files.ts";

export interface TlsSettings {
  readonly tlsCertFile?: string | undefined;
  readonly tlsKeyFile?: string | undefined;
  /** Certificates that the gateway's must lead to; without it none is asked for. */
  readonly tlsClientCaFile?: string | undefined;
}

/** What Node's server takes; undefined where HTTP is served as it is. @throws StartError when a file is missing or faulty */
export async function serverTls({ tlsCertFile, tlsKeyFile, tlsClientCaFile }: TlsSettings) {
  const own = await readTls(tlsCertFile, tlsKeyFile);
  if (own === undefined) return undefined;
  const ca = await readAuthorities(tlsClientCaFile);
  return {
    cert: own.cert,
    key: own.key,
    minVersion: "TLSv1.2" as const,
    // Health and metrics are for whoever watches the server: the connection stands, and the graph's path is closed.
    ...(ca !== undefined && { ca, requestCert: true, rejectUnauthorized: false }),
  };
}

/** Why the certificate of a connection does not count; undefined when it does. */
export function certificateFault({ raw }: FastifyRequest): string | undefined {
  const { authorized, authorizationError } = raw.socket as TLSSocket;
  return authorized ? undefined : `no certificate that counts: ${String(authorizationError)}`;
}
