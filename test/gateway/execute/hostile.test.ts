import { describe, expect, test } from "vitest";
import { serveHostile, type Behaviour } from "./hostile.ts";

const { ask, askWhole, asked } = serveHostile();

/** Knows none of the entities it is asked about, and says so once in each list. */
const knowsNothing: Behaviour = (_request, response) => {
  const { variables } = asked("extra");
  const data = Object.fromEntries(
    Object.keys(variables).map((name) => [
      name === "representations" ? "_entities" : `_e${name.at(-1)}`,
      [null],
    ]),
  );
  const errors = [{ message: "gone", path: [Object.keys(data)[0], 0, "exact"] }];
  response.writeHead(200).end(JSON.stringify({ data, errors }));
};

const THINGS = {
  data: {
    things: [
      { __typename: "Thing", id: "1" },
      { __typename: "Thing", id: "2" },
    ],
  },
};

describe("entities", () => {
  const query = "{ things { id extra } }";
  const lost = {
    things: [
      { id: "1", extra: null },
      { id: "2", extra: null },
    ],
  };

  test.each<[string, Behaviour, string]>([
    ["too few", { data: { _entities: [{ extra: "x" }] } }, "SUBGRAPH_MALFORMED_RESPONSE"],
    ["too many", { data: { _entities: [{ extra: "x" }, null, null] } }, "SUBGRAPH_MALFORMED_RESPONSE"],
    ["no list", { data: { _entities: { extra: "x" } } }, "SUBGRAPH_MALFORMED_RESPONSE"],
    ["missing", { data: {} }, "SUBGRAPH_MALFORMED_RESPONSE"],
    ["of no objects", { data: { _entities: ["x", 5] } }, "SUBGRAPH_MALFORMED_RESPONSE"],
    ["of lists", { data: { _entities: [[], []] } }, "SUBGRAPH_MALFORMED_RESPONSE"],
    ["not JSON", { body: "<html>" }, "SUBGRAPH_MALFORMED_RESPONSE"],
    ["cut short", { body: '{"data":{"_entities":[{"extra":"x"' }, "SUBGRAPH_MALFORMED_RESPONSE"],
    ["an empty body", { body: "" }, "SUBGRAPH_MALFORMED_RESPONSE"],
    ["another JSON", { body: '"data"' }, "SUBGRAPH_MALFORMED_RESPONSE"],
    ["null, without a reason", { data: null }, "SUBGRAPH_MALFORMED_RESPONSE"],
    ["status 500", (_request, response) => response.writeHead(500).end("oops"), "SUBGRAPH_HTTP_ERROR"],
    [
      "a redirect",
      (_request, response) => response.writeHead(302, { location: "http://127.0.0.1/" }).end(),
      "SUBGRAPH_HTTP_ERROR",
    ],
    ["a reset", (request) => request.socket.resetAndDestroy(), "SUBGRAPH_UNREACHABLE"],
    ["never", () => {}, "SUBGRAPH_TIMEOUT"],
    [
      "without end",
      (_request, response) => {
        const more = () => {
          while (!response.destroyed && response.write(" ".repeat(1000)));
          response.once("drain", more);
        };
        more();
      },
      "SUBGRAPH_RESPONSE_TOO_LARGE",
    ],
  ])("%s: cost their own fields, and one error", async (_name, extra, code) => {
    expect(await ask(query, { main: THINGS, extra })).toEqual({
      data: lost,
      errors: [`things.0 ${code} extra`],
    });
  });

  test("the reason given without data is told at the first entity", async () => {
    const extra = { data: null, errors: [{ message: "closed today" }] };
    expect(await ask(query, { main: THINGS, extra })).toEqual({
      data: lost,
      errors: ["things.0 SUBGRAPH_ERROR extra closed today"],
    });
  });

  test("null for one entity is its own fields' null, and no error", async () => {
    const extra = { data: { _entities: [null, { extra: "x" }] } };
    expect(await ask(query, { main: THINGS, extra })).toEqual({
      data: {
        things: [
          { id: "1", extra: null },
          { id: "2", extra: "x" },
        ],
      },
      errors: [],
    });
  });

  test("null for an entity with a field that must not be null: the place is told", async () => {
    const extra = { data: { _entities: [{ exact: "x" }, null] } };
    expect(await ask("{ things { exact } }", { main: THINGS, extra })).toEqual({
      data: { things: null },
      errors: [
        "things.1.exact SUBGRAPH_INVALID_VALUE extra Cannot return null for non-nullable field Thing.exact.",
      ],
    });
  });

  test("a failed call explains every null that it leaves: nothing else is told", async () => {
    const answer = await ask("{ things { exact other { id } } text }", {
      main: { data: { ...THINGS.data, text: "t" } },
      extra: { body: "" },
    });
    expect(answer).toEqual({
      data: { things: null, text: "t" },
      errors: ["things.0 SUBGRAPH_MALFORMED_RESPONSE extra"],
    });
  });

  test("an error about an entity that stands at several places is told once", async () => {
    const main = {
      data: {
        things: [
          { __typename: "Thing", id: "1" },
          { __typename: "Thing", id: "1" },
        ],
        maybe: [null, { __typename: "Thing", id: "1" }],
      },
    };
    const answer = await ask("{ things { exact } maybe { exact } }", { main, extra: knowsNothing });
    expect(answer.data).toEqual({ things: null, maybe: [null, null] });
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors[0]).toMatch(/^(things\.0|maybe\.1)\.exact SUBGRAPH_ERROR extra gone$/);
  });

  test("an error's path is the client's: aliases and list indices", async () => {
    const main = {
      data: { mine: [null, { __typename: "Thing", id: "1" }, { __typename: "Thing", id: "2" }] },
    };
    const extra = {
      data: {
        _entities: [
          { e: "x", o: null },
          { e: null, o: null },
        ],
      },
      errors: [
        { message: "no extra", path: ["_entities", 1, "e"], extensions: { code: "NO_EXTRA", tip: 1 } },
        { message: "", path: ["_entities", "0", "o"] },
      ],
    };
    expect(await ask("{ mine: maybe { e: extra o: other { id } } }", { main, extra })).toEqual({
      data: { mine: [null, { e: "x", o: null }, { e: null, o: null }] },
      errors: ["mine.2.e NO_EXTRA extra", 'mine.1.o SUBGRAPH_ERROR extra Service "extra" reported an error.'],
    });
  });

  test("errors with senseless paths are told all the same", async () => {
    const paths = [
      [],
      ["_entities"],
      ["_entities", 99],
      ["_entities", -1, "extra"],
      ["nowhere", 0],
      [{}],
      "x",
      null,
    ];
    const extra = {
      data: { _entities: [{ extra: "x" }, { extra: "y" }] },
      errors: paths.map((path, index) => ({ message: `error ${index}`, path })),
    };
    const { data, errors } = await ask(query, { main: THINGS, extra });
    expect(data).toEqual({
      things: [
        { id: "1", extra: "x" },
        { id: "2", extra: "y" },
      ],
    });
    expect(errors.map((text) => text.replace(/^\S+/, ""))).toEqual(
      paths.map((_path, index) => ` SUBGRAPH_ERROR extra error ${index}`),
    );
  });

  test("errors of no shape are told as the service's", async () => {
    const extra = {
      data: { _entities: [{ extra: "x" }, null] },
      errors: [null, 5, "x", {}, { message: 7, extensions: [] }],
    };
    const { errors } = await ask(query, { main: THINGS, extra });
    expect(new Set(errors)).toEqual(
      new Set(['things.0 SUBGRAPH_ERROR extra Service "extra" reported an error.']),
    );
  });

  test("keys that an object inherits, and __proto__, are values like any other", async () => {
    const extra = {
      body: '{"data":{"_entities":[{"__proto__":{"extra":"stolen","polluted":true},"extra":"x"},{"__proto__":null}]}}',
    };
    expect(await ask(query, { main: THINGS, extra })).toEqual({
      data: {
        things: [
          { id: "1", extra: "x" },
          { id: "2", extra: null },
        ],
      },
      errors: [],
    });
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("an entity of another type costs itself", async () => {
    const main = {
      data: {
        things: [
          { __typename: "Box", id: "1" },
          { __typename: "Thing", id: "2" },
        ],
      },
    };
    const { data, errors } = await ask(query, { main, extra: { data: { _entities: [{ extra: "x" }] } } });
    expect(data).toEqual({ things: null });
    expect(errors).toEqual(["things.0 SUBGRAPH_INVALID_VALUE main Invalid value for field Query.things."]);
  });

  test("an entity whose key is missing is not asked about", async () => {
    const main = { data: { maybe: [{ __typename: "Thing", id: "1" }, { __typename: "Thing" }] } };
    const extra = { data: { _entities: [{ extra: "x" }] } };
    expect(await ask("{ maybe { extra } }", { main, extra })).toEqual({
      data: { maybe: [{ extra: "x" }, { extra: null }] },
      errors: [],
    });
  });
});

describe("whole answers", () => {
  test("data null with errors: every field null, the errors told, no more", async () => {
    const main = { data: null, errors: [{ message: "closed", extensions: { code: "CLOSED" } }] };
    expect(await ask("{ strict thing { id } }", { main })).toEqual({ data: null, errors: ["- CLOSED main"] });
    expect(await ask("{ count thing { id } }", { main })).toEqual({
      data: { count: null, thing: null },
      errors: ["- CLOSED main"],
    });
  });

  test("a subgraph says where it comes from in vain: its service is the gateway's to tell", async () => {
    const extensions = {
      code: "X",
      service: "police",
      serviceName: "x",
      stacktrace: ["at home"],
      exception: {},
    };
    const main = { data: { count: null }, errors: [{ message: "m", path: ["count"], extensions }] };
    const { errors } = await askWhole("{ count }", { main });
    expect(errors[0]?.extensions).toMatchObject({ code: "X", service: "main" });
    expect(Object.keys(errors[0]?.extensions ?? {})).not.toContain("stacktrace");
  });

  test("mutations after one that fails still run; the null of one that must not be null ends them all", async () => {
    const names: string[] = [];
    const main: Behaviour = (_request, response) => {
      const { query } = asked("main");
      const name = /\{\s*(\w)/.exec(query)?.[1] ?? "";
      names.push(name);
      response.writeHead(200).end(JSON.stringify({ data: { [name]: name === "a" ? "wrong" : 1 } }));
    };
    expect(await ask("mutation { a b c }", { main })).toEqual({
      data: { a: null, b: 1, c: 1 },
      errors: ["a SUBGRAPH_INVALID_VALUE main Invalid value for field Mutation.a."],
    });
    expect(names).toEqual(["a", "b", "c"]);
  });
});
