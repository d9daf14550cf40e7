import { createPublicKey } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { component } from "../../../process/http-components.ts";
import { readSignature, signatureFault } from "../../../process/http-signature.ts";
import { startSigning } from "../../setup/signing.ts";
import { deadUrl, startRaw } from "../servers.ts";
import { SDL, startStock } from "../shop.ts";
import { refusalOf, type RunningRegistry, startRegistry } from "./running.ts";

let registry: RunningRegistry;
beforeAll(async () => {
  registry = await startRegistry();
  await registry.operator.publish({
    subgraphs: [
      { name: "orders", url: "http://orders.example/graphql", sdl: SDL.orders },
      { name: "stock", sdl: SDL.stock },
      { name: "notes", url: "http://notes.example/graphql", sdl: SDL.notes },
    ],
  });
});
afterAll(() => registry.close());

const at = (key: string, subgraphs = ["stock"]) => ({ key, url: `http://${key}.example/graphql`, subgraphs });

const east = (types: string) => ({
  name: "east",
  url: "http://e1.example/graphql",
  sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"]) ${types}`,
});

test("an agency joins by itself, its schema asked at its URL", async () => {
  const north = await registry.as("N1");
  const stock = await startStock({});
  const joined = await north.addMember({
    member: { key: "N1", url: stock.url, subgraphs: ["stock"], name: "North" },
  });
  expect(joined.changed).toBe(true);
  expect(await north.members()).toMatchObject([
    {
      key: "N1",
      owner: "N1",
      suspended: false,
      entry: { key: "N1", aliases: [], name: "North", url: stock.url },
    },
  ]);
  expect(
    (await north.addMember({ member: { key: "N1", url: stock.url, subgraphs: ["stock"], name: "North" } }))
      .changed,
  ).toBe(false);
  const moved = await north.addMember({ member: at("N1"), sdl: SDL.stock });
  expect(moved.composition).toBe(joined.composition + 1);
  await stock.close();
});

test("a key answers only for the names that the operator gave it", async () => {
  const west = await registry.as("W1", ["W1", "west"]);
  expect((await west.addMember({ member: { ...at("W1"), aliases: ["west"] }, sdl: SDL.stock })).changed).toBe(
    true,
  );
  for (const member of [at("N1"), { ...at("W1"), aliases: ["north"] }, at("W2")])
    expect(await refusalOf(west.addMember({ member, sdl: SDL.stock }))).toMatchObject({
      code: "NOT_OWNER",
      status: 403,
    });
  expect((await refusalOf(west.suspendMember("N1"))).code).toBe("NOT_OWNER");
  expect((await refusalOf(west.suspendMember("X1"))).code).toBe("NAME_UNKNOWN");
});

test("a subgraph and a member are published together: both, or neither", async () => {
  const owner = await registry.as("E1");
  const member = { member: at("E1"), sdl: SDL.stock };
  const graph = async () => {
    const { id, members, subgraphs } = await registry.operator.composition("latest");
    return { id, members: members.map(({ key }) => key), subgraphs: subgraphs.map(({ name }) => name) };
  };
  const before = await graph();
  const refused = [
    { subgraphs: [east("type Query { east: Nothing }")], member },
    { subgraphs: [east("type Query { east: String }")], member: { ...member, sdl: "type Query { a: Int }" } },
    { subgraphs: [east("type Query { east: String }")], member: { ...member, member: at("W9") } },
    {
      subgraphs: [east("type Query { east: String }")],
      member: { ...member, member: at("E1", ["nowhere"]) },
    },
  ];
  const codes = [];
  for (const publication of refused) codes.push((await refusalOf(owner.publish(publication))).code);
  expect(codes).toEqual(["COMPOSITION_FAILED", "MEMBER_CONTRACT_INCOMPLETE", "NOT_OWNER", "NAME_UNKNOWN"]);
  expect(await graph()).toEqual(before);

  const publication = { subgraphs: [east("type Query { east: String }")], member };
  const { composition } = await owner.publish(publication);
  expect(composition).toBe(before.id + 1);
  expect(await graph()).toEqual({
    id: composition,
    members: expect.arrayContaining([...before.members, "E1"]),
    subgraphs: expect.arrayContaining([...before.subgraphs, "east"]),
  });
  expect((await owner.publish(publication)).changed).toBe(false);
  expect(await registry.operator.history(1)).toMatchObject([{ action: "publish", subject: "east, E1" }]);
});

test("a name that is another member's is refused, also to the operator", async () => {
  const refused = await refusalOf(
    registry.operator.addMember({ member: { ...at("E1"), aliases: ["west"] }, sdl: SDL.stock }),
  );
  expect(refused).toMatchObject({ code: "NAME_TAKEN", status: 409 });
  expect(refused.message).toBe('Member "west" is there already: it belongs to W1.');
});

