import { expect, onTestFinished, test } from "vitest";
import { post } from "../../setup/agency.ts";
import { dropDatabase, freshDatabaseUrl } from "../../setup/database.ts";
import { startProgram } from "../../setup/program.ts";

test("the program starts under plain Node, answers both its parts, and stops when told", async () => {
  const url = freshDatabaseUrl();
  onTestFinished(() => dropDatabase(url));
  const program = startProgram(
    "subgraphs/police/main.ts",
    ["--port", "0", "--no-authorization", "--database-url", url],
    {
      LOG_LEVEL: "info",
    },
  );
  const { port } = await program.ready();
  const origin = `http://127.0.0.1:${port}`;
  expect((await fetch(`${origin}/health/ready`)).status).toBe(200);
  const { data, errors } = await post<{ _entities: unknown; _service: { sdl: string } }>(
    `${origin}/graphql`,
    {
      query: `{ _entities(representations: [{ __typename: "Agency", code: "G01.56" }]) {
      ... on Agency { procedures { totalCount } cases { nodes { state } } } } _service { sdl } }`,
    },
  );
  expect(errors).toBeUndefined();
  expect(data._entities).toEqual([{ procedures: { totalCount: 0 }, cases: { nodes: [] } }]);
  expect(data._service.sdl).toContain("residence");
  program.child.kill("SIGTERM");
  expect(await program.ended()).toBe(0);
  expect(program.output.out).toBe("");
  const log = program.output.err.trim().split("\n");
  expect(log.map((line) => (JSON.parse(line) as { msg: string }).msg).at(-1)).toBe("ready");
});
