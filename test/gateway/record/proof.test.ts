import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { proveEntry } from "../../../gateway/record/audit.ts";
import { newSigningKey, signerOf, type Verifiers, verifiersOf } from "../../../gateway/record/keys.ts";
import { type ProofLine, proofFault } from "../../../gateway/record/proof.ts";
import { readRecordFile } from "../../../gateway/record/settings.ts";
import { type Recorded, startRecorded } from "./persons.ts";

let recorded: Recorded;
let keys: Verifiers;
let lines: ProofLine[];
beforeAll(async () => {
  recorded = await startRecorded();
  for (const id of ["1", "2", "3", "1", "2"]) await recorded.gateway.ask(`{ person(id: ${id}) { name } }`);
  await recorded.gateway.stop();
  keys = verifiersOf((await recorded.keys()).publicKeys);
  const settings = await readRecordFile(recorded.file);
  lines = [];
  for (const seq of [1, 2, 3, 4, 5]) lines.push((await proveEntry(settings, seq))!);
});
afterAll(() => recorded?.close());

test("an entry is proved by its line and the public key alone", () => {
  expect(lines.map((line) => proofFault(line, keys))).toEqual(lines.map(() => undefined));
  const others = lines.slice(1).map(({ body }) => body);
  for (const body of others) expect(JSON.stringify(lines[0])).not.toContain(JSON.stringify(body));
});

test("there is no proof of what is not there", async () => {
  expect(await proveEntry(await readRecordFile(recorded.file), 6)).toBeUndefined();
});

describe("a line that was changed proves nothing", () => {
  test.each<[string, (line: ProofLine, other: ProofLine) => ProofLine, string]>([
    ["its entry", (line) => ({ ...line, body: line.body.replace("Person", "person") }), "ENTRY_FORGED"],
    ["its place", (line) => ({ ...line, seq: line.seq + 1 }), "HASH_WRONG"],
    ["the hash before", (line, other) => ({ ...line, previous: other.previous }), "HASH_WRONG"],
    ["its checkpoint", (line) => ({ ...line, checkpoint: undefined }), "NOT_VOUCHED"],
    ["its path", (line, other) => ({ ...line, path: other.path }), "NOT_INCLUDED"],
    [
      "the checkpoint's text",
      ({ checkpoint, ...line }) => ({
        ...line,
        checkpoint: { ...checkpoint!, body: checkpoint!.body.replace('"after":', '"after": ') },
      }),
      "CHECKPOINT_FORGED",
    ],
    [
      "the entry, for another of the record",
      (line, other) => ({ ...other, path: line.path }),
      "NOT_INCLUDED",
    ],
  ])("%s", (_what, change, fault) => {
    expect(proofFault(change(lines[1]!, lines[3]!), keys)).toBe(fault);
  });

  test("by another key", () => {
    const other = verifiersOf([signerOf(newSigningKey()).publicKey]);
    expect(proofFault(lines[1]!, other)).toBe("ENTRY_FORGED");
  });
});
