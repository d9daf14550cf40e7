import { describe, expect, test } from "vitest";
import { ANONYMOUS, EVERYTHING, type Identity } from "../../../subgraphs/kit/identity.ts";
import {
  agencyOf,
  isAbout,
  isAllowed,
  isAuditor,
  isCenter,
  tellAllowed,
  worksFor,
} from "../../../subgraphs/kit/roles.ts";

function who(role: string, more: Partial<Identity> = {}): Identity {
  return { ...ANONYMOUS, isAuthenticated: true, roles: new Set([role]), ...more };
}

test("the centre's are its people and its software", () => {
  expect(["center-officer", "center-system"].map((role) => isCenter(who(role)))).toEqual([true, true]);
  expect(["agency-officer", "auditor", "citizen"].some((role) => isCenter(who(role)))).toBe(false);
  expect([isAuditor(who("auditor")), isAuditor(who("citizen"))]).toEqual([true, false]);
});

describe("whoever works for an agency", () => {
  test.each(["agency-officer", "agency-system"])(
    "has the role %s, and names it in either spelling",
    (role) => {
      for (const organisation of ["H56.14", "h56.14", "000.00.14.H56"]) {
        expect(agencyOf(who(role, { organisation }))).toBe("H56.14");
        expect(worksFor(who(role, { organisation }), "H56.14")).toBe(true);
        expect(worksFor(who(role, { organisation }), "H56.02")).toBe(false);
      }
    },
  );

  test.each([
    ["no organisation", who("agency-officer")],
    ["one that is none", who("agency-officer", { organisation: "everything" })],
    ["another role", who("citizen", { organisation: "H56.14" })],
    ["no role", { ...ANONYMOUS, organisation: "H56.14" }],
  ])("with %s works for none", (_what, identity) => {
    expect(agencyOf(identity)).toBeUndefined();
    expect(worksFor(identity, "H56.14")).toBe(false);
  });
});

describe("a row is about", () => {
  const row = { personalId: "056190012345", taxCode: "0100109106" };
  test("the citizen of its personal ID, the business of its tax code", () => {
    expect(isAbout(who("citizen", { subject: "056190012345" }), row)).toBe(true);
    expect(isAbout(who("business", { subject: "0100109106" }), row)).toBe(true);
  });

  test.each([
    ["another citizen", who("citizen", { subject: "056190012346" }), row],
    ["a citizen whose number is the tax code", who("citizen", { subject: "0100109106" }), row],
    ["a business whose number is the personal ID", who("business", { subject: "056190012345" }), row],
    ["an officer of the same number", who("agency-officer", { subject: "056190012345" }), row],
    ["nobody, where the row names nobody", ANONYMOUS, { personalId: null, taxCode: null }],
    ["a citizen without a number, where the row names nobody", who("citizen"), {}],
  ])("not %s", (_what, identity, about) => {
    expect(isAbout(identity, about)).toBe(false);
  });
});

describe("a change is allowed", () => {
  const allowances = [
    { roles: ["center-officer"] },
    { roles: ["agency-officer"], agency: ({ agencyCode }: { agencyCode: string }) => agencyCode },
    { roles: ["auditor"], when: ({ agencyCode }: { agencyCode: string }) => agencyCode === "H56.02" },
  ];
  const args = { agencyCode: "H56.14" };

  test.each([
    ["a role that may", who("center-officer"), true],
    ["the agency that it is for", who("agency-officer", { organisation: "H56.14" }), true],
    ["another agency", who("agency-officer", { organisation: "H56.02" }), false],
    ["a role that may in another case", who("auditor"), false],
    ["nobody", ANONYMOUS, false],
    ["everybody, with --no-authorization", EVERYTHING, true],
  ])("to %s: %s", (_who, identity, expected) => {
    expect(isAllowed(allowances, args, identity, {})).toBe(expected);
  });

  test("and whoever is refused is told who may", () => {
    expect(tellAllowed(allowances, args, {})).toBe("center-officer; agency-officer (H56.14)");
  });
});
