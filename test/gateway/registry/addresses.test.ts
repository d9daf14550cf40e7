import { fastify } from "fastify";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { USUAL_HOSTS } from "../../../gateway/hosts.ts";
import { checkAddresses } from "../../../gateway/registry/addresses.ts";
import { refusalOf, type RunningRegistry, small, startRegistry } from "./running.ts";

let registry: RunningRegistry;

beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry?.close());

const METADATA = "http://169.254.169.254/latest/meta-data/";

test("nothing is published, checked or joined at an address that no service may be at", async () => {
  const subgraph = { ...small("a"), url: METADATA };
  const member = { key: "S1", url: "http://[::ffff:169.254.169.254]/", subgraphs: ["a"] };
  for (const call of [
    () => registry.operator.publish({ subgraphs: [small("a"), { ...small("b"), url: METADATA }] }),
    () => registry.operator.publish({ subgraphs: [small("a")], member: { member } }),
    () => registry.operator.check({ subgraphs: [subgraph] }),
    () => registry.operator.addMember({ member }),
  ]) {
    const refusal = await refusalOf(call());
    expect([refusal.status, refusal.code]).toEqual([400, "ADDRESS_FORBIDDEN"]);
  }
  expect(await registry.operator.subgraphs()).toMatchObject([]);
  await registry.operator.publish({ subgraphs: [{ ...small("a"), url: "http://127.0.0.1:4001/graphql" }] });
});

test("this machine's own addresses are registered from this machine only", async () => {
  const app = fastify();
  onTestFinished(() => app.close());
  app.post("/", async (request) => {
    checkAddresses(USUAL_HOSTS, request, [(request.body as { url: string }).url]);
    return "registered";
  });
  const published = async (url: string, remoteAddress: string) =>
    (await app.inject({ method: "POST", url: "/", body: { url }, remoteAddress })).statusCode;
  for (const url of ["http://127.0.0.1:1/", "http://localhost:1/", "http://[::1]:1/", "http://127.1:1/"]) {
    expect(await published(url, "127.0.0.1")).toBe(200);
    expect(await published(url, "::ffff:127.0.0.1")).toBe(200);
    expect(await published(url, "10.0.0.9")).toBe(500);
  }
  expect(await published("http://tax.example/", "10.0.0.9")).toBe(200);
});
