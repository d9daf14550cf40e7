import { hash } from "node:crypto";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { expect, test } from "vitest";
import { openContext } from "../../../gateway/context.ts";
import { createNativeEngine } from "../../../gateway/execute/engine.ts";
import type { Recorder } from "../../../gateway/record/recorder.ts";
import { createHttpTransport } from "../../../gateway/transport/http.ts";
import { startGateway } from "../running.ts";
import { startRaw } from "../servers.ts";

const ALL_WELL: Recorder = {
  requiresPurpose: false,
  record: async () => true,
  close: async () => undefined,
};

function compose(fields: string, url = "http://127.0.0.1:1/"): string {
  const typeDefs = parse(`extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective", "@inaccessible"])
    @link(url: "https://example.com/personalData/v1.0", import: ["@personalData"])
    @composeDirective(name: "@personalData")
    directive @personalData(subject: String!) on OBJECT | FIELD_DEFINITION
    type Query { me: Person }
    type Person { ${fields} }
    type Card { number: ID numbers(of: Int!): ID }`);
  const { supergraphSdl = "" } = composeServices([{ name: "people", url, typeDefs }]);
  return supergraphSdl;
}

test.each([
  ['name: String @personalData(subject: "number")', 'Person.name: .* names no field "number"'],
  ['name: String @personalData(subject: "")', 'names no field ""'],
  ['name: String @personalData(subject: "card") card: Card', "does not end at a value"],
  ['name: String @personalData(subject: "card.owner") card: Card', 'names no field "card.owner"'],
  ['name: String @personalData(subject: "card.numbers") card: Card', 'needs arguments for "numbers"'],
])("a subject that leads nowhere is a fault of the graph: %s", async (fields, message) => {
  const made = createNativeEngine(compose(fields), undefined, undefined, { recorder: ALL_WELL });
  await expect(made).rejects.toThrow(new RegExp(message));
  // Where nothing is recorded nobody looks.
  await expect(createNativeEngine(compose(fields))).resolves.toBeDefined();
});

test("a subject that clients may not see is not asked for", async () => {
  const server = await startRaw((_request, response) =>
    response.setHeader("content-type", "application/json").end('{"data":{"me":{"name":"An"}}}'),
  );
  const sdl = compose('name: String @personalData(subject: "number") number: ID @inaccessible', server.url);
  const told: unknown[] = [];
  const recorder: Recorder = {
    ...ALL_WELL,
    record: async (_context, _operation, read) => {
      told.push(read);
      return true;
    },
  };
  const engine = await createNativeEngine(sdl, undefined, undefined, { recorder });
  const http = createHttpTransport({
    deadline: 20_000,
    maxResponseSize: 1_000,
    shareQueries: false,
    digests: true,
  });
  const { operation } = engine.open("{ me { name } }", undefined);
  const digests: unknown[] = [];
  const { data } = await engine.execute(
    { ...operation!, variables: {} },
    openContext("r", {}),
    async (request) => {
      const response = await http.ask({ ...request, url: server.url });
      digests.push(response.digest);
      return response;
    },
  );
  await http.close();
  await server.close();
  expect(data).toBe('{"me":{"name":"An"}}');
  expect(told).toEqual([{ readings: [{ fields: ["Person.name"], subjects: [] }], refused: [] }]);
  expect(digests).toEqual([hash("sha256", '{"data":{"me":{"name":"An"}}}', "base64")]);
  expect(server.asked.map(({ query }) => query.replace(/\s+/g, ""))).toEqual(["{me{name}}"]);
});

test("without a record nothing more is asked than the client asks", async () => {
  const server = await startRaw((_request, response) =>
    response.setHeader("content-type", "application/json").end('{"data":{"me":{"name":"An"}}}'),
  );
  const gateway = await startGateway(
    compose('name: String @personalData(subject: "number") number: ID', server.url),
  );
  const { data } = await gateway.ask("{ me { name } }");
  await gateway.close();
  await server.close();
  expect(data).toEqual({ me: { name: "An" } });
  expect(server.asked.map(({ query }) => query.replace(/\s+/g, ""))).toEqual(["{me{name}}"]);
});

test("every event of a subscription is recorded before it is told, and withheld where it cannot be", async () => {
  const sdl = compose(
    'name: String @personalData(subject: "number") number: ID } type Subscription { moved: Person',
  );
  const told: unknown[] = [];
  let works = true;
  const recorder: Recorder = {
    ...ALL_WELL,
    record: async (_context, _operation, read) => {
      told.push(read.readings);
      return works;
    },
  };
  const engine = await createNativeEngine(sdl, undefined, undefined, { recorder });
  const { operation } = engine.open("subscription { moved { name } }", undefined);
  const context = openContext("r", {});
  const subscribed = await engine.subscribe({ ...operation!, variables: {} }, context, () =>
    Promise.reject(new Error("nothing more is asked")),
  );
  if (subscribed.errors) throw new Error(subscribed.errors.join());
  expect(subscribed.source.query.replace(/\s+/g, "")).toContain("moved{namenumber}");
  const event = () => subscribed.respond({ data: { moved: { name: "An", number: "1" } } }, context);
  expect(await event()).toEqual({ data: '{"moved":{"name":"An"}}', errors: [] });
  works = false;
  expect(await event()).toMatchObject({
    data: '{"moved":{"name":null}}',
    errors: [{ path: ["moved", "name"], extensions: { code: "RECORD_UNAVAILABLE" } }],
  });
  const reading = [{ fields: ["Person.name"], subjects: ["1"] }];
  expect(told).toEqual([reading, reading]);
});
