import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTrust, readTrustFile } from "../../../gateway/trust/settings.ts";

const issuer = { issuer: "https://login.example", audience: "graph" };
const read = (settings: object) => readTrust(JSON.stringify(settings), "trust.json");

function faultOf(settings: object): string {
  try {
    read(settings);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

test("an issuer and an audience are enough", () => {
  expect(read({ issuers: [issuer] })).toMatchObject({
    issuers: [
      {
        audience: ["graph"],
        algorithms: expect.arrayContaining(["EdDSA", "RS256"]),
        claims: { subject: "sub", scopes: "scope" },
      },
    ],
    anonymous: true,
    refuse: "field",
    clockTolerance: 30,
  });
});

test("the development issuer together with a real one is a fault", () => {
  expect(faultOf({ issuers: [issuer], development: { keyFile: "key.json" } })).toContain(
    "development: cannot be together with a real issuer",
  );
});

test("no issuer at all is a fault", () => {
  expect(faultOf({})).toContain("issuers: must have at least one");
});

test.each([["none"], ["HS256"], ["RS1"]])("the algorithm %s is a fault", (algorithm) => {
  expect(faultOf({ issuers: [{ ...issuer, algorithms: [algorithm] }] })).toContain(
    "issuers.0.algorithms.0: must be one of EdDSA",
  );
});

test("all faults are told together, each with its place", () => {
  const fault = faultOf({
    issuers: [{ issuer: "login", audience: [] }, issuer, issuer],
    refuse: "nothing",
    polices: {},
    policies: { open: {} },
  });
  for (const part of [
    "issuers.0.issuer: must be an http or https URL",
    "issuers.0.audience",
    "refuse: must be field or request",
    "polices",
    "policies.open: needs a claim",
  ])
    expect(fault).toContain(part);
});

test("an issuer that stands there twice is a fault", () => {
  expect(faultOf({ issuers: [issuer, issuer] })).toContain("issuers.1.issuer: stands there twice");
});

test("the key file is found beside the trust file", async () => {
  const directory = await mkdtemp(join(tmpdir(), "trust-"));
  const file = join(directory, "trust.json");
  await writeFile(file, JSON.stringify({ development: { keyFile: "key.json" } }));
  expect((await readTrustFile(file)).development).toEqual({ keyFile: join(directory, "key.json") });
  await rm(directory, { recursive: true });
  await expect(readTrustFile(file)).rejects.toThrow(/cannot read .*trust\.json/);
});

test("what is no JSON is told with the file's name", () => {
  expect(() => readTrust("{", "trust.json")).toThrow("trust.json: ");
});
