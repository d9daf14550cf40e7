/**
 * TLS to subgraphs whose URL begins with https: whose certificates count, and the gateway's own, for those that ask for one
 * (mutual TLS).
 */
import { readAuthorities, readTls } from "../../process/tls-files.ts";

/** Texts in the form PEM. */
export interface SubgraphTls {
  /** In place of the certificate authorities that Node knows. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface SubgraphTlsSettings {
  readonly subgraphCaFile?: string | undefined;
  readonly subgraphCertFile?: string | undefined;
  readonly subgraphKeyFile?: string | undefined;
}

/** @throws StartError when a file is missing or faulty */
export async function readSubgraphTls(settings: SubgraphTlsSettings): Promise<SubgraphTls> {
  const { subgraphCaFile, subgraphCertFile, subgraphKeyFile } = settings;
  const ca = await readAuthorities(subgraphCaFile);
  const own = await readTls(subgraphCertFile, subgraphKeyFile, [
    "--subgraph-cert-file",
    "--subgraph-key-file",
  ]);
  return { ...(ca !== undefined && { ca }), ...own };
}
