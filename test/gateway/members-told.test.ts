import { expect, test } from "vitest";
import { membersTold } from "../../gateway/members-told.ts";

const call = { service: "stock", startedAt: 0, status: 200 };

test("one entry for each member of each service, its calls together", () => {
  expect(
    membersTold([
      { ...call, service: "orders", duration: 1 },
      { ...call, member: "N1", memberName: "North", duration: 1.24 },
      { ...call, member: "S1", duration: 3, code: "SUBGRAPH_TIMEOUT" },
      { ...call, member: "N1", memberName: "North", duration: 2 },
      { ...call, service: "notes", member: "N1", duration: 5 },
      { service: "stock", member: "W1", startedAt: 0 },
    ]),
  ).toEqual([
    { service: "stock", member: "N1", memberName: "North", answered: true, calls: 2, duration: 3.2 },
    { service: "stock", member: "S1", answered: false, code: "SUBGRAPH_TIMEOUT", calls: 1, duration: 3 },
    { service: "notes", member: "N1", answered: true, calls: 1, duration: 5 },
    { service: "stock", member: "W1", answered: false, calls: 1, duration: null },
  ]);
});