test("a member must have the whole schema of what it joins", async () => {
  const sdl = SDL.stock.replace("count: Int refused: String", "refused: Int");
  const refused = await refusalOf(registry.operator.addMember({ member: at("E1"), sdl }));
  expect(refused).toMatchObject({
    code: "MEMBER_CONTRACT_INCOMPLETE",
    status: 422,
    extensions: {
      faults: ["Shelf.count is missing", "Shelf.refused is Int, the contract has String"],
    },
  });
});

test("a member that answers its gateway only is asked with the gateway's signature", async () => {
  const signing = await startSigning();
  const seen: IncomingHttpHeaders[] = [];
  const member = await startRaw(({ url: target = "", headers }, response) => {
    const came = readSignature(headers, "gateway");
    const components = ['"@method"', '"@path"', '"content-digest"', '"gateway-identity"'].map(component);
    const { kid: _kid, d: _private, ...key } = signing.keys[0];
    const now = Math.floor(Date.now() / 1000);
    const fault =
      "fault" in came
        ? came.fault
        : signatureFault({ method: "POST", target, headers }, came, {
            components,
            key: createPublicKey({ key, format: "jwk" }),
            now,
            lifetime: 30,
            tolerance: 0,
          });
    seen.push(headers);
    response.statusCode = fault === undefined ? 200 : 401;
    response.end(JSON.stringify({ data: { _service: { sdl: SDL.stock } } }));
  });
  const entry = { key: "P1", url: member.url, subgraphs: ["stock"] };
  const unsigned = await refusalOf(registry.operator.addMember({ member: entry }));
  expect(unsigned.message).toContain("it answers its gateway only, whose key the registry needs");
  const signed = await startRegistry(registry.databaseUrl, 0, 30, signing.keyFile);
  expect((await signed.operator.addMember({ member: entry })).changed).toBe(true);
  expect(decodeJwt(String(seen.at(-1)?.["gateway-identity"]))).toMatchObject({
    iss: "registry",
    aud: "stock/P1",
    roles: [],
  });
  await signed.operator.suspendMember("P1");
  await signed.stop();
  await Promise.all([member.close(), signing.close()]);
});

test.each([
  ["nobody listens", () => deadUrl(), "ECONNREFUSED"],
  ["something else answers", () => raw("<html>", 200), "not JSON"],
  ["it refuses", () => raw("{}", 403), "HTTP 403"],
  ["it tells no schema", () => raw('{"data":{}}', 200), "no { _service { sdl } }"],
])("a member is refused when %s at its URL", async (_name, urlOf, reason) => {
  const url = await urlOf();
  const refused = await refusalOf(
    registry.operator.addMember({ member: { key: "E1", url, subgraphs: ["stock"] } }),
  );
  expect(refused).toMatchObject({ code: "MEMBER_UNREACHABLE", status: 422 });
  expect(refused.message).toContain(reason);
  await Promise.all(raws.splice(0).map((server) => server.close()));
});

const raws: Awaited<ReturnType<typeof startRaw>>[] = [];
async function raw(body: string, status: number): Promise<string> {
  const server = await startRaw((_request, reply) => {
    reply.writeHead(status).end(body);
  });
  raws.push(server);
  return server.url;
}

test("only a subgraph that is partitioned has members", async () => {
  const refused = await refusalOf(
    registry.operator.addMember({ member: at("E1", ["orders"]), sdl: SDL.orders }),
  );
  expect(refused).toMatchObject({ code: "SUBGRAPH_NOT_PARTITIONED", status: 422 });
  expect((await refusalOf(registry.operator.addMember({ member: at("E1", ["none"]) }))).code).toBe(
    "NAME_UNKNOWN",
  );
});

test("a member that names a base which has no URL is refused", async () => {
  const member = { key: "E1", base: "stock", path: "/E1/graphql", subgraphs: [] };
  expect((await refusalOf(registry.operator.addMember({ member }))).message).toContain(
    'nothing was changed: member E1.base: there is no subgraph "stock" with a URL',
  );
});

test("two hundred members: nothing is composed, and who joins at the same moment is not lost", {
  timeout: 120_000,
}, async () => {
  const texts = () => registry.database.query("select hash from sdl order by hash");
  const [before, kept] = [await registry.operator.composition("latest"), await texts()];
  const keys = Array.from({ length: 200 }, (_, index) => `M${index}`);
  await Promise.all(keys.map((key) => registry.operator.addMember({ member: at(key), sdl: SDL.stock })));
  const after = await registry.operator.composition("latest");
  expect(after.hash).toBe(before.hash);
  expect(after.members).toHaveLength(before.members.length + 200);
  expect(await texts()).toEqual(kept);
});
