/**
 * The workload trust: what it costs to know who asks, to sign requests, to verify answers, and to record readings. The
 * shop again, with rules and marks of personal data; each connection has a person's token of its own, so that requests
 * of different people are not answered from one call.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureRecordKeys } from "../../../gateway/record/keys.ts";
import { ensureDevelopmentKey, issueToken, readDevelopmentKey } from "../../../gateway/trust/development.ts";
import { ensureSigningKeys } from "../../../gateway/trust/signing-keys.ts";
import { withoutGuards } from "../../../gateway/trust/unguarded.ts";
import { startPostgres } from "../../../process/postgres.ts";
import { composeGraph, type Graph } from "../graph.ts";
import type { Announced, Service } from "../subgraphs/main.ts";
import { DEEP, SMALL } from "./operations.ts";
import type { Phase, Workload } from "./workload.ts";

const CONNECTIONS = 50;
const ROLE = "reader";
/** Seconds; longer than any run. */
const LIFETIME = 6 * 3600;

const RULES = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective", "@requiresScopes", "@shareable"])
  @link(url: "https://lienthong.dev/personalData/v1.0", import: ["@personalData"])
  @composeDirective(name: "@personalData")
directive @personalData(subject: String!) on OBJECT | FIELD_DEFINITION
`;

/** @param directory is there, and becomes the workload's own */
export async function openTrust(
  { shop, signingShop, answerKey }: Pick<Announced, "shop" | "signingShop" | "answerKey">,
  directory: string,
): Promise<{ readonly workload: Workload; readonly close: () => Promise<void> }> {
  const guarded = await composeGraph("shop with rules", directory, shop.map(withRules));
  const open = join(directory, "open.graphql");
  await writeFile(open, withoutGuards(await readFile(guarded.supergraph, "utf8")));

  const keyFile = join(directory, "development.key.json");
  await ensureDevelopmentKey(keyFile);
  await ensureSigningKeys(join(directory, "gateway.key.json"));
  const postgres = await startPostgres({ directory: join(directory, "postgres"), temporary: true });
  await mkdir(join(directory, "record"));
  await ensureRecordKeys(join(directory, "record", "record.key.json"));

  const knowing = { development: { keyFile: "development.key.json" }, roles: { [ROLE]: ["person:read"] } };
  const signing = { ...knowing, signing: { name: "bench", keyFile: "gateway.key.json" } };
  const keys = { subgraphs: Object.fromEntries(shop.map(({ name }) => [name, [answerKey]])) };
  const write = async (name: string, content: object): Promise<string> => {
    const file = join(directory, name);
    await writeFile(file, JSON.stringify(content));
    return file;
  };
  const graph: Graph = {
    ...guarded,
    supergraph: open,
    trust: {
      supergraph: guarded.supergraph,
      knowing: await write("knowing.json", knowing),
      signing: await write("signing.json", signing),
      verifying: await write("verifying.json", {
        ...signing,
        answerKeys: await write("answer-keys.json", keys),
      }),
      record: await write("record/record.json", {
        database: Object.assign(new URL(postgres.url), { pathname: "/bench_record" }).href,
        keyFile: "record.key.json",
      }),
      signingUrls: new Map(signingShop.map(({ name, url }) => [name, url])),
    },
  };
  const key = await readDevelopmentKey(keyFile);
  const tokens = await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, person) =>
      issueToken(key, { subject: `person-${person}`, role: ROLE, lifetime: LIFETIME }),
    ),
  );
  const of = { connections: CONNECTIONS, tokens, against: "own" } satisfies Partial<Phase>;
  const title = "trust, one step more in each row; 50 people on 50 connections";
  return {
    workload: {
      title: "trust",
      graph,
      phases: [
        { ...of, id: "a/trust", title: `the deep query, ${title}`, operations: [DEEP] },
        { ...of, id: "d/trust", title: `the small query, ${title}`, operations: [SMALL] },
      ],
    },
    close: () => postgres.stop(),
  };
}

/** Who people are is for those with a scope, and is recorded. */
function withRules(service: Service): Service {
  if (service.name !== "accounts") return service;
  const marks = '@requiresScopes(scopes: [["person:read"]]) @personalData(subject: "id")';
  const sdl = service.sdl
    .replace('type User @key(fields: "id")', `$& ${marks}`)
    // Federation 2 asks for what Federation 1 takes for granted.
    .replace("username: String", "$& @shareable");
  return { ...service, sdl: RULES + sdl };
}
