import { describe, expect, test } from "vitest";
import { serveHostile, type Behaviour } from "./hostile.ts";

const { ask, askText, asked } = serveHostile();

/** Answers every field of the root with the key under which it was asked. */
const echo: Behaviour = (_request, response) => {
  const { query } = asked("main");
  const keys = [...query.matchAll(/(\w+): ?(?:text|constructor|name)|(?<=[{ ])constructor/g)].map(
    ([whole, alias]) => alias ?? whole,
  );
  const body = `{${keys.map((key) => `"${key}":"is ${key}"`).join()}}`;
  response.writeHead(200).end(`{"data":${body}}`);
};

describe("values", () => {
  test.each<[string, string, unknown]>([
    ["a string for Int", "count", "5"],
    ["a fraction for Int", "count", 1.5],
    ["33 bits for Int", "count", 2 ** 32],
    ["an object for Int", "count", {}],
    ["a string for Boolean", "flag", "true"],
    ["a number for Boolean", "flag", 1],
    ["a string for Float", "ratio", "1"],
    ["a number for String", "text", 5],
    ["a list for String", "text", ["x"]],
    ["an object for ID", "id", {}],
    ["a fraction for ID", "id", 1.5],
    ["an unknown value for an enum", "color", "BLUE"],
    ["an inherited name for an enum", "color", "constructor"],
    ["a scalar for an object", "thing { id }", "x"],
    ["a list for an object", "thing { id }", []],
    ["an object for a list", "things { id }", { id: "1" }],
    ["a scalar for a list", "matrix", 5],
    ["an object for an interface, of no type", "node { id }", { id: "1" }],
    ["an object for an interface, of an unknown type", "node { id }", { __typename: "Nothing", id: "1" }],
    ["an object for an interface, of an interface", "node { id }", { __typename: "Node", id: "1" }],
    ["an object for a union, of a type outside", "any { __typename }", { __typename: "Part" }],
    [
      "an object for an interface, of a type that is no text",
      "node { id }",
      { __typename: { a: 1 }, id: "1" },
    ],
  ])("%s: null, told", async (_name, selection, value) => {
    const field = selection.split(" ")[0] ?? "";
    expect(await ask(`{ other: __typename ${selection} }`, { main: { data: { [field]: value } } })).toEqual({
      data: { other: "Query", [field]: null },
      errors: [`${field} SUBGRAPH_INVALID_VALUE main Invalid value for field Query.${field}.`],
    });
  });

  test.each<[string, string, unknown, unknown, string]>([
    ["an item", "things { id }", [{ id: "1" }, null], { things: null }, "things.1"],
    [
      "a field of an item",
      "things { id sure }",
      [{ id: "1", sure: null }],
      { things: null },
      "things.0.sure",
    ],
    ["a missing field", "things { sure }", [{}], { things: null }, "things.0.sure"],
    ["an item of an inner list", "matrix", [[1], [2, null]], { matrix: null }, "matrix.1.1"],
    ["an inner list", "matrix", [[1], null], { matrix: null }, "matrix.1"],
    ["a root field", "strict", null, null, "strict"],
    ["a root object", "must { id }", null, null, "must"],
    ["a root list", "all { id }", null, null, "all"],
    ["an item of a root list", "all { id }", [null], null, "all.0"],
    [
      "deep below a root field",
      "must { parts { weight } sure }",
      { parts: [[{ weight: 1 }, { weight: null }]], sure: "x" },
      { must: { parts: null, sure: "x" } },
      "must.parts.0.1.weight",
    ],
  ])(
    "null where none may be, %s: goes up as far as it must, told once",
    async (_name, selection, value, data, place) => {
      const field = selection.split(" ")[0] ?? "";
      const answer = await ask(`{ ${selection} }`, { main: { data: { [field]: value } } });
      expect(answer.data).toEqual(data);
      expect(answer.errors).toHaveLength(1);
      expect(answer.errors[0]).toMatch(
        new RegExp(`^${place} SUBGRAPH_INVALID_VALUE main Cannot return null for non-nullable`),
      );
    },
  );

  test("a null that the subgraph has told is not told again", async () => {
    const main = {
      data: { things: null, must: null },
      errors: [
        { message: "no sure", path: ["things", 0, "sure"] },
        { message: "no must", path: ["must"] },
      ],
    };
    expect(await ask("{ things { sure } must { id } }", { main })).toEqual({
      data: null,
      errors: ["things.0.sure SUBGRAPH_ERROR main no sure", "must SUBGRAPH_ERROR main no must"],
    });
  });

  test("each fault beside others costs its own place", async () => {
    const main = { data: { maybe: [{ id: "1", name: 5 }, 7, { id: "3", name: "c" }, []], count: 1 } };
    expect(await ask("{ maybe { id name } count }", { main })).toEqual({
      data: { maybe: [{ id: "1", name: null }, null, { id: "3", name: "c" }, null], count: 1 },
      errors: [
        "maybe.0.name SUBGRAPH_INVALID_VALUE main Invalid value for field Thing.name.",
        "maybe.1 SUBGRAPH_INVALID_VALUE main Invalid value for field Query.maybe.",
        "maybe.3 SUBGRAPH_INVALID_VALUE main Invalid value for field Query.maybe.",
      ],
    });
  });

  test("fields that nobody asked for stay inside", async () => {
    const main = { data: { thing: { id: "1", name: "a", secret: "s", box: { id: "2" } }, hidden: 1 } };
    expect(await ask("{ thing { name } }", { main })).toEqual({ data: { thing: { name: "a" } }, errors: [] });
  });

  test("aliases that an object inherits, and __proto__, are names like any other", async () => {
    const { data, errors } = await askText("{ __proto__: text toString: text constructor }", { main: echo });
    expect(errors).toEqual([]);
    expect(data).toMatch(
      /^\{"__proto__":"is \w*__proto__","toString":"is toString","constructor":"is constructor"\}$/,
    );
  });

  test("a missing field named like an inherited property is null", async () => {
    expect(await ask("{ constructor toString: text }", { main: { data: {} } })).toEqual({
      data: { constructor: null, toString: null },
      errors: [],
    });
  });
});

describe("numbers come through digit for digit", () => {
  test.each([
    "12345678901234567890",
    "0.1234567890123456789012345",
    "-1E400",
    "1e-400",
    "9007199254740993",
    '{"a":[12345678901234567890,{"b":1.00000000000000000001}],"c":"12345678901234567890"}',
    "[[123456789012345678901234567890]]",
  ])("%s", async (text) => {
    expect(await askText("{ json }", { main: { body: `{"data":{"json":${text}}}` } })).toEqual({
      data: `{"json":${text}}`,
      errors: [],
    });
  });

  test("as Float and ID too", async () => {
    const data = '{"ratio":1.00000000000000000001,"id":12345678901234567890}';
    expect(await askText("{ ratio id }", { main: { body: `{"data":${data}}` } })).toEqual({
      data,
      errors: [],
    });
  });
});

describe("texts are written as JSON", () => {
  const odd = 'a "quoted" \\ back\u0001slash\nline \uD800 half';
  const even = "Đặng Thị Hằng\u2028\u007F";
  const query = "{ text thing { id name extra } }";
  const thing = { __typename: "Thing", id: "1" };

  test.each([
    ["of both services", odd, odd],
    ["of the first", odd, even],
    ["of the second", even, odd],
    ["of neither", even, even],
  ])("what must be escaped in the answer %s", async (_name, first, second) => {
    const { data, errors } = await askText(query, {
      main: { data: { text: first, thing: { ...thing, name: first } } },
      extra: { data: { _entities: [{ __typename: "Thing", extra: second }] } },
    });
    expect(errors).toEqual([]);
    expect(data).toBe(JSON.stringify({ text: first, thing: { id: "1", name: first, extra: second } }));
  });
});
