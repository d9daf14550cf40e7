import { once } from "node:events";
import { createServer, type AddressInfo, connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { allowsUrl, createHostRule, lookupWithin, readHosts, USUAL_HOSTS } from "../../gateway/hosts.ts";

test.each([
  "http://127.0.0.1:4001/graphql",
  "http://localhost:4001/graphql",
  "http://[::1]:4001/graphql",
  "https://tax.example/graphql",
  "http://10.1.2.3/graphql",
  "http://192.168.1.4/",
  "http://[fd12:3456::1]/",
])("a service may be at %s", (url) => {
  expect(allowsUrl(USUAL_HOSTS, url)).toBe(true);
});

test.each([
  "http://169.254.169.254/latest/meta-data/",
  "http://169.254.1.1/",
  "http://100.100.100.200/latest/meta-data/",
  "http://192.0.0.192/opc/v2/",
  "http://[fd00:ec2::254]/latest/meta-data/",
  "http://[fe80::1]/",
  "http://0.0.0.0:4001/",
  "http://0/",
  "http://[::]/",
  "http://224.0.0.1/",
  "http://255.255.255.255/",
  "http://[ff02::1]/",
  // The same by other ways of writing.
  "http://2852039166/",
  "http://0xa9fea9fe/",
  "http://0251.0376.0251.0376/",
  "http://169.254.43518/",
  "http://[::ffff:169.254.169.254]/",
  "http://[::ffff:a9fe:a9fe]/",
  "http://[64:ff9b::169.254.169.254]/",
  "http://[2002:a9fe:a9fe::1]/",
  "http://①⑥⑨.254.169.254/",
  "http://169。254。169。254/",
])("no service may be at %s", (url) => {
  expect(allowsUrl(USUAL_HOSTS, url)).toBe(false);
});

test("a name of elsewhere may lead neither to this machine nor to what is forbidden", () => {
  const { allows: leadsTo } = USUAL_HOSTS;
  expect(leadsTo("localhost", "127.0.0.1")).toBe(true);
  expect(leadsTo("tax.localhost", "::1")).toBe(true);
  expect(leadsTo("tax.example", "10.1.2.3")).toBe(true);
  for (const address of ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "169.254.169.254", "0.0.0.0"])
    expect([address, leadsTo("tax.example", address)]).toEqual([address, false]);
  expect(leadsTo("localhost", "169.254.169.254")).toBe(false);
  expect(leadsTo("localhost.evil.example", "127.0.0.1")).toBe(false);
});

test("where hosts are named, there is no other; a range allows also what is forbidden otherwise", () => {
  const rule = createHostRule(["tax.example", "*.police.example", "10.1.0.0/16", "169.254.7.0/24"]);
  const answers = [
    ["tax.example", "192.0.2.1", true],
    ["tax.example", "127.0.0.1", false],
    ["tax.example", "169.254.169.254", false],
    ["other.example", "192.0.2.1", false],
    ["a.police.example", "192.0.2.1", true],
    ["police.example", "192.0.2.1", false],
    ["notpolice.example", "192.0.2.1", false],
    ["other.example", "10.1.9.9", true],
    ["other.example", "10.2.0.1", false],
    ["169.254.7.1", "169.254.7.1", true],
    ["169.254.8.1", "169.254.8.1", false],
    ["127.0.0.1", "127.0.0.1", false],
  ] as const;
  for (const [name, address, expected] of answers)
    expect([name, address, rule.allows(name, address)]).toEqual([name, address, expected]);
});

test("hosts are read from options, and every fault is told", () => {
  const schema = z.array(z.string()).transform(readHosts);
  const { allows } = schema.parse(["Tax.Example", "10.0.0.1", "::1"]);
  expect(allows("tax.example", "192.0.2.1")).toBe(true);
  expect(allows("10.0.0.1", "10.0.0.1")).toBe(true);
  expect(allows("10.0.0.2", "10.0.0.2")).toBe(false);
  expect(allows("::1", "::1")).toBe(true);
  const { error } = schema.safeParse(["http://x", "10.0.0.0/33", "a..b", "*", "1.2.3.4/8/8"]);
  expect(error?.issues.map(({ message }) => /^"([^"]+)"/.exec(message)?.[1])).toEqual([
    "http://x",
    "10.0.0.0/33",
    "a..b",
    "*",
    "1.2.3.4/8/8",
  ]);
});

test("a connection by name is made to allowed addresses only", async () => {
  const server = createServer((socket) => socket.end());
  onTestFinished(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const tried = async (rule: typeof USUAL_HOSTS, autoSelectFamily: boolean) => {
    const socket = connect({ port, host: "localhost", lookup: lookupWithin(rule), autoSelectFamily });
    const outcome = await Promise.race([
      once(socket, "connect").then(() => "connected"),
      once(socket, "error").then(([error]) => (error as Error).message),
    ]).catch((error: Error) => error.message);
    socket.destroy();
    return outcome;
  };
  expect(await tried(USUAL_HOSTS, true)).toBe("connected");
  for (const families of [true, false])
    expect(await tried(createHostRule(["elsewhere.example"]), families)).toBe(
      "localhost is at an address that no service may be at",
    );
});
