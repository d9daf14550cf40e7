import { expect, test } from "vitest";
import { readMeanings } from "../../../subgraphs/tracker/meanings.ts";

const meanings = await readMeanings();

test("a field is described in the reader's language", () => {
  expect(meanings.describe("Citizen.fullName", "en")).toBe("Full name");
  expect(meanings.describe("Citizen.fullName", "vi")).toBe("Họ và tên");
  expect(meanings.describe("Citizen.gone", "en")).toBeUndefined();
});

test("whoever does not have the field did not give it", () => {
  expect(meanings.mayHave("police", ["Citizen.fullName"])).toBe(true);
  expect(meanings.mayHave("tax", ["Citizen.fullName"])).toBe(false);
  // The centre needs it of others, and has it not.
  expect(meanings.mayHave("center", ["AgencyCase.state"])).toBe(false);
  expect(meanings.mayHave("tax", ["Citizen.fullName", "AgencyCase.taxNotices"])).toBe(true);
  expect(meanings.mayHave("tax", ["Citizen.gone"])).toBe(true);
});
