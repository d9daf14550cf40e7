/**
 * The province's registry: its keys, and what the sample province begins with. What is published later stays.
 */
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRegistryClient, type RegistryClient } from "../gateway/registry/client.ts";
import type { SubgraphSource } from "../gateway/registry/compose.ts";
import { readSources } from "../schema/build/sources.ts";
import { MEMBERS, type Member } from "./members.ts";

export interface RegistryFiles {
  readonly operatorKey: string;
  readonly gatewayKey: string;
  /** The graph that the gateway served last. */
  readonly cache: string;
}

/** Makes the operator's key, where there is none. */
export async function registryFiles(directory: string): Promise<RegistryFiles> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const files = {
    operatorKey: join(directory, "operator.key"),
    gatewayKey: join(directory, "gateway.key"),
    cache: join(directory, "graph.json"),
  };
  if ((await readKey(files.operatorKey)) === undefined)
    await writeKey(files.operatorKey, randomBytes(32).toString("hex"));
  return files;
}

/**
 * Publishes the province's subgraphs and members where the registry does not have them, moves those that listen at
 * another address now, and gives the gateway a key.
 * @param schema directory of the SDL files
 * @param urls address by subgraph
 */
export async function fillRegistry(
  url: string,
  files: RegistryFiles,
  schema: string,
  urls: Readonly<Record<string, string>>,
): Promise<void> {
  const key = (await readKey(files.operatorKey)) ?? "";
  const operator = createRegistryClient({ url, key });
  const sources = await readSources(schema, urls);
  await publishMissing(operator, sources);
  await addMissing(operator, sources);
  const gatewayKey = await readKey(files.gatewayKey);
  const isKnown =
    gatewayKey !== undefined &&
    (await createRegistryClient({ url, key: gatewayKey })
      .whoami()
      .then(
        () => true,
        () => false,
      ));
  if (!isKnown)
    await writeKey(files.gatewayKey, (await operator.issueKey({ owner: "gateway", role: "gateway" })).key);
}

async function publishMissing(operator: RegistryClient, sources: readonly SubgraphSource[]): Promise<void> {
  const known = new Map((await operator.subgraphs()).map((subgraph) => [subgraph.name, subgraph]));
  const subgraphs = await Promise.all(
    sources.map(async (source) => {
      const { name, url, sdl, file } = known.has(source.name)
        ? { ...(await operator.subgraph(source.name)), url: source.url }
        : source;
      return { name, url, sdl, file };
    }),
  );
  await operator.publish({ subgraphs });
}

async function addMissing(operator: RegistryClient, sources: readonly SubgraphSource[]): Promise<void> {
  const known = new Set((await operator.members()).map(({ key }) => key));
  for (const member of MEMBERS.filter(({ key }) => !known.has(key)))
    await operator.addMember({
      member: { ...member, aliases: [...member.aliases], subgraphs: [...member.subgraphs] },
      sdl: sdlOf(member, sources),
      owner: member.key,
    });
}

/** The sample's programs serve what they are published with; nobody has to ask them. */
function sdlOf({ subgraphs }: Member, sources: readonly SubgraphSource[]): string | undefined {
  const texts = sources.filter(({ name }) => subgraphs.includes(name)).map(({ sdl }) => sdl);
  return texts.length === 0 ? undefined : texts.join("\n");
}

async function readKey(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").then(
    (text) => text.trim(),
    () => undefined,
  );
}

async function writeKey(file: string, key: string): Promise<void> {
  await writeFile(file, `${key}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
}
