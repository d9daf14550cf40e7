/**
 * The commands that speak to a registry, against a real one: what each answers to people and to machines, and with which
 * exit code.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OPERATOR_KEY, type RunningRegistry, startRegistry } from "../../gateway/registry/running.ts";
import { lienthong, type Ran } from "../running.ts";

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';
const PARTITIONED = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
  @link(url: "https://lienthong.dev/partition/v1.0", import: ["@partition"])
  @composeDirective(name: "@partition")
directive @partition(by: String!) on OBJECT | FIELD_DEFINITION
type Item @key(fields: "shop code") @partition(by: "shop") { shop: ID! code: ID! price: Int }
type Query { item(shop: ID!, code: ID!): Item @partition(by: "shop") }
`;

let registry: RunningRegistry;
let folder: string;
const write = (file: string, text: string) => writeFile(join(folder, file), text);

beforeAll(async () => {
  registry = await startRegistry();
  folder = await mkdtemp(join(tmpdir(), "cli-registry-"));
  await write("stock.graphql", PARTITIONED);
  await write("news.graphql", `${LINK}\ntype Query { news: String, weather: String }\n`);
});
afterAll(async () => {
  await registry?.close();
  await rm(folder, { recursive: true });
});

/** With the operator's key, unless another is given. */
function run(args: readonly string[], key = OPERATOR_KEY, env: Record<string, string> = {}): Promise<Ran> {
  return lienthong(args, {
    cwd: folder,
    env: { LIENTHONG_REGISTRY: registry.url, LIENTHONG_KEY: key, ...env },
  });
}

