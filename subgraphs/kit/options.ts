/**
 * The options that every subgraph's program has.
 */
import { z } from "zod";
import type { Access } from "./access.ts";
import type { TlsSettings } from "./tls.ts";

/** That it is said who is answered: neither by forgetting it, nor in two ways. */
export function accessFaults({
  gatewayKeys,
  authorization,
  answerKeyFile,
  tlsCertFile,
  tlsKeyFile,
  tlsClientCaFile,
}: Readonly<Record<string, unknown>>): readonly string[] {
  if (tlsClientCaFile !== undefined && (tlsCertFile === undefined || tlsKeyFile === undefined))
    return ["--tls-client-ca-file: needs --tls-cert-file and --tls-key-file"];
  if (gatewayKeys === undefined && authorization === true)
    return [
      "GATEWAY_KEYS (or --gateway-keys): is required, so that the gateway alone is answered; or --no-authorization, which answers whoever reaches this server and shows every row",
    ];
  if (gatewayKeys !== undefined && authorization === false)
    return ["--no-authorization: not together with --gateway-keys"];
  // A signature says whose request it answers: where anybody may ask, that would be anything.
  if (gatewayKeys === undefined && answerKeyFile !== undefined)
    return ["--answer-key-file: not together with --no-authorization"];
  return [];
}

/** @param service the subgraph's name in the graph */
export function accessOf(
  { gatewayKeys, answerKeyFile, tlsCertFile, tlsKeyFile, tlsClientCaFile }: AccessOptions,
  service: string,
): Access {
  const tls = { tlsCertFile, tlsKeyFile, tlsClientCaFile };
  return gatewayKeys === undefined
    ? { authorization: false, tls }
    : { gatewayKeys, service, answerKeyFile, tls };
}

interface AccessOptions extends TlsSettings {
  readonly gatewayKeys: string | undefined;
  readonly answerKeyFile: string | undefined;
}

/** @param port the one it listens on when nothing is said */
export function subgraphOptions(port: number) {
  return {
    port: {
      schema: z.coerce.number("a port, 0 to 65535").int().min(0).max(65_535).default(port),
      env: "PORT",
      placeholder: "N",
      help: `Port to listen on; 0 takes a free one. Default ${port}.`,
    },
    host: {
      schema: z.string().default("127.0.0.1"),
      env: "HOST",
      placeholder: "ADDRESS",
      help: "Address to listen on. Default 127.0.0.1.",
    },
    databaseUrl: {
      schema: z
        .string("missing; a URL such as postgres://user:password@localhost:5432/database")
        .regex(
          /^postgres(ql)?:\/\/[^/]+\/[^/]+$/,
          "not of the form postgres://user:password@host:5432/database",
        ),
      env: "DATABASE_URL",
      placeholder: "URL",
      help: "PostgreSQL database; created when missing.",
    },
    gatewayUrl: {
      schema: z.url("a URL such as http://localhost:4000/graphql").default("http://localhost:4000/graphql"),
      env: "GATEWAY_URL",
      placeholder: "URL",
      help: "The gateway, through which messages reach other agencies. Default http://localhost:4000/graphql.",
    },
    gatewayTokenFile: {
      schema: z.string().optional(),
      env: "GATEWAY_TOKEN_FILE",
      placeholder: "FILE",
      help: "File with the token that messages are sent with, read anew for each; {agency} stands for the agency's code (h56_14). Without it they are sent without one.",
    },
    gatewayKeys: {
      schema: z.string().optional(),
      env: "GATEWAY_KEYS",
      placeholder: "FILE_OR_URL",
      help: "The gateway's public keys (JWKS); whatever it has not signed is refused.",
    },
    answerKeyFile: {
      schema: z.string().optional(),
      env: "ANSWER_KEY_FILE",
      placeholder: "FILE",
      help: "Private key that answers are signed with (lienthong answer-key); read anew when the file changes.",
    },
    tlsCertFile: {
      schema: z.string().optional(),
      env: "TLS_CERT_FILE",
      placeholder: "FILE",
      help: "Certificate (PEM) to serve TLS with; none by default.",
    },
    tlsKeyFile: {
      schema: z.string().optional(),
      env: "TLS_KEY_FILE",
      placeholder: "FILE",
      help: "Its private key (PEM).",
    },
    tlsClientCaFile: {
      schema: z.string().optional(),
      env: "TLS_CLIENT_CA_FILE",
      placeholder: "FILE",
      help: "Certificates (PEM) that the gateway's own must lead to (mutual TLS); whoever shows none of them is refused.",
    },
    authorization: {
      schema: z.boolean().default(true),
      env: "AUTHORIZATION",
      help: "--no-authorization, in place of --gateway-keys, answers whoever reaches this server and shows every row.",
    },
  };
}
