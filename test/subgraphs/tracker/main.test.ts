import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { prepareRecord, recordFile } from "../../../province/record.ts";
import { post } from "../../setup/agency.ts";
import { dropDatabase, freshDatabaseUrl } from "../../setup/database.ts";
import { startProgram } from "../../setup/program.ts";

const PROGRAM = "subgraphs/tracker/main.ts";
const QUERY = { query: "{ myDataAccess { nodes { id } } }" };

async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "tracker-"));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

const codes = (errors: unknown) =>
  (errors as { extensions: { code: string } }[]).map(({ extensions }) => extensions.code);

test("the program starts before any gateway has, over a record that is empty, and stops when told", async () => {
  const data = await directory();
  const server = new URL(freshDatabaseUrl());
  const prefix = `${server.pathname.slice(1)}_`;
  await prepareRecord(data, server.href, prefix);
  server.pathname = `/${prefix}record`;
  onTestFinished(() => dropDatabase(server.href));
  const program = startProgram(PROGRAM, ["--port=0", "--no-authorization", `--record=${recordFile(data)}`], {
    LOG_LEVEL: "info",
  });
  const { port } = await program.ready();
  expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
  // Whoever reaches it is answered, and is nobody whose data there would be.
  const { errors } = await post(`http://127.0.0.1:${port}/graphql`, QUERY);
  expect(codes(errors)).toEqual(["OWN_DATA_ONLY"]);
  program.child.kill("SIGTERM");
  expect(await program.ended()).toBe(0);
});

test("with the gateway's keys it answers the gateway only", async () => {
  const keys = join(await directory(), "keys.json");
  const { publicKey } = generateKeyPairSync("ed25519");
  await writeFile(keys, JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k" }] }));
  const program = startProgram(PROGRAM, ["--port=0", `--gateway-keys=${keys}`]);
  const { port } = await program.ready();
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(QUERY),
  });
  expect(response.status).toBe(401);
});

test("who is answered must be said", async () => {
  const program = startProgram(PROGRAM, ["--port=0"]);
  expect(await program.ended()).not.toBe(0);
  expect(program.output.err).toContain("--gateway-keys");
});
