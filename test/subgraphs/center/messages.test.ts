import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { freePort } from "../../../process/ports.ts";
import {
  COMMUNE,
  type RecordingGateway,
  type TestCenter,
  BIRTH,
  startCenter,
  startGateway,
} from "./fixture.ts";

const RECEIVE = `mutation ($input: ReceiveDossierInput!, $key: ID!) {
  receiveDossier(input: $input, idempotencyKey: $key) { dossier { code } } }`;
const WITHDRAW = `mutation ($code: ID!, $key: ID!) { withdrawDossier(code: $code, idempotencyKey: $key) { dossier { state } } }`;
const INPUT = {
  procedureCode: BIRTH,
  applicant: { kind: "CITIZEN", name: "Nguyễn Thị Hoa", personalId: "056190012345" },
};

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function center(name: string, gatewayUrl: string): Promise<TestCenter> {
  const started = await startCenter(name, gatewayUrl);
  closing.push(started.close);
  return started;
}

async function gateway(port?: number): Promise<RecordingGateway> {
  const started = await startGateway(port);
  closing.push(started.close);
  return started;
}

/** The address of a gateway that is not there yet. */
async function absentGateway(): Promise<{ url: string; port: number }> {
  const port = await freePort();
  return { url: `http://127.0.0.1:${port}/graphql`, port };
}

/** Receives a dossier and withdraws it at once. */
async function receiveAndWithdraw(of: TestCenter, key: string): Promise<string> {
  const { code } = (await of.ask(RECEIVE, { input: INPUT, key: `receive-${key}` })).data.receiveDossier
    .dossier;
  expect((await of.ask(WITHDRAW, { code, key: `withdraw-${key}` })).errors).toBeUndefined();
  return code;
}

describe("messages", () => {
  test("survive the gateway's absence, and arrive in the order of their topic, each once", async () => {
    const absent = await absentGateway();
    const one = await center("center_messages", absent.url);
    const codes = await Promise.all(
      Array.from({ length: 5 }, (_, index) => receiveAndWithdraw(one, `message-${index}`)),
    );
    expect(await one.database.query("select from outbox")).toHaveLength(10);
    const present = await gateway(absent.port);
    await present.hasBeenTold(10);
    for (const code of codes) {
      const told = present.told.filter(({ args }) => String(args["idempotencyKey"]).includes(`:${code}:`));
      expect(told.map(({ field, args }) => [field, args["agencyCode"], args["idempotencyKey"]])).toEqual([
        ["openCase", COMMUNE, `open:${code}:1`],
        ["withdrawCase", COMMUNE, `withdraw:${code}:1`],
      ]);
    }
    expect(present.told).toHaveLength(10);
  });

  test("survive the centre's end, and are delivered by its next start", async () => {
    const absent = await absentGateway();
    const first = await startCenter("center_messages_restart", absent.url);
    const code = await receiveAndWithdraw(first, "restart-1");
    // The server goes, the database stays.
    await first.server.close();
    await first.database.close();
    const present = await gateway(absent.port);
    await center("center_messages_restart", absent.url);
    await present.hasBeenTold(2);
    expect(present.told.map(({ args }) => args["idempotencyKey"])).toEqual([
      `open:${code}:1`,
      `withdraw:${code}:1`,
    ]);
  });

  test("a change answers also while the gateway hangs", async () => {
    const hanging = await startHangingServer();
    closing.push(hanging.close);
    const one = await center("center_messages_hanging", hanging.url);
    expect((await one.ask(RECEIVE, { input: INPUT, key: "receive-hanging" })).errors).toBeUndefined();
    expect(hanging.asked()).toBe(1);
    expect(await one.database.query("select from outbox")).toHaveLength(1);
  });
});

/** Takes requests and never answers. */
async function startHangingServer(): Promise<{
  url: string;
  asked: () => number;
  close: () => Promise<void>;
}> {
  let asked = 0;
  const server = createServer(() => {
    asked += 1;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    asked: () => asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
