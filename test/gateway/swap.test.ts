/**
 * A new graph takes the place of the one before without holding requests up: the work is done in pieces, what was asked
 * is planned again, and nothing of the old graph stays.
 */
import { execFile } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createNativeEngine, type NativeEngine } from "../../gateway/execute/engine.ts";
import { openGraphs } from "../../gateway/graph.ts";
import { NO_ANSWER_KEYS } from "../../gateway/answer-keys.ts";
import type { GraphInput } from "../../gateway/graph-source.ts";
import { NO_MEMBERS, readMembers } from "../../gateway/members.ts";
import { readSupergraph } from "../../gateway/supergraph.ts";
import { NO_GRANTS } from "../../gateway/trust/grants-file.ts";
import { collectGarbage } from "../setup/garbage.ts";
import { composeShop, SDL } from "./shop.ts";

const PROVINCE = readFileSync(new URL("../../schema/supergraph.graphql", import.meta.url), "utf8");
const URLS = { orders: "http://o.example/", notes: "http://n.example/", stock: "http://s.example/" };
const ASKED = Array.from({ length: 20 }, (_, number) => `{ a${number}: agencies { code } }`);

/** How often others had their turn meanwhile. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await work.finally(() => (isOver = true));
  return turns;
}

function unasked(): never {
  throw new Error("nothing is asked here");
}

function ask(engine: NativeEngine, text: string): void {
  expect(engine.open(text, undefined).errors).toBeUndefined();
}

test("others have their turn between the pieces that an engine is built in", async () => {
  // Rules in groups, two schemas built and looked at, facts of types, the planner.
  expect(await turnsDuring(createNativeEngine(PROVINCE))).toBeGreaterThanOrEqual(10);
});

test("what was asked last is planned again, with others between, and stays known as the last", async () => {
  const [before, after] = [await createNativeEngine(PROVINCE), await createNativeEngine(PROVINCE)];
  for (const text of [...ASKED, "{ added }"]) before.open(text, undefined);
  const turns = await turnsDuring(after.warmFrom(before));
  expect(turns).toBeGreaterThanOrEqual(2 * ASKED.length);
  // The graph is not waited for longer than a moment: on a busy machine the rest is planned when it is served.
  await expect.poll(() => after.recent(100)).toEqual(before.recent(100));
});

test("engines of graphs that are over are forgotten, with their plans", async () => {
  const changes = new EventEmitter();
  let added = 0;
  const load = async (): Promise<GraphInput> => {
    const sdl = composeShop(undefined, { orders: `${SDL.orders} extend type Query { added${added}: Int }` });
    const supergraph = readSupergraph(sdl, "test");
    return {
      supergraph,
      directory: NO_MEMBERS,
      answerKeys: NO_ANSWER_KEYS,
      grants: NO_GRANTS,
      variants: new Map(),
    };
  };
  const graphs = await openGraphs({
    source: {
      faulty: "faulty",
      origin: "test",
      load,
      watch(changed) {
        changes.on("changed", changed);
        return () => changes.off("changed", changed);
      },
    },
    variants: [],
    urls: new Map(Object.entries(URLS)),
    engine: "native",
    ask: unasked,
    stream: unasked,
    log: pino({ level: "silent" }),
  });
  graphs.onGraph(() => changes.emit("swapped"));
  const old: WeakRef<object>[] = [];
  const swap = async () => {
    const { engine } = graphs.current;
    ask(engine as NativeEngine, "{ order(id: 1) { id } }");
    old.push(new WeakRef(engine), new WeakRef(engine.schema));
    added += 1;
    changes.emit("changed");
    await once(changes, "swapped");
  };
  for (let number = 0; number < 5; number += 1) await swap();
  const left = () => {
    collectGarbage();
    return old.filter((reference) => reference.deref() !== undefined).length;
  };
  await expect.poll(left).toBe(0);
  graphs.close();
});

test("with 200 members more the engine is the same, with all its plans", async () => {
  const changes = new EventEmitter();
  const supergraph = readSupergraph(composeShop(URLS), "test");
  let directory = NO_MEMBERS;
  const graphs = await openGraphs({
    source: {
      faulty: "faulty",
      origin: "test",
      load: async () => ({
        supergraph,
        directory,
        answerKeys: NO_ANSWER_KEYS,
        grants: NO_GRANTS,
        variants: new Map(),
      }),
      watch(tell) {
        changes.on("changed", tell);
        return () => changes.off("changed", tell);
      },
    },
    variants: [],
    urls: new Map(),
    engine: "native",
    ask: unasked,
    stream: unasked,
    log: pino({ level: "silent" }),
  });
  const { engine } = graphs.current;
  const members = Array.from({ length: 200 }, (_, number) => ({
    key: `M${number}`,
    url: `http://m${number}.example/graphql`,
    subgraphs: ["stock"],
  }));
  directory = readMembers(JSON.stringify({ members }), "test");
  graphs.onGraph(() => changes.emit("swapped"));
  changes.emit("changed");
  await once(changes, "swapped");
  expect(graphs.current.directory.members).toHaveLength(200);
  expect(graphs.current.engine).toBe(engine);
});

test("a graph of today loads nothing of the libraries that only older ones need", async () => {
  const program = `
    import { createRequire } from "node:module";
    import { readFileSync } from "node:fs";
    import { createNativeEngine } from "./gateway/execute/engine.ts";
    const engine = await createNativeEngine(readFileSync("schema/supergraph.graphql", "utf8"));
    const loaded = Object.keys(createRequire(import.meta.url).cache).map((file) => /node_modules.(@?[^/\\\\]+)/.exec(file)?.[1]);
    console.log(JSON.stringify([...new Set(loaded)]));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module-typescript", "--eval", program],
    { cwd: new URL("../../", import.meta.url) },
  );
  const loaded = JSON.parse(stdout) as string[];
  expect(loaded).toContain("graphql");
  expect(loaded).not.toContain("@apollo");
});
