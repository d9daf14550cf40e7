import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import {
  DATABASE_OWNERS,
  databaseName,
  databaseUrl,
  migrationDirectories,
} from "../../province/databases.ts";

describe("databases", () => {
  it("are named after the program of an agency, those of departments after its code", () => {
    expect(
      ["H56", "G12.56", "G24.56", "G01.56", "H56.14", "H56.31.01", "5601001007"].map((code) =>
        databaseName(code),
      ),
    ).toEqual([
      "lienthong_center",
      "lienthong_tax",
      "lienthong_social_insurance",
      "lienthong_police",
      "lienthong_h56_14",
      "lienthong_h56_31_01",
      "lienthong_power",
    ]);
    expect(databaseName("H56", "other_")).toBe("other_center");
    expect(new Set(DATABASE_OWNERS.map((code) => databaseName(code))).size).toBe(DATABASE_OWNERS.length);
  });

  it("are reached by the server's URL, whatever database that names", () => {
    expect(databaseUrl("postgres://me:secret@host:5433/postgres?sslmode=disable", "H56.14")).toBe(
      "postgres://me:secret@host:5433/lienthong_h56_14?sslmode=disable",
    );
  });

  it("have migrations, numbered once each", async () => {
    for (const agency of DATABASE_OWNERS) {
      const files = (
        await Promise.all(migrationDirectories(agency).map((directory) => readdir(directory)))
      ).flat();
      const numbers = files.map((file) => file.slice(0, 4));
      expect(numbers.length).toBeGreaterThanOrEqual(2);
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });
});
