import { expect, onTestFinished, test } from "vitest";
import { forAgency } from "../../../../subgraphs/kit/for-agency.ts";
import { openDatabase } from "../../../../subgraphs/kit/database.ts";
import { insert, insertProcedure, post } from "../../../setup/agency.ts";
import { dropDatabase, freshDatabaseUrl } from "../../../setup/database.ts";
import { startTestGateway } from "../../../setup/gateway.ts";
import { startProgram } from "../../../setup/program.ts";

/** Every agency's program has the same options and the same life: it is tried on one of them. */
const TAX = "subgraphs/tax/main.ts";

function databaseUrl(): string {
  const url = freshDatabaseUrl();
  onTestFinished(() => dropDatabase(url));
  return url;
}

test("every fault of the options is told at once, without a stack, with exit code 1", async () => {
  const wrong =
    "--prot 1 --port 70000 --gateway-url nowhere --agencies G12.56,nobody --database-url mysql://localhost";
  const program = startProgram(TAX, wrong.split(" "));
  expect(await program.ended()).toBe(1);
  const { err } = program.output;
  for (const fault of [
    "unknown option --prot",
    "--port: ",
    "--gateway-url: a URL such as http://localhost:4000/graphql",
    '--agencies: agency: "nobody" is not an agency code; allowed: H56.14',
    "--database-url: not of the form postgres://user:password@host:5432/database",
    "See tax --help.",
  ])
    expect(err).toContain(fault);
  expect(err).toMatch(/^error: tax: /);
  expect(err).not.toMatch(/\n\s+at /);
});

test("a missing database is told with the variable that may name it", async () => {
  const program = startProgram(TAX, [], { DATABASE_URL: "" });
  expect(await program.ended()).toBe(1);
  expect(program.output.err).toContain(
    "DATABASE_URL (or --database-url): missing; a URL such as postgres://",
  );
});

test.each([
  ["", /GATEWAY_KEYS \(or --gateway-keys\): is required.*or --no-authorization/],
  ["--gateway-keys keys.json --no-authorization", /--no-authorization: not together with --gateway-keys/],
  ["--gateway-keys nowhere.json", /--gateway-keys nowhere\.json: ENOENT.*\n.*lienthong gateway-key show/],
])("who is answered must be said, once: %s", async (flags, fault) => {
  const program = startProgram(TAX, flags.split(" ").filter(Boolean), { DATABASE_URL: databaseUrl() });
  expect(await program.ended()).toBe(1);
  expect(program.output.err).toMatch(fault);
});

test("it serves one agency: two spellings of it are one, two agencies are a fault", async () => {
  const twice = startProgram(TAX, [
    "--port",
    "0",
    "--agencies",
    "G12.56,000.00.56.G12",
    "--database-url",
    databaseUrl(),
    "--no-authorization",
  ]);
  await twice.ready();
  twice.child.kill("SIGTERM");
  expect(await twice.ended()).toBe(0);
  const two = startProgram(TAX, ["--agencies", "G12.56,G12.57"], { DATABASE_URL: databaseUrl() });
  expect(await two.ended()).toBe(1);
  expect(two.output.err).toContain(
    "--agencies: this program serves one agency; start it once more for another",
  );
});

test("a wrong database URL is one clear line", async () => {
  const wrongPassword = new URL(databaseUrl());
  wrongPassword.password = "wrong";
  const refused = startProgram(TAX, [
    "--port",
    "0",
    "--no-authorization",
    "--database-url",
    wrongPassword.href,
  ]);
  expect(await refused.ended()).toBe(1);
  expect(refused.output.err).toMatch(
    /^error: PostgreSQL at 127\.0\.0\.1:\d+ refuses the login: .*\n {2}Check user and password in DATABASE_URL\.\n$/,
  );
  const gateway = await startTestGateway();
  const free = new URL(gateway.url).port;
  await gateway.close();
  const nobody = startProgram(TAX, [
    "--port",
    "0",
    "--no-authorization",
    "--database-url",
    `postgres://a:b@127.0.0.1:${free}/tax`,
  ]);
  expect(await nobody.ended()).toBe(1);
  expect(nobody.output.err).toMatch(
    /^error: PostgreSQL at 127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED.*\n {2}Start it/,
  );
});

test("a taken port is one clear line", async () => {
  const gateway = await startTestGateway();
  onTestFinished(() => gateway.close());
  const { port } = new URL(gateway.url);
  const program = startProgram(TAX, ["--port", port, "--no-authorization", "--database-url", databaseUrl()]);
  expect(await program.ended()).toBe(1);
  expect(program.output.err).toBe(
    `error: port ${port} is taken\n  Choose another with --port, or stop what uses it.\n`,
  );
});

