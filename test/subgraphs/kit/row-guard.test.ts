import Fastify, { type FastifyInstance } from "fastify";
import fc from "fast-check";
import { createSourceEventStream, execute, type ExecutionResult, type GraphQLSchema, parse } from "graphql";
import mercurius from "mercurius";
import { describe, expect, onTestFinished, test } from "vitest";
import { ANONYMOUS, EVERYTHING, type Identity } from "../../../subgraphs/kit/identity.ts";
import type { RowRules, Sight } from "../../../subgraphs/kit/row-rules.ts";
import { buildServedSchema } from "../../../subgraphs/kit/sdl.ts";

const SDL = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query {
    item(id: ID!): Item
    items: [Item]
    nested: [[Item]]
    page: ItemPage
    thing(id: ID!): Thing
    things: [Thing]
    named(id: ID!): Named
    sure(id: ID!): Item!
    broken: Item
    mixed: [Item]
  }
  type Mutation { change(id: ID!, from: String): ItemPayload }
  type Subscription { changed: Item }
  type ItemPayload { item: Item }
  type ItemPage { nodes: [Item] edges: [ItemEdge] }
  type ItemEdge { node: Item }
  interface Named { name: String }
  type Item implements Named @key(fields: "id") {
    id: ID! name: String secret: String next: Item friends: [Item] parts: [Part] one: Part thing: Thing
  }
  type Note implements Named @key(fields: "id") { id: ID! name: String }
  type Part { text: String item: Item }
  union Thing = Item | Note
