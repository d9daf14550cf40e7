import { describe, expect, test } from "vitest";
import { locateMembers, readMembers } from "../../gateway/members.ts";

const read = (...members: unknown[]) => readMembers(JSON.stringify({ members }), "members.json");
const url = "http://127.0.0.1:1/graphql";

const member = (key: string, ...aliases: string[]) => ({ key, aliases, url, subgraphs: ["stock"] });

function faultOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

test("finds a member by its key and by every alias, and nothing by the names of an object's parts", () => {
  const directory = read({ key: "N1", aliases: ["01.N"], url, subgraphs: ["stock"] });
  expect(directory.find("N1")?.key).toBe("N1");
  expect(directory.find("01.N")?.key).toBe("N1");
  for (const key of ["", "n1", "constructor", "__proto__"]) expect(directory.find(key)).toBeUndefined();
});

test("a member is at its own URL, or at a path of its base", () => {
  const directory = read(
    { key: "N1", url, subgraphs: ["stock"] },
    { key: "S1", base: "stock", path: "/south/graphql", subgraphs: ["stock"] },
  );
  const located = locateMembers(directory, new Map([["stock", "https://stock.example:8443/graphql?x=1"]]));
  expect([...located]).toEqual([
    ["N1", url],
    ["S1", "https://stock.example:8443/south/graphql"],
  ]);
});

describe("faults are told all at once, each with its place", () => {
  test("of form", () => {
    const fault = faultOf(() =>
      read(
        { key: "", url, subgraphs: ["stock"] },
        { key: "B", subgraphs: [] },
        { key: "C", url: "ftp://x/", subgraphs: ["stock"], colour: "red" },
        { key: "D", base: "stock", subgraphs: ["stock"] },
        { key: "E", url, base: "stock", path: "x", subgraphs: "stock" },
      ),
    );
    expect(fault).toContain("members.json: members[0].key: must not be empty");
    expect(fault).toContain("members[1]: needs either url, or base with path");
    expect(fault).toContain("members[2].url: must be an http or https URL");
    expect(fault).toMatch(/members\[2\]: .*colour/);
    expect(fault).toContain("members[4].path: must begin with /");
    expect(fault).toMatch(/members\[4\]\.subgraphs: /);
  });

  test("of meaning", () => {
    const fault = faultOf(() =>
      read(
        { key: "A", subgraphs: ["stock"] },
        { key: "B", url, base: "stock", path: "/x", subgraphs: ["stock"] },
        { key: "C", base: "stock", subgraphs: ["stock"] },
      ),
    );
    expect(fault).toContain("members[0]: needs either url, or base with path");
    expect(fault).toContain("members[1]: needs either url, or base with path");
    expect(fault).toContain("members[2]: base and path belong together");
  });

  test("of names that two members claim", () => {
    const fault = faultOf(() => read(member("A", "x"), member("B", "x"), member("A")));
    expect(fault).toContain('members[1]: "x" already names members[0]');
    expect(fault).toContain('members[2]: "A" already names members[0]');
  });

  test("of references to subgraphs", () => {
    const directory = read(
      { key: "A", url, subgraphs: ["stok"] },
      { key: "B", base: "nowhere", path: "/", subgraphs: ["stock"] },
      { key: "C", base: "bare", path: "/", subgraphs: ["bare"] },
    );
    const urls = new Map([
      ["stock", url],
      ["bare", ""],
    ]);
    const fault = faultOf(() => locateMembers(directory, urls));
    expect(fault).toContain('members[0].subgraphs: there is no subgraph "stok" (stock, bare)');
    expect(fault).toContain('members[1].base: there is no subgraph "nowhere" with a URL');
    expect(fault).toContain('members[2].base: there is no subgraph "bare" with a URL');
  });

  test.each(["", "{", "[]", "null", '{"members":{}}', '{"member":[]}'])("%j is no members file", (text) => {
    expect(faultOf(() => readMembers(text, "members.json"))).toMatch(/^members\.json: /);
  });
});
