import { KeyObject } from "node:crypto";
import { describe, expect, test } from "vitest";
import { locateSigners, readAnswerKeys } from "../../gateway/answer-keys.ts";
import { locateMembers, readMembers } from "../../gateway/members.ts";
import { makeAnswerKey } from "./signers.ts";

const URLS = new Map([
  ["tax", "http://tax.example/graphql"],
  ["stock", "http://stock.example/graphql"],
]);
const members = (...list: object[]) => readMembers(JSON.stringify({ members: list }), "members.json");
const at = (key: string, url: string) => ({ key, url, subgraphs: ["stock"] });
const read = (keys: object) => readAnswerKeys(JSON.stringify(keys), "keys.json");
const [A, B] = [makeAnswerKey("a").jwk, makeAnswerKey("b").jwk];

function signers(keys: Partial<ReturnType<typeof readAnswerKeys>>, ...list: object[]) {
  const directory = members(...list);
  const all = { subgraphs: {}, members: {}, ...keys };
  return locateSigners(all, directory, locateMembers(directory, URLS), URLS);
}

describe("whose answers must be signed", () => {
  test("who has a key, by service and address; nobody else", () => {
    const at_ = signers({ subgraphs: { tax: [A] }, members: { N1: [B] } }, at("N1", "http://n1.example/"));
    expect(at_("tax", URLS.get("tax"))?.find("a", 0)).toBeInstanceOf(KeyObject);
    expect(at_("stock", "http://n1.example/")?.find("b", 0)).toBeInstanceOf(KeyObject);
    expect(at_("stock", "http://n1.example/")?.find("a", 0)).toBe("its key is not registered");
    expect(at_("stock", URLS.get("stock"))).toBeUndefined();
    expect(at_("stock", undefined)).toBeUndefined();
  });

  test("members of one server are one signer", () => {
    const shared = "http://shared.example/graphql";
    const at_ = signers({ members: { N1: [A] } }, at("N1", shared), at("N2", shared));
    expect(at_("stock", shared)?.find("a", 0)).toBeInstanceOf(KeyObject);
  });

  test("a key counts from nbf on, and not from exp on", () => {
    const key = { ...A, nbf: 100, exp: 200 };
    const found = signers({ subgraphs: { tax: [key] } })("tax", URLS.get("tax"));
    expect(found?.find("a", 99)).toBe("its key does not count yet");
    expect(found?.find("a", 100)).toBeInstanceOf(KeyObject);
    expect(found?.find("a", 199)).toBeInstanceOf(KeyObject);
    expect(found?.find("a", 200)).toBe("its key has expired");
  });

  test("names that are not in the graph are faults, all told at once", () => {
    expect(() => signers({ subgraphs: { taxes: [A] }, members: { N9: [A] } })).toThrow(
      'there is no subgraph "taxes", no member "N9"',
    );
  });
});

describe("the file of answer keys", () => {
  test("gives keys by subgraph and by member", () => {
    expect(read({ subgraphs: { tax: [A] } })).toEqual({ subgraphs: { tax: [A] }, members: {} });
  });

  test.each([
    ["a private key", [makeAnswerKey("a").privateJwk], "the private half"],
    ["no key", [], "must have at least one"],
    ["two of one id", [A, { ...B, kid: "a" }], "each needs a kid of its own"],
    ["a key of another kind", [{ ...A, crv: "P-256" }], "must be Ed25519"],
    ["a key that never counts", [{ ...A, nbf: 2, exp: 1 }], "must be later than nbf"],
  ])("refuses %s", (_what, list, fault) => {
    expect(() => read({ members: { N1: list } })).toThrow(fault);
  });
});
