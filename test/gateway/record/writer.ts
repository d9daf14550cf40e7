/**
 * One gateway's part of a record, as a process of its own: `node writer.ts DATABASE_URL KEY_FILE CHECKPOINT_FILE ENTRIES AT_ONCE`
 * adds entries, so many at once, and prints the milliseconds that each took, and that its processor was at work. As a child it says when it is ready, and waits to
 * be told to begin.
 */
import { once } from "node:events";
import { pino } from "pino";
import { readRecordKeys } from "../../../gateway/record/keys.ts";
import { createLog } from "../../../gateway/record/log.ts";
import { openDatabase } from "../../../process/database.ts";

const [url = "", keyFile = "", checkpointFile = "", entries = "0", atOnce = "1"] = process.argv.slice(2);
const keys = await readRecordKeys(keyFile);
const database = openDatabase(url, 2);
const log = createLog({ database, keys, checkpointFile, log: pino({ level: "silent" }) });
const times: number[] = [];
let left = Number(entries);

async function one(number: number): Promise<void> {
  const subjects = [`of ${number % 100}`, `of ${number % 7}`].map(keys.pseudonym);
  const began = performance.now();
  await log.append(
    {
      request: `r-${number}`,
      caller: { subject: "c-1", client: "portal", organisation: "H56", roles: ["clerk"] },
      purpose: "care",
      operation: { name: "Q", kind: "query", hash: "0".repeat(64) },
      reads: [{ fields: ["Person.name", "Person.number"], subjects: [...new Set(subjects)] }],
      answers: [{ service: "people", digest: `${"A".repeat(43)}=` }],
      refused: [],
      subjectKey: keys.subjectKeyId,
    },
    [...new Set(subjects)],
  );
  times.push(performance.now() - began);
}

if (process.send !== undefined) {
  process.send({ ready: true });
  await once(process, "message");
  process.disconnect();
}
const before = process.cpuUsage();
await Promise.all(
  Array.from({ length: Number(atOnce) }, async () => {
    while (left > 0) {
      left -= 1;
      await one(left);
    }
  }),
);
await log.close();
await database.close();
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({ times, processor: (user + system) / 1000 }));