`);

interface Row {
  readonly id: string;
  readonly kind: "Item" | "Note";
  readonly next: string | null;
  readonly friends: readonly string[];
}

interface World {
  readonly identity: Identity;
  readonly rows: ReadonlyMap<string, Row>;
  /** By id: what whoever asks may see. */
  readonly sights: ReadonlyMap<string, Sight>;
  /** Whether rules and resolvers take their time. */
  readonly isSlow: boolean;
  readonly asked: string[];
}

/** `part` shows little; `key` shows the id, to whoever names it. */
const VIEWS = { part: { fields: ["id", "next"] }, key: { fields: ["id"], byKeyOnly: true } };

const rule = (row: Row, _identity: Identity, { sights, asked, isSlow }: World) => {
  asked.push(row.id);
  const sight = sights.get(row.id) ?? false;
  return isSlow ? Promise.resolve(sight) : sight;
};

const RULES: RowRules = {
  types: {
    Item: { rule, views: VIEWS },
    Note: (row: Row, identity: Identity, world: World) =>
      world.isSlow ? Promise.resolve(rule(row, identity, world)) : rule(row, identity, world),
    Part: "within",
    ItemPage: "container",
    ItemEdge: "container",
    ItemPayload: "container",
  },
  fields: {
    "Mutation.change": [
      { roles: ["writer"] },
      {
        roles: ["agency-officer"],
        agency: () => "H56.14",
        when: ({ from }: { from?: string }) => from === "here",
      },
    ],
  },
};

const given = <T>(value: T, { isSlow }: World): T | Promise<T> => (isSlow ? Promise.resolve(value) : value);
const rowOf = (id: string | null, { rows }: World) => (id === null ? null : (rows.get(id) ?? null));
const ofKind = (kind: Row["kind"], { rows }: World) => [...rows.values()].filter((row) => row.kind === kind);
const changed: string[] = [];

const schema = buildServedSchema([
  {
    typeDefs: SDL,
    rows: RULES,
    resolvers: {
      Query: {
        item: (_: unknown, { id }: Row, world: World) => given(itemOf(id, world), world),
        items: (_: unknown, __: unknown, world: World) =>
          ofKind("Item", world).map((row) => given(row, world)),
        nested: (_: unknown, __: unknown, world: World) =>
          given(new Set(ofKind("Item", world).map((row) => [row, null])), world),
        page: (_: unknown, __: unknown, world: World) => {
          const nodes = ofKind("Item", world);
          return given({ nodes, edges: nodes.map((node) => ({ node })) }, world);
        },
        thing: (_: unknown, { id }: Row, world: World) => given(rowOf(id, world), world),
        things: (_: unknown, __: unknown, world: World) => given([...world.rows.values()], world),
        named: (_: unknown, { id }: Row, world: World) => given(rowOf(id, world), world),
        sure: (_: unknown, { id }: Row, world: World) => given(itemOf(id, world), world),
        broken: () => Promise.reject(new Error("broken")),
        mixed: (_: unknown, __: unknown, world: World) => [
          ...ofKind("Item", world),
          null,
          Promise.reject(new Error("broken item")),
          new Error("faulty item"),
        ],
      },
      Mutation: {
        change: (_: unknown, { id }: Row, world: World) => {
          changed.push(id);
          return given({ item: itemOf(id, world) }, world);
        },
      },
      Subscription: {
        changed: {
          subscribe: async function* (_: unknown, __: unknown, world: World) {
            yield* ofKind("Item", world);
          },
          resolve: (row: Row) => row,
        },
      },
      Named: { __resolveType: (row: Row) => row.kind },
      Thing: { __resolveType: (row: Row) => row.kind },
      Item: {
        __resolveReference: ({ id }: Row, world: World) => {
          if (id === "broken") throw new Error("broken reference");
          return given(itemOf(id, world), world);
        },
        name: ({ id }: Row) => `name-${id}`,
        secret: ({ id }: Row) => `secret-${id}`,
        next: ({ next }: Row, _: unknown, world: World) => given(rowOf(next, world), world),
        friends: ({ friends }: Row, _: unknown, world: World) =>
          given(
            friends.map((id) => rowOf(id, world)),
            world,
          ),
        parts: (row: Row) => [row, row],
        one: (row: Row) => row,
        thing: ({ next }: Row, _: unknown, world: World) => given(rowOf(next, world), world),
      },
      Note: { name: ({ id }: Row) => `name-${id}` },
      Part: { text: ({ id }: Row) => `part-${id}`, item: (row: Row) => row },
    },
  },
]);

function itemOf(id: string | null, world: World): Row | null {
  const row = rowOf(id, world);
  return row?.kind === "Item" ? row : null;
}

const ROWS: readonly Row[] = [
  { id: "a", kind: "Item", next: "b", friends: ["a", "b", "c", "k"] },
  { id: "b", kind: "Item", next: "a", friends: [] },
  { id: "c", kind: "Item", next: "n", friends: ["b"] },
  { id: "k", kind: "Item", next: "c", friends: ["a"] },
  { id: "n", kind: "Note", next: null, friends: [] },
  { id: "m", kind: "Note", next: null, friends: [] },
];

/** a is seen, b is not, c in part, k by its key; n is seen, m is not. */
const SIGHTS = new Map<string, Sight>([
  ["a", true],
  ["c", "part"],
  ["k", "key"],
  ["n", true],
]);

function worldOf(changes: Partial<World> = {}): World {
  return {
    identity: ANONYMOUS,
    rows: new Map(ROWS.map((row) => [row.id, { ...row }])),
    sights: SIGHTS,
    isSlow: false,
    asked: [],
    ...changes,
  };
}

type Engine = (query: string, context: World) => Promise<ExecutionResult>;

const interpreted: Engine = async (query, contextValue) =>
  plain(await execute({ schema, document: parse(query), contextValue }));

/** As a subgraph serves it: every operation compiled. */
async function compiling(of: GraphQLSchema = schema): Promise<Engine> {
  const app: FastifyInstance = Fastify();
  await app.register(mercurius, { schema: of, jit: 1 });
  await app.ready();
  onTestFinished(() => app.close());
  return async (query, context) => {
    // The first time is interpreted.
    await app.graphql(query, { ...context, asked: [] });
    return plain(await app.graphql<Record<string, unknown>>(query, context as never));
  };
}

function plain(result: ExecutionResult): ExecutionResult {
  return JSON.parse(JSON.stringify(result)) as ExecutionResult;
}

/** In the order of the alphabet: errors of one time may come in any. */
function messages({ errors = [] }: ExecutionResult): string[] {
  return errors.map(({ message }) => message).toSorted((a, b) => a.localeCompare(b));
}

describe.each([
  ["interpreted", () => Promise.resolve(interpreted)],
  ["compiled", () => compiling()],
] as const)("%s", (_name, start) => {
  describe.each([false, true])("where rules and resolvers take time: %s", (isSlow) => {
    test.each([
      [
        "a root field",
        '{ x: item(id: "a") { name } y: item(id: "b") { name } }',
        { x: { name: "name-a" }, y: null },
      ],
      [
        "what there is not",
        '{ x: item(id: "gone") { name } y: item(id: "n") { name } }',
        { x: null, y: null },
      ],
      ["a list", "{ items { id } }", { items: [{ id: "a" }, { id: "c" }] }],
      [
        "a list of lists, of anything that can be walked",
        "{ nested { id } }",
        { nested: [[{ id: "a" }, null], [null], [{ id: "c" }, null], [null]] },
      ],
      [
        "a page",
        "{ page { nodes { id } edges { node { id } } } }",
        {
          page: {
            nodes: [{ id: "a" }, { id: "c" }],
            edges: [{ node: { id: "a" } }, { node: null }, { node: { id: "c" } }, { node: { id: "k" } }],
          },
        },
      ],
      ["an object's field", '{ item(id: "a") { next { id } } }', { item: { next: null } }],
      [
        "an object's list",
        '{ item(id: "a") { friends { id } } }',
        { item: { friends: [{ id: "a" }, { id: "c" }] } },
      ],
      [
        "a union",
        '{ x: thing(id: "n") { ... on Note { name } } y: thing(id: "m") { ... on Note { name } } }',
        { x: { name: "name-n" }, y: null },
      ],
      [
        "a list of a union",
        "{ things { __typename } }",
        { things: [{ __typename: "Item" }, { __typename: "Item" }, { __typename: "Note" }] },
      ],
      [
        "an interface",
        '{ x: named(id: "a") { name } y: named(id: "m") { name } }',
        { x: { name: "name-a" }, y: null },
      ],
      [
        "what belongs to it, and what that leads to",
        '{ item(id: "a") { parts { text item { id } } one { text } } }',
        {
          item: {
            parts: [
              { text: "part-a", item: { id: "a" } },
              { text: "part-a", item: { id: "a" } },
            ],
            one: { text: "part-a" },
          },
        },
      ],
      ["an entity", entities("a", "b", "gone", "c"), { _entities: [{ id: "a" }, null, null, { id: "c" }] }],
      ["an entity that the key shows", entities("k"), { _entities: [{ id: "k" }] }],
      [
        "an entity that is its own key",
        '{ _entities(representations: [{ __typename: "Note", id: "n" }, { __typename: "Note", id: "m" }]) { ... on Note { id name } } }',
        { _entities: [{ id: "n", name: "name-n" }, null] },
      ],
    ])("%s", async (_of, query, data) => {
      const ask = await start();
      expect(await ask(query, worldOf({ isSlow }))).toEqual({ data });
    });

    test("a field that the view of a row does not have is not told", async () => {
      const ask = await start();
      const told = await ask(
        '{ item(id: "c") { id name secret thing { __typename } parts { text } } }',
        worldOf({ isSlow }),
      );
      expect(told.data).toEqual({ item: { id: "c", name: null, secret: null, thing: null, parts: null } });
      expect(messages(told)).toEqual(
        ["name", "parts", "secret", "thing"].map(
          (name) => `Item.${name} is shown only to those whom this row concerns`,
        ),
      );
    });

    test("what must be there and may not be seen is an error", async () => {
      const ask = await start();
      const told = await ask('{ sure(id: "b") { id } }', worldOf({ isSlow }));
      expect([told.data ?? null, messages(told)]).toEqual([
        null,
        ["Query.sure is shown only to those whom this row concerns"],
      ]);
    });

    test("a payload; and nothing is changed by those who may not", async () => {
      const ask = await start();
      changed.length = 0;
      const query = 'mutation { x: change(id: "a") { item { id } } y: change(id: "b") { item { id } } }';
      const told = await ask(query, worldOf({ isSlow }));
      expect(told.data).toEqual({ x: null, y: null });
      expect(messages(told)[0]).toBe("you may not do Mutation.change; allowed: writer");
      expect(changed).toEqual([]);
      const writer = { ...ANONYMOUS, roles: new Set(["writer"]) };
      expect(await ask(query, worldOf({ isSlow, identity: writer }))).toEqual({
        data: { x: { item: { id: "a" } }, y: { item: null } },
      });
      const officer = { ...ANONYMOUS, roles: new Set(["agency-officer"]), organisation: "000.00.14.H56" };
      const here = 'mutation { change(id: "a", from: "here") { item { id } } }';
      expect((await ask(here, worldOf({ identity: officer }))).data).toEqual({
        change: { item: { id: "a" } },
      });
      const elsewhere = { ...officer, organisation: "H56.02" };
      expect(messages(await ask(here, worldOf({ identity: elsewhere })))).toEqual([
        "you may not do Mutation.change; allowed: writer; agency-officer (H56.14)",
      ]);
    });

    test("errors stay errors, each in its place", async () => {
      const ask = await start();
      const told = await ask("{ broken { id } mixed { id } }", worldOf({ isSlow }));
      expect(told.data).toEqual({ broken: null, mixed: [{ id: "a" }, { id: "c" }, null, null, null] });
      expect(messages(told)).toEqual(["broken", "broken item", "faulty item"]);
      const entity = await ask(entities("a", "broken", "b", "c"), worldOf({ isSlow }));
      expect(entity.data).toEqual({ _entities: [{ id: "a" }, null, null, { id: "c" }] });
      expect(messages(entity)).toEqual(["broken reference"]);
    });

    test("with --no-authorization everything is told, and no rule asked", async () => {
      const ask = await start();
      const all = worldOf({ isSlow, identity: EVERYTHING, sights: new Map() });
      const told = await ask('{ items { id name } item(id: "b") { secret } things { __typename } }', all);
      expect(told.data).toMatchObject({
        items: { length: 4 },
        item: { secret: "secret-b" },
        things: { length: 6 },
      });
      expect(all.asked).toEqual([]);
    });

    test("each row is judged once, wherever it stands", async () => {
      const ask = await start();
      const once = worldOf({ isSlow });
      await ask(
        '{ items { id next { id } } again: items { id } item(id: "a") { friends { id name secret } } }',
        once,
      );
      expect(once.asked.toSorted()).toEqual(["a", "b", "c", "k", "n"]);
    });
  });
});

function entities(...ids: readonly string[]): string {
  const keys = ids.map((id) => `{ __typename: "Item", id: "${id}" }`);
  return `{ _entities(representations: [${keys.join(", ")}]) { ... on Item { id } } }`;
}

test("a subscription's events", async () => {
  const document = parse("subscription { changed { id } }");
  const stream = await createSourceEventStream({ schema, document, contextValue: worldOf() });
  const told: unknown[] = [];
  for await (const rootValue of stream as AsyncIterable<unknown>)
    told.push(plain(await execute({ schema, document, rootValue, contextValue: worldOf() })).data);
  expect(told).toEqual([
    { changed: { id: "a" } },
    { changed: null },
    { changed: { id: "c" } },
    { changed: { id: "k" } },
  ]);
});

const guardedBy = (answer: unknown, rows: RowRules["types"]["x"] = () => answer as Sight) =>
  buildServedSchema([
    {
      typeDefs: parse("type Query { thing: Thing all: [Thing] } type Thing { name: String }"),
      rows: { types: { Thing: rows } },
      resolvers: { Query: { thing: () => ({ name: "x" }), all: () => [{ name: "x" }, "y"] } },
    },
  ]);
const askBoth = async (of: GraphQLSchema, contextValue: unknown = {}) =>
  plain(await execute({ schema: of, document: parse("{ thing { name } all { name } }"), contextValue }));

const failing = () => {
  throw new Error("no database");
};

describe("what is forgotten fails closed", () => {
  test.each([undefined, null, 0, 1, "", "true", "whole", {}, [], Number.NaN])(
    "a rule that answers %o shows nothing",
    async (answer) => {
      expect((await askBoth(guardedBy(answer))).data).toEqual({ thing: null, all: [] });
      expect((await askBoth(guardedBy(Promise.resolve(answer)))).data).toEqual({ thing: null, all: [] });
    },
  );

  test("a rule that fails shows nothing, and says that it failed", async () => {
    for (const rows of [failing, () => Promise.reject(new Error("no database"))]) {
      const told = await askBoth(guardedBy(true, rows));
      expect(told.data).toEqual({ thing: null, all: [null, null] });
      expect(messages(told)).toEqual(["no database", "no database", "no database"]);
    }
  });

  test("whoever asks without an identity is nobody", async () => {
    const seen: Identity[] = [];
    const watching = guardedBy(true, (_row: unknown, identity: Identity) => {
      seen.push(identity);
      return identity.isAuthenticated;
    });
    for (const context of [undefined, null, {}, { identity: undefined }])
      expect((await askBoth(watching, context)).data).toEqual({ thing: null, all: [] });
    expect(new Set(seen)).toEqual(new Set([ANONYMOUS]));
  });
});

describe("random operations of random people over random rows", () => {
  interface Selection {
    readonly field: string;
    readonly id?: string;
    readonly sub?: readonly Selection[];
  }

  const IDS = ["a", "b", "c", "d", "e", "f"];
  const id = fc.constantFrom(...IDS);
  const row = (name: string) =>
    fc.record({
      id: fc.constant(name),
      kind: fc.constant("Item" as const),
      next: fc.option(id),
      friends: fc.array(id, { maxLength: 4 }),
    });
  const rows = fc
    .tuple(...IDS.map(row))
    .chain((all) => fc.subarray(all))
    .map((all) => new Map(all.map((each) => [each.id, each])));
  const sights = fc
    .tuple(...IDS.map(() => fc.constantFrom<Sight>(true, true, false, "part", "key")))
    .map((all) => new Map(IDS.map((name, index) => [name, all[index] as Sight])));
  const { selection } = fc.letrec<{ selection: readonly Selection[]; part: readonly Selection[] }>((tie) => ({
    selection: fc.array(
      fc.oneof(
        { maxDepth: 3, depthIdentifier: "selection" },
        fc.record({ field: fc.constantFrom("id", "name", "secret") }),
        fc.record({ field: fc.constantFrom("next", "friends"), sub: tie("selection") }),
        fc.record({ field: fc.constantFrom("parts", "one"), sub: tie("part") }),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    part: fc.array(
      fc.oneof(
        { maxDepth: 3, depthIdentifier: "selection" },
        fc.record({ field: fc.constant("text") }),
        fc.record({ field: fc.constant("item"), sub: tie("selection") }),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  }));
  const operation = fc.array(
    fc.oneof(
      fc.record({ field: fc.constantFrom("item", "thing", "named", "_entities"), id, sub: selection }),
      fc.record({ field: fc.constantFrom("items", "things", "page"), sub: selection }),
    ),
    { minLength: 1, maxLength: 3 },
  );

  const text = (selections: readonly Selection[]): string =>
    selections
      .map(({ field, sub }, index) => `f${index}: ${field}${sub ? ` { ${text(sub)} }` : ""}`)
      .join(" ");

  const rootText = (selections: readonly Selection[]): string =>
    `{ ${selections
      .map(({ field, id: key, sub = [] }, index) => {
        const inner = `... on Item { ${text(sub)} }`;
        if (field === "_entities")
          return `f${index}: _entities(representations: [{ __typename: "Item", id: "${key}" }]) { ${inner} }`;
        if (field === "page") return `f${index}: page { nodes { ${inner} } }`;
        return `f${index}: ${field}${key === undefined ? "" : `(id: "${key}")`} { ${inner} }`;
      })
      .join(" ")} }`;

  /** As it would be read by somebody who holds the rows in one hand, and the rules in the other. */
  class Reference {
    readonly #rows: ReadonlyMap<string, Row>;
    readonly #sights: ReadonlyMap<string, Sight>;
    constructor(all: ReadonlyMap<string, Row>, seen: ReadonlyMap<string, Sight>) {
      this.#rows = all;
      this.#sights = seen;
    }

    root(selections: readonly Selection[]): Record<string, unknown> {
      return named(selections, ({ field, id: key, sub = [] }) => {
        if (field === "_entities") return [this.one(key ?? null, sub)];
        if (key !== undefined) return this.one(key, sub);
        const all = this.list([...this.#rows.keys()], sub);
        return field === "page" ? { nodes: all } : all;
      });
    }

    one(key: string | null, sub: readonly Selection[]): unknown {
      const found = key === null ? undefined : this.#rows.get(key);
      if (found === undefined || this.#sights.get(found.id) === false) return null;
      return this.item(found, sub);
    }

    list(keys: readonly string[], sub: readonly Selection[]): unknown[] {
      return keys
        .filter((key) => !this.#rows.has(key) || [true, "part"].includes(this.#sights.get(key) as Sight))
        .map((key) => this.one(key, sub));
    }

    item(found: Row, sub: readonly Selection[]): unknown {
      const sight = this.#sights.get(found.id);
      const visible = sight === true ? undefined : VIEWS[sight as keyof typeof VIEWS].fields;
      return named(sub, ({ field, sub: inner = [] }) => {
        if (visible !== undefined && !visible.includes(field)) return null;
        if (field === "id") return found.id;
        if (field === "next") return this.one(found.next, inner);
        if (field === "friends") return this.list(found.friends, inner);
        if (field === "one") return this.part(found, inner);
        if (field === "parts") return [this.part(found, inner), this.part(found, inner)];
        return `${field}-${found.id}`;
      });
    }

    part(found: Row, sub: readonly Selection[]): unknown {
      return named(sub, ({ field, sub: inner = [] }) =>
        field === "text" ? `part-${found.id}` : this.one(found.id, inner),
      );
    }
  }

  function named(selections: readonly Selection[], value: (selection: Selection) => unknown) {
    return Object.fromEntries(selections.map((each, index) => [`f${index}`, value(each)]));
  }

  test("tell what a plain reference tells", async () => {
    const compiled = await compiling();
    await fc.assert(
      fc.asyncProperty(operation, rows, sights, fc.boolean(), async (selections, all, seen, isSlow) => {
        const query = rootText(selections);
        const expected = new Reference(all, seen).root(selections);
        for (const ask of [interpreted, compiled]) {
          const told = await ask(query, worldOf({ rows: all, sights: seen, isSlow }));
          expect(told.data).toEqual(expected);
          // What is not there, or is refused, is no error; only fields that a view has not are.
          for (const message of messages(told)) expect(message).toContain("is shown only to those");
        }
      }),
      { numRuns: 150 },
    );
  });
});
