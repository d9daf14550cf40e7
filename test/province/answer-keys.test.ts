import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAnswerKeys } from "../../gateway/answer-keys.ts";
import { readPublicKey } from "../../process/signing-key.ts";
import { prepareAnswerKeys } from "../../province/answer-keys.ts";
import { MEMBERS } from "../../province/members.ts";
import { answerKeyFile, SERVERS } from "../../province/programs.ts";

let pattern: string;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "answer-keys-"));
  pattern = join(directory, "{server}.key.json");
});
afterAll(() => rm(directory, { recursive: true }));

test("every program has a key of its own, which stays; its subgraph and its members sign with it", async () => {
  const keys = await prepareAnswerKeys(pattern);
  expect(await prepareAnswerKeys(pattern)).toEqual(keys);
  expect(readAnswerKeys(JSON.stringify(keys), "answer-keys.json")).toEqual(keys);
  expect(Object.keys(keys.subgraphs)).toEqual([...SERVERS]);
  const ids = Object.values(keys.subgraphs).map(([key]) => key?.kid);
  expect(new Set(ids).size).toBe(SERVERS.length);
  for (const { key, base, subgraphs } of MEMBERS)
    expect(keys.members[key]).toEqual(subgraphs.length === 0 ? undefined : keys.subgraphs[base]);
  expect((await readPublicKey(answerKeyFile(pattern, "tax"))).kid).toBe(keys.subgraphs["tax"]?.[0]?.kid);
});
