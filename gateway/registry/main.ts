/**
 * The registry: subgraphs, members and compositions of a graph, for whoever publishes to it and for gateways.
 *
 *     node gateway/registry/main.ts --database-url postgres://… --operator-key-file key --port 4090
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { announceReady, onStop, runProgram, StartError } from "../../process/lifecycle.ts";
import { createLogger } from "../../process/log.ts";
import { readOptions, wholeNumber } from "../../process/options.ts";
import { readHosts } from "../hosts.ts";
import { listen } from "../server/listen.ts";
import { createRegistry } from "./registry.ts";

const LEAST_KEY = 16;

const PROGRAM = {
  name: "registry",
  summary: "keeps the subgraphs and members of a graph, composes it, and tells gateways",
  options: {
    databaseUrl: {
      schema: z.string({ error: "is required: postgres://user:password@host:5432/database" }),
      help: "PostgreSQL database; created when missing, migrated at the start.",
      env: "DATABASE_URL",
      placeholder: "URL",
    },
    operatorKeyFile: {
      schema: z.string({ error: "is required: a file that holds the operator's key" }),
      help: `File with the operator's key, at least ${LEAST_KEY} characters of A-Z a-z 0-9 . _ -.`,
      env: "OPERATOR_KEY_FILE",
      placeholder: "FILE",
    },
    port: {
      schema: wholeNumber(0, 65_535).default(4090),
      help: "Port to listen on, 0 for any free one; 4090 by default.",
      env: "PORT",
      placeholder: "N",
    },
    host: {
      schema: z.string().default("127.0.0.1"),
      help: "Address to listen on; 127.0.0.1 by default, 0.0.0.0 for every network.",
      env: "HOST",
      placeholder: "ADDRESS",
    },
    signingKeyFile: {
      schema: z.string().optional(),
      help: "File of the gateway's keys (lienthong gateway-key), where members answer their gateway only: they are asked for their schema with its signature.",
      env: "SIGNING_KEY_FILE",
      placeholder: "FILE",
    },
    usageDays: {
      schema: wholeNumber(1, 3650).default(30),
      help: "Days within which an operation that ran counts as used; 30 by default.",
      env: "USAGE_DAYS",
      placeholder: "N",
    },
    allowHost: {
      schema: z.array(z.string()).default([]).transform(readHosts),
      help: "Host that services may be registered at (name, *.name, address, range); may be repeated. All but forbidden ones by default.",
      env: "ALLOW_HOSTS",
      placeholder: "HOST",
      multiple: true,
    },
    bodyLimit: {
      schema: wholeNumber(1024, 2 ** 30).default(8 * 2 ** 20),
      help: "Bytes that may be sent in one request; 8 MiB by default.",
      env: "BODY_LIMIT",
      placeholder: "BYTES",
    },
  },
  examples: [
    "node gateway/registry/main.ts --database-url postgres://localhost/registry --operator-key-file operator.key",
  ],
};

runProgram(async () => {
  const { operatorKeyFile, ...options } = readOptions(PROGRAM);
  const operatorKey = await readKey(operatorKeyFile);
  const log = createLogger("registry");
  const server = await createRegistry({ ...options, operatorKey }, log);
  onStop(() => server.close());
  const { port, origin } = await listen(server, options.host, options.port);
  log.info({ url: origin }, "registry listens");
  announceReady({ url: origin, port });
});

/** From a file: everybody on the machine can read the flags of a process. */
async function readKey(file: string): Promise<string> {
  const key = await readFile(file, "utf8").catch((error: Error) => {
    throw new StartError(
      `cannot read the operator's key: ${error.message}`,
      "Make one, for example: openssl rand -hex 32 > operator.key",
    );
  });
  const trimmed = key.trim();
  if (/^[\w.-]+$/.test(trimmed) && trimmed.length >= LEAST_KEY) return trimmed;
  throw new StartError(
    `${file} holds no key of at least ${LEAST_KEY} characters of A-Z a-z 0-9 . _ -`,
    "Make one, for example: openssl rand -hex 32 > operator.key",
  );
}
