/**
 * The province's registry: its keys, and what the sample province begins with. What is published later stays.
 */
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AnswerKeys, NO_ANSWER_KEYS } from "../gateway/answer-keys.ts";
import { createRegistryClient, type RegistryClient, RegistryRefusal } from "../gateway/registry/client.ts";
import type { SubgraphSource } from "../gateway/registry/compose.ts";
import { readSources } from "../schema/build/sources.ts";
import { registerAnswerKeys } from "./answer-keys.ts";
import { MEMBERS, type Member } from "./members.ts";

export interface RegistryFiles {
  readonly operatorKey: string;
  readonly gatewayKey: string;
  /** The graph that the gateway served last. */
  readonly cache: string;
}

/** What the portal may see: everything tagged so, and nothing else (schema/). */
export const PUBLIC_VARIANT = "public";

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
 * another address now, defines the public variant and gives the gateway a key.
 * @param schema directory of the SDL files
 * @param urls address by subgraph
 * @param answerKeys that answers must be signed with; none where nobody is asked who asks
 * @returns why there is no public variant; undefined when there is one
 */
export async function fillRegistry(
  url: string,
  files: RegistryFiles,
  schema: string,
  urls: Readonly<Record<string, string>>,
  answerKeys: AnswerKeys = NO_ANSWER_KEYS,
): Promise<string | undefined> {
  const key = (await readKey(files.operatorKey)) ?? "";
  const operator = createRegistryClient({ url, key });
  const sources = await readSources(schema, urls);
  await publishMissing(operator, sources);
  const missing = await defineVariant(operator);
  await addMissing(operator, sources);
  await registerAnswerKeys(operator, answerKeys);
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
  return missing;
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

/** What was published before there were tags has nothing to show: then the province goes without the variant. */
async function defineVariant(operator: RegistryClient): Promise<string | undefined> {
  if ((await operator.variants()).some(({ name }) => name === PUBLIC_VARIANT)) return undefined;
  try {
    await operator.setVariant(PUBLIC_VARIANT, { include: [PUBLIC_VARIANT], hideUnreachable: true });
    return undefined;
  } catch (error) {
    if (error instanceof RegistryRefusal && error.code === "COMPOSITION_FAILED") return error.message;
    throw error;
  }
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
