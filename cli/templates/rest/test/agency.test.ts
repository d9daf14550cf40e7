/** The agency over HTTP, with a database of its own: `npm test`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type TestAgency, startTestAgency } from "lienthong/kit/agency/testing";
import { ownPart } from "../own-part.ts";
import { openSystem } from "../system.ts";

let agency: TestAgency;
let system: Awaited<ReturnType<typeof openSystem>>;
before(async () => {
  system = await openSystem({});
  agency = await startTestAgency({
    code: "X99.99",
    own: ownPart,
    source: system.source,
    seed: new URL("../seed.sql", import.meta.url),
  });
});
after(async () => {
  await agency.close();
  await system.close();
});

const CASE = `query ($dossierCode: ID!) { agencyCase(agencyCode: "X99.99", dossierCode: $dossierCode) {
  state procedure { name } specimenVisits { day finding } } }`;

test("a case shows its state, its procedure and its visits", async () => {
  const { data } = await agency.ask(CASE, { dossierCode: "X99.99-250811-0002" });
  assert.deepEqual(data, {
    agencyCase: {
      state: "IN_PROGRESS",
      procedure: { name: "Công nhận điểm hoạt động" },
      specimenVisits: [
        { day: "2025-08-14", finding: "Đủ điều kiện" },
        { day: "2025-08-21", finding: null },
      ],
    },
  });
});

test("a dossier that the agency does not have is null", async () => {
  const { data, errors } = await agency.ask(CASE, { dossierCode: "X99.99-250811-0009" });
  assert.deepEqual([data, errors], [{ agencyCase: null }, []]);
});