test("--help tells every option with its variable and default, and ends well", async () => {
  const program = startProgram(TAX, ["--help"]);
  expect(await program.ended()).toBe(0);
  expect(program.output.err).toBe("");
  expect(program.output.out).toMatch(/^tax: the tax office/);
  for (const text of [
    /--port N +Port to listen on; 0 takes a free one\. Default 4002\. \[PORT\]/,
    /--host ADDRESS .*\[HOST\]/,
    /--database-url URL .*\[DATABASE_URL\]/,
    /--gateway-url URL .*\[GATEWAY_URL\]/,
    /--gateway-keys FILE_OR_URL .*\[GATEWAY_KEYS\]/,
    /--authorization +--no-authorization, in place of --gateway-keys.*\[AUTHORIZATION\]/,
    /--agencies CODES .*Default G12\.56\. \[AGENCIES\]/,
    "node subgraphs/tax/main.ts --database-url postgres://user:password@localhost:5432/lienthong_tax",
  ])
    expect(program.output.out).toMatch(text);
});

test("the environment configures it as the flags do", async () => {
  const gateway = await startTestGateway();
  onTestFinished(() => gateway.close());
  const program = startProgram(TAX, [], {
    PORT: "0",
    HOST: "127.0.0.1",
    DATABASE_URL: databaseUrl(),
    GATEWAY_URL: gateway.url,
    AGENCIES: "G12.57",
    AUTHORIZATION: "off",
  });
  const { port } = await program.ready();
  const { data } = await post(`http://127.0.0.1:${port}/graphql`, {
    query: '{ agencyCase(agencyCode: "G12.57", dossierCode: "H56.14-260302-0001") { state } }',
  });
  expect(data).toEqual({ agencyCase: null });
});

test("killed between a change and its report, it reports after the next start, exactly once", async () => {
  const url = databaseUrl();
  const gateway = await startTestGateway();
  onTestFinished(() => gateway.close());
  const args = ["--port", "0", "--no-authorization", "--database-url", url, "--gateway-url", gateway.url];
  const first = startProgram(TAX, args);
  const { port } = await first.ready();
  const database = openDatabase(url, 1);
  onTestFinished(() => database.close());
  await insertProcedure(database);
  await insert(database, "agency_case", {
    dossier_code: "H56.14-260302-0001",
    procedure_code: "1.004222",
    state: 1,
    received_at: "2026-03-02T08:00:00+07:00",
    due_at: "2026-03-12T08:00:00+07:00",
  });
  // The gateway takes the report and never answers: the process dies while it waits.
  const { promise: never } = Promise.withResolvers<undefined>();
  gateway.reply = () => never;
  const change = post(`http://127.0.0.1:${port}/graphql`, {
    query: `mutation { advanceCase(agencyCode: "G12.56", dossierCode: "H56.14-260302-0001", to: ACCEPTED,
      idempotencyKey: "crash-0001") { case { state } } }`,
  }).catch(() => "cut off");
  await gateway.arrived(1);
  first.child.kill("SIGKILL");
  expect(await first.ended()).toBe("SIGKILL");
  await change;

  // The change is kept with its message, which the dead process holds for a while yet.
  expect(
    await database.query("select state, (select count(*) from outbox) as waiting from agency_case"),
  ).toEqual([{ state: 2, waiting: 1 }]);
  await database.query("update outbox set next_attempt_at = now()");
  gateway.reply = () => ({ body: { data: {} } });
  const second = startProgram(TAX, args);
  await second.ready();
  await gateway.arrived(2);
  second.child.kill("SIGTERM");
  expect(await second.ended()).toBe(0);
  // Twice on the wire, once in effect: both carry the same key.
  expect(gateway.received).toHaveLength(2);
  expect(gateway.received[1]?.variables).toEqual(gateway.received[0]?.variables);
});

test("a URL of many databases names each agency's own", () => {
  expect(forAgency("postgres://h/lienthong_{agency}", "H56.31.01")).toBe("postgres://h/lienthong_h56_31_01");
  expect(forAgency("postgres://h/{agency}?user={agency}", "0100100079")).toBe(
    "postgres://h/0100100079?user=0100100079",
  );
  expect(forAgency("postgres://h/one", "G12.56")).toBe("postgres://h/one");
});
