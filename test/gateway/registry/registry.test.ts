import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusalOf, type RunningRegistry, small, startRegistry } from "./running.ts";

describe("publishing", () => {
  let registry: RunningRegistry;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry.close());

  test("composes the graph, and everything of it can be read again", async () => {
    const north = await registry.as("north");
    expect(await north.publish({ subgraphs: [small("stock")] })).toEqual({ composition: 1, changed: true });
    const [subgraph] = await north.subgraphs();
    expect(subgraph).toMatchObject({
      name: "stock",
      owner: "north",
      publishedBy: "north",
      file: "stock.graphql",
    });
    expect((await north.subgraph("stock")).sdl).toBe(small("stock").sdl);
    const composition = await north.composition("latest");
    expect(composition).toMatchObject({ id: 1, members: [], variants: [] });
    expect(composition.supergraph).toContain(
      '@join__graph(name: "stock", url: "http://stock.example/graphql")',
    );
    expect(await north.history()).toMatchObject([
      { actor: "north", action: "publish", subject: "stock", outcome: "DONE", composition: 1 },
      { actor: "operator", action: "issue key", subject: "north" },
    ]);
  });

  test("what is there already changes nothing", async () => {
    const south = await registry.as("south");
    const first = await south.publish({ subgraphs: [small("shelves")] });
    expect(await south.publish({ subgraphs: [small("shelves")] })).toEqual({ ...first, changed: false });
  });

  test("what does not compose changes nothing, and says in which line what is to be done", async () => {
    const west = await registry.as("west");
    const before = await west.composition("latest");
    const { sdl } = small("notes", "stock");
    const refused = await refusalOf(
      west.publish({ subgraphs: [{ name: "notes", url: "", sdl, file: "src/notes.graphql" }] }),
    );
    expect(refused).toMatchObject({ code: "COMPOSITION_FAILED", status: 422 });
    expect(refused.message).toContain("The graph does not compose, nothing was changed:");
    const [fault] = refused.extensions["faults"] as Record<string, unknown>[];
    expect(fault).toMatchObject({
      code: "INVALID_FIELD_SHARING",
      subgraph: "notes",
      places: [
        { subgraph: "notes", file: "src/notes.graphql", line: 2, column: 14 },
        { subgraph: "stock", file: "stock.graphql", line: 2, column: 14 },
      ],
      remedy: { en: expect.stringContaining("@shareable"), vi: expect.stringContaining("@shareable") },
    });
    expect(await west.composition("latest")).toEqual(before);
    const [entry] = await west.history(1);
    expect(entry).toMatchObject({ actor: "west", subject: "notes", outcome: "REFUSED", composition: null });
  });

  test("what is not GraphQL is refused with its place", async () => {
    const west = await registry.as("west");
    const refused = await refusalOf(
      west.publish({ subgraphs: [{ name: "notes", sdl: "type Query {\n  notes: \n}", file: "n.graphql" }] }),
    );
    expect(refused.message).toContain("n.graphql:3:1: Syntax Error");
  });

  test("an owner publishes only what is its own", async () => {
    const east = await registry.as("east");
    const refused = await refusalOf(east.publish({ subgraphs: [small("stock")] }));
    expect(refused).toMatchObject({ code: "NOT_OWNER", status: 403 });
    expect(refused.message).toBe('Subgraph "stock" is not yours to change: it belongs to north.');
    const gateway = await registry.as("gate", [], "gateway");
    for (const call of [
      () => east.publish({ subgraphs: [small("mine")], owner: "north" }),
      () => east.retire("stock"),
      () => gateway.publish({ subgraphs: [small("gate")] }),
    ])
      expect((await refusalOf(call())).status).toBe(403);
    await registry.operator.publish({ subgraphs: [small("stock")], owner: "east" });
    expect(
      (await east.publish({ subgraphs: [small("stock", "stock", "type More { a: Int }")] })).changed,
    ).toBe(true);
  });

  test("only the operator issues keys, rolls back, and allows harm", async () => {
    const east = await registry.as("east");
    for (const call of [
      () => east.issueKey({ owner: "east" }),
      () => east.keys(),
      () => east.revokeKey("1"),
      () => east.rollBack(1),
      () => east.setVariant("open", { include: ["open"] }),
      () => east.publish({ subgraphs: [small("east")], allowBreaking: true }),
    ])
      expect(await refusalOf(call())).toMatchObject({ code: "OPERATOR_ONLY", status: 403 });
  });

  test("without a key that counts nothing is told", async () => {
    const { key, id } = await registry.operator.issueKey({ owner: "brief" });
    const brief = registry.client(key);
    expect(await brief.whoami()).toEqual({ role: "owner", name: "brief", names: ["brief"] });
    await registry.operator.revokeKey(id);
    const [known, secret] = key.split(".");
    for (const wrong of [
      key,
      "",
      "nobody",
      `${known}.`,
      `${known}.${secret?.slice(1)}`,
      `${known}.${"x".repeat(43)}`,
    ]) {
      const refused = await refusalOf(registry.client(wrong).composition("latest"));
      expect(refused).toMatchObject({ code: "KEY_REFUSED", status: 401 });
    }
    expect(await registry.operator.keys()).toContainEqual(
      expect.objectContaining({ id, owner: "brief", revokedAt: expect.any(String) }),
    );
  });

  test("the secret of a key is kept nowhere", async () => {
    const { key } = await registry.operator.issueKey({ owner: "discreet" });
    const rows = await registry.database.query(
      "select k::text || encode(hash, 'escape') as text from access_key k",
    );
    const history = await registry.database.query("select h::text as text from history h");
    const [, secret = ""] = key.split(".");
    expect(JSON.stringify([rows, history])).not.toContain(secret);
  });

  test("malformed requests are refused in the reader's language, each fault with its field", async () => {
    const vi = registry.client((await registry.operator.issueKey({ owner: "vi" })).key, "vi");
    const refused = await refusalOf(
      vi.publish({ subgraphs: [{ name: "1st", sdl: "", url: "ftp://x", extra: 1 }] } as never),
    );
    expect(refused).toMatchObject({ code: "INPUT_INVALID", status: 400 });
    expect(refused.message).toMatch(/^Dữ liệu gửi tới sổ đăng ký không đúng dạng: /);
    const fields = (refused.extensions["faults"] as { field: string }[]).map(({ field }) => field);
    expect(fields).toEqual(
      expect.arrayContaining(["subgraphs.0.name", "subgraphs.0.url", "subgraphs.0.sdl", "subgraphs.0"]),
    );
  });

  test.each([
    ["no JSON", "{", 400, "BODY_MALFORMED"],
    ["too much", `"${"x".repeat(2 ** 22)}"`, 413, "BODY_TOO_LARGE"],
    ["NUL", JSON.stringify({ subgraphs: [{ ...small("nul"), file: "a\u0000" }] }), 400, "INPUT_INVALID"],
  ])("%s is refused", async (_name, body, status, code) => {
    const { key } = await registry.operator.issueKey({ owner: "odd" });
    const response = await fetch(`${registry.url}/v1/publish`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  });

  test("health", async () => {
    expect(await (await fetch(`${registry.url}/health/live`)).json()).toEqual({ status: "live" });
    expect(await (await fetch(`${registry.url}/health/ready`)).json()).toEqual({ status: "ready" });
    expect((await fetch(`${registry.url}/nothing`)).status).toBe(404);
  });
});

