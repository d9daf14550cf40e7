import { beforeAll, expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../../subgraphs/kit/database.ts";
import { post } from "../../setup/agency.ts";
import { dropDatabase, freshDatabaseUrl } from "../../setup/database.ts";
import { startProgram } from "../../setup/program.ts";

const PROGRAM = "subgraphs/departments/main.ts";

/** Databases by agency, with `{agency}` for its code. */
let databases: string;
beforeAll(() => {
  databases = `${freshDatabaseUrl()}_{agency}`;
});

function databaseOf(name: string): string {
  const url = databases.replace("{agency}", name);
  onTestFinished(() => dropDatabase(url));
  return url;
}

test("the program serves several departments under plain Node, each at its path with its database", async () => {
  const program = startProgram(PROGRAM, [
    "--port",
    "0",
    "--database-url",
    databases,
    "--agencies",
    "H56.14,000.00.10.H56",
    "--agencies",
    "0100100079",
    "--no-authorization",
  ]);
  const { port } = await program.ready();
  for (const [code, name] of [
    ["H56.14", "h56_14"],
    ["H56.10", "h56_10"],
    ["0100100079", "0100100079"],
  ] as const) {
    const { data, errors } = await post<{ _entities: unknown; _service: { sdl: string } }>(
      `http://127.0.0.1:${port}/${code}/graphql`,
      {
        query: `{ _entities(representations: [{ __typename: "Agency", code: "${code}" }]) {
          ... on Agency { code procedures { totalCount } } } _service { sdl } }`,
      },
    );
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([{ code, procedures: { totalCount: 0 } }]);
    expect(data._service.sdl).toContain("landRecords");
    const database = openDatabase(databaseOf(name), 1);
    expect(await database.query("select count(*) as rows from land_record")).toEqual([{ rows: 0 }]);
    await database.close();
  }
  expect(
    (await fetch(`http://127.0.0.1:${port}/H56.09/graphql`, { method: "POST" })).status,
  ).toBeGreaterThanOrEqual(400);
  program.child.kill("SIGTERM");
  expect(await program.ended()).toBe(0);
});

test("one database for all departments is refused", async () => {
  const program = startProgram(PROGRAM, ["--database-url", "postgres://user:password@localhost/one"]);
  expect(await program.ended()).toBe(1);
  expect(program.output.err).toContain(
    "--database-url: must contain {agency}: every agency has a database of its own",
  );
});

test("--help names the departments that it serves by itself", async () => {
  const program = startProgram(PROGRAM, ["--help"]);
  expect(await program.ended()).toBe(0);
  expect(program.output.out).toMatch(/--agencies CODES +.*H56\.01,.*H56\.14/);
  expect(program.output.out).toContain("lienthong_{agency}");
});
