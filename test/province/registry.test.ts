import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OPERATOR_KEY, type RunningRegistry, startRegistry } from "../gateway/registry/running.ts";
import { MEMBERS } from "../../province/members.ts";
import { ask, startGateway } from "../gateway/running.ts";
import { fillRegistry, PUBLIC_VARIANT, registryFiles } from "../../province/registry.ts";
import { readSources, SCHEMA_DIRECTORY } from "../../schema/build/sources.ts";

const NAMES = (await readSources(SCHEMA_DIRECTORY)).map(({ name }) => name).toSorted();
const urlsAt = (port: number) =>
  Object.fromEntries(NAMES.map((name) => [name, `http://127.0.0.1:${port}/graphql`]));

let directory: string;
let registry: RunningRegistry;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lienthong-registry-"));
  registry = await startRegistry();
});
afterAll(async () => {
  await registry.close();
  await rm(directory, { recursive: true });
});

interface Described {
  readonly __type: { readonly fields: readonly { readonly name: string }[] };
}
const fieldNames = ({ data }: Awaited<ReturnType<typeof ask>>) =>
  (data as unknown as Described).__type.fields.map(({ name }) => name);

test("the registry begins with the whole province, and keeps what is published later", async () => {
  const made = await registryFiles(join(directory, "keys"));
  expect((await stat(made.operatorKey)).mode & 0o777).toBe(0o600);
  const kept = await readFile(made.operatorKey, "utf8");
  expect(await registryFiles(join(directory, "keys"))).toEqual(made);
  expect(await readFile(made.operatorKey, "utf8")).toBe(kept);

  const operatorKey = join(directory, "operator.key");
  const files = { ...made, operatorKey };
  const fill = (port: number) => fillRegistry(registry.url, files, SCHEMA_DIRECTORY, urlsAt(port));
  await writeFile(operatorKey, OPERATOR_KEY);
  expect(await fill(4001)).toBeUndefined();
  const { operator } = registry;
  expect((await operator.subgraphs()).map(({ name }) => name)).toEqual(NAMES);
  expect((await operator.members()).map(({ key }) => key)).toEqual(MEMBERS.map(({ key }) => key).toSorted());
  const gatewayKey = await readFile(files.gatewayKey, "utf8");
  expect(await registry.client(gatewayKey.trim()).whoami()).toMatchObject({ role: "gateway" });

  // What the portal may see is served at a path of its own.
  const gateway = await startGateway("", [], {
    supergraph: undefined,
    registry: { url: registry.url, key: gatewayKey.trim(), cacheFile: undefined },
    variant: new Map([[PUBLIC_VARIANT, "/public/graphql"]]),
  });
  const tracking = '{ __type(name: "DossierTracking") { fields { name } } }';
  expect(fieldNames(await gateway.ask(tracking))).toContain("maskedApplicantName");
  const portal = `${gateway.origin}/public/graphql`;
  const shown = fieldNames(await ask(portal, tracking));
  expect(shown).toContain("state");
  expect(shown).not.toContain("maskedApplicantName");
  const refused = await ask(portal, '{ dossier(code: "H56-240823-0001") { applicant { name } } }');
  expect(refused).toMatchObject({ status: 400, data: undefined });
  await gateway.close();

  const tax = await operator.subgraph("tax");
  const sdl = `${tax.sdl}\nextend type Query { later: String }`;
  await operator.publish({ subgraphs: [{ name: "tax", url: tax.url, file: tax.file, sdl }] });
  await operator.suspendMember("H56.14");
  const { id } = await operator.composition("latest");
  await fill(4001);
  expect((await operator.composition("latest")).id).toBe(id);
  await fill(4002);
  expect(await operator.subgraph("tax")).toMatchObject({ sdl, url: "http://127.0.0.1:4002/graphql" });
  expect((await operator.members()).find(({ key }) => key === "H56.14")).toMatchObject({ suspended: true });
  expect(await readFile(files.gatewayKey, "utf8")).toBe(gatewayKey);
});

test("subgraphs that were published without tags leave the province without the variant, and say why", async () => {
  const files = { ...(await registryFiles(join(directory, "untagged"))) };
  await writeFile(files.operatorKey, OPERATOR_KEY);
  const older = await startRegistry();
  const sources = await readSources(SCHEMA_DIRECTORY, urlsAt(4001));
  const subgraphs = sources.map(({ name, url, file, sdl }) => ({
    name,
    url,
    file,
    sdl: sdl.replaceAll(' @tag(name: "public")', ""),
  }));
  await older.operator.publish({ subgraphs });
  expect(await fillRegistry(older.url, files, SCHEMA_DIRECTORY, urlsAt(4001))).toMatch(/does not compose/);
  expect(await older.operator.variants()).toEqual([]);
  await older.close();
});