describe("history", () => {
  let registry: RunningRegistry;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry.close());

  test.each(["sdl", "subgraph_version", "member_version", "composition", "history"])(
    "nobody rewrites %s",
    async (table) => {
      for (const statement of [`delete from ${table}`, `truncate ${table} cascade`])
        await expect(registry.database.query(statement)).rejects.toThrow("can be added to only");
      const [column] = await registry.database.query<{ name: string }>(
        "select column_name as name from information_schema.columns where table_name = $1 and is_identity = 'NO' limit 1",
        [table],
      );
      const update = `update ${table} set ${column!.name} = ${column!.name}`;
      await expect(registry.database.query(update)).rejects.toThrow("can be added to only");
    },
  );

  test("publishers at the same moment all end up in the graph", async () => {
    const names = Array.from({ length: 6 }, (_, index) => `service${index}`);
    const owners = await Promise.all(names.map((name) => registry.as(name)));
    // Two registries on one database: only the database itself can keep their changes apart.
    const second = await startRegistry(registry.databaseUrl);
    const { key } = await second.operator.issueKey({ owner: "service5" });
    owners[5] = second.client(key);
    const results = await Promise.all(
      owners.map((owner, index) => owner.publish({ subgraphs: [small(names[index]!)] })),
    );
    expect(results.map(({ composition }) => composition).toSorted((a, b) => a - b)).toEqual(
      results.map((_, index) => index + 1),
    );
    const { subgraphs, supergraph } = await registry.operator.composition("latest");
    expect(subgraphs.map(({ name }) => name)).toEqual(names.toSorted());
    for (const name of names) expect(supergraph).toContain(`${name}: String @join__field`);
    await second.stop();
    await second.database.close();
  });

  test("of two at the same moment that contradict each other, one is refused", async () => {
    const [one, other] = [await registry.as("one"), await registry.as("other")];
    const outcomes = await Promise.allSettled([
      one.publish({ subgraphs: [small("rival1", "contested")] }),
      other.publish({ subgraphs: [small("rival2", "contested")] }),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  test("the graph is rolled back to any earlier composition, and forth again", async () => {
    const { operator } = registry;
    const before = await operator.composition("latest");
    const next = await operator.publish({ subgraphs: [small("late")] });
    const back = await operator.rollBack(before.id);
    const rolled = await operator.composition("latest");
    expect(rolled.id).toBe(back.composition);
    expect(rolled.supergraph).toBe(before.supergraph);
    expect(rolled.subgraphs).toEqual(before.subgraphs);
    await operator.rollBack(next.composition);
    expect((await operator.subgraphs()).map(({ name }) => name)).toContain("late");
    expect((await operator.history(2)).map(({ action, subject }) => [action, subject])).toEqual([
      ["rollback", String(next.composition)],
      ["rollback", String(before.id)],
    ]);
    expect(await refusalOf(operator.rollBack(999_999))).toMatchObject({ code: "NAME_UNKNOWN", status: 404 });
  });

  test("two compositions are compared: subgraphs, and what clients see", async () => {
    const { operator } = registry;
    const from = await operator.composition("latest");
    await operator.publish({ subgraphs: [small("late", "later"), small("new")] });
    const diff = await operator.diff(from.id, "latest");
    expect(diff.subgraphs).toEqual({ added: ["new"], removed: [], changed: ["late"] });
    expect(diff.schema.map(({ path, level }) => [path, level])).toEqual(
      expect.arrayContaining([
        ["Query.late", "BREAKING"],
        ["Query.later", "NON_BREAKING"],
        ["Query.new", "NON_BREAKING"],
      ]),
    );
  });

  test("a subgraph that is retired leaves the graph, and its name stays its owner's", async () => {
    const one = await registry.as("keeper");
    await one.publish({ subgraphs: [small("kept")] });
    await one.retire("kept");
    expect((await one.subgraphs()).map(({ name }) => name)).not.toContain("kept");
    const thief = await registry.as("thief");
    expect((await refusalOf(thief.publish({ subgraphs: [small("kept")] }))).code).toBe("NOT_OWNER");
  });

  test("history is read page by page", async () => {
    const all = await registry.operator.history(100);
    const first = await registry.operator.history(3);
    expect([...first, ...(await registry.operator.history(100, first[2]!.id))]).toEqual(all);
  });
});
