import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { MEMBERS, MEMBERS_FILE, membersJson } from "../../province/members.ts";

describe("schema/members.json", () => {
  it("says what the catalogue says (node province/members.ts writes it anew)", async () => {
    expect(JSON.parse(await readFile(MEMBERS_FILE, "utf8"))).toEqual(JSON.parse(membersJson()));
  });

  it("routes departments by path, all others by their own server", () => {
    expect(MEMBERS.find(({ key }) => key === "H56.14")).toEqual({
      key: "H56.14",
      aliases: ["000.00.14.H56"],
      name: "Sở Tài nguyên và Môi trường",
      base: "departments",
      path: "/H56.14/graphql",
      subgraphs: ["agencies", "departments"],
    });
    expect(MEMBERS.find(({ key }) => key === "G12.56")).toMatchObject({
      base: "tax",
      path: "/graphql",
      subgraphs: ["agencies", "tax"],
    });
    expect(MEMBERS.find(({ key }) => key === "H56")?.subgraphs).toEqual([]);
  });
});
