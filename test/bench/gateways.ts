/**
 * Who takes part: how each gateway is started on a graph, and which graphs it cannot serve.
 */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Graph, GraphTrust } from "./graph.ts";
import { type Letter, LETTERS } from "./workloads/workload.ts";

export interface Gateway {
  readonly id: string;
  readonly title: string;
  /** The workloads it takes part in; where none are named, all but `trust`, which is between gateways of this project. */
  readonly only?: readonly Letter[];
  /** Why it takes no part, on any graph or on this one; undefined when it does. */
  cannot(graph: Graph): string | undefined;
  /** Writes what it needs into the graph's directory, and tells how it is started. */
  prepare(graph: Graph, port: number): Promise<Start>;
}

export interface Start {
  readonly command: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = join(HERE, "..", "..");
const PACKAGES = join(HERE, "node_modules");
const NODE = process.execPath;

export const REFERENCE = "apollo";

export const GATEWAYS: readonly Gateway[] = [
  { ...own("own", "this gateway"), only: LETTERS },
  // Where every request is the same; elsewhere it does what `own` does.
  { ...own("own-dedupe", "this gateway, --dedupe-requests", "--dedupe-requests"), only: ["a"] },
  trusting("own-tokens", "and asks who asks: tokens, rules", ({ knowing }) => [`--trust=${knowing}`]),
  trusting("own-signing", "and signs its requests", ({ signing }) => [`--trust=${signing}`]),
  trusting("own-verifying", "and verifies answers", verifying),
  trusting("own-recording", "and records readings", (trust) => [
    ...verifying(trust),
    `--record=${trust.record}`,
  ]),
  own(REFERENCE, "@apollo/gateway (--engine apollo)", "--engine=apollo"),
  hive("hive", "Hive Gateway, JavaScript engine", ["--jit"]),
  hive("hive-rust", "Hive Gateway, router-runtime", ["--hive-router-runtime"]),
  mercurius(),
  grafbase(),
];

export function takesPart({ only }: Gateway, letter: Letter): boolean {
  return only?.includes(letter) ?? letter !== "trust";
}

export const GATEWAY_IDS = GATEWAYS.map(({ id }) => id);

function own(id: string, title: string, ...flags: readonly string[]): Gateway {
  return {
    id,
    title,
    cannot: () => undefined,
    prepare: async ({ supergraph, members, urls, trust }, port) => ({
      command: [
        NODE,
        // As the sample province starts it.
        "--max-semi-space-size=32",
        join(ROOT, "gateway", "main.ts"),
        `--supergraph=${supergraph}`,
        ...(members === undefined ? [] : [`--members=${members}`]),
        ...[...urls].map(([name, url]) => `--url=${name}=${url}`),
        `--port=${port}`,
        "--no-sandbox",
        // Nobody shows a token, but where that is what is measured.
        ...(trust === undefined ? ["--no-authorization"] : []),
        ...flags,
      ],
    }),
  };
}

/** The one above it in the table, and one thing more. */
function trusting(id: string, title: string, flags: (trust: GraphTrust) => readonly string[]): Gateway {
  return {
    id,
    title,
    only: ["trust"],
    cannot: ({ trust }) => (trust === undefined ? "its graph asks nobody who they are" : undefined),
    async prepare(graph, port) {
      const { trust } = graph;
      if (trust === undefined) throw new Error("its graph asks nobody who they are");
      const { supergraph } = trust;
      return own(id, title, ...flags(trust)).prepare({ ...graph, supergraph }, port);
    },
  };
}

function verifying({ verifying: file, signingUrls }: GraphTrust): readonly string[] {
  return [`--trust=${file}`, ...[...signingUrls].map(([name, url]) => `--url=${name}=${url}`)];
}

function hive(id: string, title: string, flags: readonly string[]): Gateway {
  const program = join(PACKAGES, "@graphql-hive", "gateway", "dist", "bin.js");
  return {
    id,
    title,
    cannot: (graph) => notInstalled(program) ?? notPartitioned(graph),
    prepare: async ({ supergraph }, port) => ({
      command: [
        NODE,
        program,
        "supergraph",
        supergraph,
        `--port=${port}`,
        "--host=127.0.0.1",
        `--config-path=${join(HERE, "peers", "hive.ts")}`,
        ...flags,
      ],
    }),
  };
}

function mercurius(): Gateway {
  return {
    id: "mercurius",
    title: "Mercurius gateway",
    cannot: (graph) => notInstalled(join(PACKAGES, "@mercuriusjs", "gateway")) ?? notPartitioned(graph),
    prepare: async ({ services }, port) => ({
      command: [
        NODE,
        join(HERE, "peers", "mercurius.ts"),
        `--port=${port}`,
        ...services.map(({ name, url }) => `--service=${name}=${url}`),
      ],
    }),
  };
}

/** From the package with its binary for x86-64 Linux: those for other platforms have older versions only. */
function grafbase(): Gateway {
  const program = join(PACKAGES, "@grafbase", "cli-x86_64-unknown-linux-musl", "grafbase");
  return {
    id: "grafbase",
    title: "Grafbase (native)",
    cannot: (graph) => notInstalled(program) ?? notPartitioned(graph),
    async prepare({ directory, services }, port) {
      const configuration = join(directory, "grafbase.toml");
      const fileOf = (name: string) => join(directory, `${name}.graphql`);
      await Promise.all(services.map(({ name, sdl }) => writeFile(fileOf(name), sdl)));
      const subgraphs = services.map(
        ({ name, url }) => `[subgraphs.${name}]\nurl = "${url}"\nschema_path = "${fileOf(name)}"\n`,
      );
      const forward = '[[headers]]\nrule = "forward"\nname = "authorization"\n';
      await writeFile(configuration, [...subgraphs, forward].join("\n"));
      return {
        command: [program, "dev", `--port=${port}`, `--config=${configuration}`],
        // It keeps files of its own in the home directory.
        env: { HOME: directory },
      };
    },
  };
}

function notInstalled(file: string): string | undefined {
  return existsSync(file) ? undefined : "not installed: run `npm ci --prefix test/bench`";
}

/** A partition is this project's own: elsewhere two subgraphs cannot own the same type with different rows. */
function notPartitioned({ members }: Graph): string | undefined {
  return members === undefined ? undefined : "does not know partitioned subgraphs";
}
