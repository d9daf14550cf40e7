import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type NativeOnly, openNative } from "./engines.ts";
import { INTERFACES } from "./graphs/interfaces.ts";
import { serveGraph, type ServedGraph, type Trouble } from "./subgraphs.ts";

const animalsFail: Trouble["instead"] = (call) =>
  call.startsWith("animals ") ? (_request, response) => void response.writeHead(503).end() : undefined;

/** `animals` knows the types of the objects, `clinic` and `insurer` know the interface alone (@interfaceObject). */
describe("the type of an object is another subgraph's to tell", () => {
  let served: ServedGraph;
  let engine: NativeOnly;
  beforeAll(async () => {
    served = await serveGraph(INTERFACES);
    engine = await openNative(served.sdl);
  });
  afterAll(async () => {
    await engine?.close();
    await served?.close();
  });

  async function ask(query: string, trouble: Partial<Trouble>) {
    served.trouble = { instead: () => undefined, knows: () => true, ...trouble };
    const { data, errors } = await engine.native(query, {}, 933);
    return {
      data,
      errors: errors.map(({ path, extensions: { code, service } }) => [path?.join("."), code, service]),
    };
  }

  test.each([
    ["{ patients { id } }", '{"patients":null}', "patients.0"],
    ["{ worst { name healthy } }", '{"worst":null}', "worst"],
    ["{ insured { id healthy } }", '{"insured":[null]}', "insured.0"],
  ])("%s: when that fails, it is told once, and nobody else is blamed", async (query, data, place) => {
    expect(await ask(query, { instead: animalsFail })).toEqual({
      data,
      errors: [[place, "SUBGRAPH_HTTP_ERROR", "animals"]],
    });
  });

  test("when that does not know the object, it is that subgraph's fault", async () => {
    expect(await ask("{ insured { id healthy } }", { knows: (name) => name !== "animals" })).toEqual({
      data: '{"insured":[null]}',
      errors: [["insured.0", "SUBGRAPH_INVALID_VALUE", "animals"]],
    });
  });
});