describe("a graph comes to be", () => {
  let key: string;

  test("keys issue prints the key alone; keys list tells all but the secret; a revoked key is refused", async () => {
    const issued = await run(["keys", "issue", "news-desk", "--name", "N1"]);
    expect([issued.code, issued.err]).toEqual([0, ""]);
    key = issued.out.trim();
    const listed = await run(["keys", "list", "--json"]);
    expect(listed.json()).toMatchObject({
      ok: true,
      keys: [{ id: key.split(".")[0], owner: "news-desk", role: "owner", names: ["news-desk", "N1"] }],
    });
    expect(listed.out).not.toContain(key.split(".")[1]);
    const other = (await run(["keys", "issue", "old-gateway", "--role", "gateway", "--json"])).json();
    const revoked = await run(["keys", "revoke", String(other["id"])]);
    expect(revoked.out).toBe(`revoked key ${String(other["id"])} of old-gateway\n`);
    const refused = await run(["subgraphs"], String(other["key"]));
    expect([refused.code, refused.out]).toEqual([1, ""]);
    expect(refused.err).toMatch(/^error: .*key/i);
  });

  test("only the operator issues keys, in the language of the terminal", async () => {
    const { code, err } = await run(["keys", "issue", "friend"], key, { LANG: "vi_VN.UTF-8" });
    expect(code).toBe(1);
    expect(err).toMatch(/[à-ỹđ]/iu);
    const machine = await run(["keys", "issue", "friend", "--json"], key);
    expect(machine.json()).toMatchObject({ ok: false, error: { code: "OPERATOR_ONLY" } });
  });

  test("publish takes subgraphs in; a second time there is nothing to change", async () => {
    const stock = await run(["publish", "stock=stock.graphql"]);
    expect([stock.code, stock.out]).toEqual([0, "published stock: composition 1\n"]);
    const url = ["--url", "news=http://news.example/graphql"];
    const news = await run(["publish", "news=news.graphql", ...url, "--json"], key);
    expect(news.json()).toEqual({ ok: true, composition: 2, changed: true });
    const again = await run(["publish", "news=news.graphql", ...url], key);
    expect(again.out).toBe("nothing to change: it is so already, composition 2\n");
  });

  test("what does not compose is refused with file, line and what to change", async () => {
    await write("rival.graphql", `${LINK}\ntype Query {\n  news: String\n}\n`);
    const { code, out, err } = await run(["publish", "rival=rival.graphql"]);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("Another subgraph has this field already");
    expect(err).toMatch(/rival\.graphql:3|news\.graphql:2/);
    const checked = await run(["check", "rival=rival.graphql", "--json"]);
    expect(checked.code).toBe(1);
    expect(checked.json()).toMatchObject({ ok: false, faults: [{ code: "INVALID_FIELD_SHARING" }] });
  });

  test("nobody publishes what is another's", async () => {
    const { code, err } = await run(
      ["publish", "stock=stock.graphql", "--url", "stock=http://x.example/"],
      key,
    );
    expect(code).toBe(1);
    expect(err).toContain("stock");
  });

  test("check names the clients that a change would break, publish refuses it, the operator may insist", async () => {
    await registry.operator.registerOperations("portal", {
      operations: [{ name: "Front", document: "query Front { weather }" }],
    });
    await write("less.graphql", `${LINK}\ntype Query { news: String }\n`);
    const args = ["news=less.graphql", "--url", "news=http://news.example/graphql"];
    const checked = await run(["check", ...args], key);
    expect(checked.code).toBe(1);
    expect(checked.out).toContain("breaking");
    expect(checked.out).toContain("Front, used by portal (registered)");
    const published = await run(["publish", ...args], key);
    expect(published.code).toBe(1);
    expect(published.err).toContain("Front, used by portal (registered)");
    const insisted = await run(["publish", ...args, "--allow-breaking"]);
    expect(insisted.out).toBe("published news: composition 3\n");
  });

  test("a harmless change is told as such", async () => {
    await write("more.graphql", `${LINK}\ntype Query { news: String, sports: String }\n`);
    const { code, out } = await run([
      "check",
      "news=more.graphql",
      "--url",
      "news=http://news.example/graphql",
    ]);
    expect(code).toBe(0);
    expect(out).toContain(
      "the graph composes\nwhat changes for clients:\n  safe      Field 'sports' was added",
    );
    expect(out).toContain("no operation of a client breaks");
  });

  test("members come, go and come back", async () => {
    const add = ["members", "add", "N1", "--url", "http://n1.example/graphql", "--subgraph", "stock"];
    const added = await run([...add, "--sdl", "stock.graphql", "--name", "North", "--alias", "1N"]);
    expect(added.out).toBe("added member N1: composition 4\n");
    const suspended = await run(["members", "suspend", "N1", "--json"]);
    expect(suspended.json()).toEqual({ ok: true, composition: 5, changed: true });
    expect((await run(["members", "list"])).out).toMatch(/^N1 +North +suspended +operator +stock +http/m);
    expect((await run(["members", "resume", "N1"])).out).toBe("resumed member N1: composition 6\n");
    expect((await run(["members", "list", "--json"])).json()).toMatchObject({
      ok: true,
      members: [{ key: "N1", suspended: false, entry: { aliases: ["1N"], name: "North" } }],
    });
  });

  test("a member without the whole contract is refused, and told what is missing", async () => {
    const { code, err } = await run([
      "members",
      "add",
      "S1",
      "--url",
      "http://s1.example/",
      "--subgraph",
      "stock",
      "--sdl",
      "news.graphql",
    ]);
    expect(code).toBe(1);
    expect(err).toContain("\n  Item is missing");
  });

  test("subgraphs lists them, and prints one's SDL as it was published", async () => {
    expect((await run(["subgraphs"])).out).toMatch(
      /^news +news-desk +[0-9a-f]{12} .* operator +http:\/\/news/m,
    );
    expect((await run(["subgraphs", "stock"])).out).toBe(PARTITIONED);
    expect((await run(["subgraphs", "none"])).code).toBe(1);
  });

  test("history tells what was done and what was refused", async () => {
    const told = await run(["history", "--limit", "3", "--json"]);
    const { history } = told.json() as { history: { id: number; action: string; outcome: string }[] };
    expect(history.map(({ action, outcome }) => [action, outcome])).toEqual([
      ["resume", "DONE"],
      ["suspend", "DONE"],
      ["member", "DONE"],
    ]);
    const older = await run(["history", "--before", String(history[2]!.id), "--limit", "1"]);
    expect(older.out.trimEnd().split("\n")).toHaveLength(2);
    expect((await run(["history"])).out).toMatch(/ news-desk +publish +news +refused\n/);
  });

  test("diff compares two compositions, rollback goes back to one", async () => {
    const { out } = await run(["diff", "2", "4"]);
    expect(out).toMatch(/^composition 2 .* to 4 /);
    expect(out).toContain("~ subgraph news\n+ member N1\n");
    expect(out).toContain("Field 'weather' was removed");
    expect((await run(["diff", "6"])).out).toContain("no difference");
    const back = await run(["rollback", "3"]);
    expect(back.out).toBe("rolled back to 3: composition 7\n");
    expect((await run(["members", "list", "--json"])).json()).toMatchObject({ members: [] });
    expect((await run(["diff", "3", "--json"])).json()).toMatchObject({
      ok: true,
      members: { added: [], removed: [], changed: [] },
      schema: [],
    });
    expect((await run(["rollback", "3"], key)).code).toBe(1);
    expect((await run(["rollback", "99"])).err).toContain("99");
  });

  test("retire takes a subgraph out", async () => {
    expect((await run(["retire", "news"], key)).out).toBe("retired news: composition 8\n");
    expect((await run(["subgraphs", "--json"])).json()).toMatchObject({ subgraphs: [{ name: "stock" }] });
  });
});

test.each([
  [["publish"], 1, "there is no lienthong.json"],
  [["publish", "a=stock.graphql", "--url", "http://x"], 2, "is not NAME=URL"],
  [["diff", "first"], 2, "must be a composition's number, or latest"],
  [["rollback", "0"], 2, "must be a whole number"],
  [["members", "add", "X"], 2, "--url: is required"],
  [["keys", "issue", "x", "--role", "king"], 2, "must be owner or gateway"],
])("%j ends with %i", async (args, code, words) => {
  const ran = await run(args);
  expect([ran.code, ran.out]).toEqual([code, ""]);
  expect(ran.err).toContain(words);
});
