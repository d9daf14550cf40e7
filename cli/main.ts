/**
 * The command line: `npx lienthong <command>`. What runs it on the right Node.js: lienthong.js.
 */
import { runProgram, StartError, stop } from "../process/lifecycle.ts";
import { readOptions, UsageError } from "../process/options.ts";
import { z } from "zod";
import type { Command, Result } from "./command.ts";
import { explainRefusal, isRefusal } from "./refusal.ts";

/** Exit codes. */
const DONE = 0;
const FAILED = 1;
const USAGE = 2;

type Load = () => Promise<Command>;

/** Name, what it does, where it is; in the order of `--help`. */
const COMMANDS: readonly (readonly [string, string, Load])[] = [
  ["init", "makes an agency's project", async () => (await import("./commands/init.ts")).init],
  [
    "dev",
    "serves the running graph with the agency of this folder in it, and a sandbox, on this machine",
    async () => (await import("./commands/dev.ts")).dev,
  ],
  [
    "conform",
    "checks whether a subgraph, in any language, keeps the contract of all agencies",
    async () => (await import("./commands/conform.ts")).conformCommand,
  ],
  [
    "publish",
    "publishes the agency of this folder, or SDL files, to the registry",
    async () => (await import("./commands/publish.ts")).publish,
  ],
  [
    "check",
    "checks the agency of this folder, or SDL files, before they are published",
    async () => (await import("./commands/check.ts")).check,
  ],
  [
    "subgraphs",
    "lists the subgraphs of the graph, or prints one's SDL",
    async () => (await import("./commands/subgraphs.ts")).subgraphs,
  ],
  ["retire", "takes a subgraph out of the graph", async () => (await import("./commands/retire.ts")).retire],
  [
    "members list",
    "lists the members of the partitioned subgraphs",
    async () => (await import("./commands/members.ts")).listMembers,
  ],
  [
    "members add",
    "adds a member, or changes one",
    async () => (await import("./commands/members.ts")).addMember,
  ],
  [
    "members suspend",
    "takes a member out of the graph, without forgetting it",
    async () => (await import("./commands/members.ts")).suspendMember,
  ],
  [
    "members resume",
    "takes a suspended member back in",
    async () => (await import("./commands/members.ts")).resumeMember,
  ],
  [
    "history",
    "tells who changed the graph, how and when",
    async () => (await import("./commands/history.ts")).history,
  ],
  ["diff", "compares two compositions of the graph", async () => (await import("./commands/diff.ts")).diff],
  [
    "rollback",
    "makes the graph again what an earlier composition was",
    async () => (await import("./commands/rollback.ts")).rollback,
  ],
  ["keys list", "lists the keys of the registry", async () => (await import("./commands/keys.ts")).listKeys],
  [
    "keys issue",
    "issues a key to an agency or to a gateway",
    async () => (await import("./commands/keys.ts")).issueKey,
  ],
  ["keys revoke", "revokes a key", async () => (await import("./commands/keys.ts")).revokeKey],
  [
    "answer-key create",
    "makes a key that a subgraph signs its answers with",
    async () => (await import("./commands/answer-key.ts")).createAnswerKey,
  ],
  [
    "answer-key add",
    "registers the public half of a key: answers of its owner must be signed from then on",
    async () => (await import("./commands/answer-key.ts")).addAnswerKey,
  ],
  [
    "answer-key list",
    "lists the keys that answers are signed with, those that were retired too",
    async () => (await import("./commands/answer-key.ts")).listAnswerKeys,
  ],
  [
    "answer-key retire",
    "gives a key up: what it signs counts no more",
    async () => (await import("./commands/answer-key.ts")).retireAnswerKey,
  ],
  [
    "grants add",
    "lets a consumer read what a subgraph or a member gives, beside what its SDL grants",
    async () => (await import("./commands/grants.ts")).addGrant,
  ],
  [
    "grants list",
    "lists what is granted beside the SDL",
    async () => (await import("./commands/grants.ts")).listGrants,
  ],
  ["grants revoke", "takes a grant back", async () => (await import("./commands/grants.ts")).revokeGrant],
  [
    "compose",
    "composes a supergraph from SDL files, without a registry",
    async () => (await import("./commands/compose.ts")).compose,
  ],
  [
    "token",
    "makes a token of the development issuer, for the sample province",
    async () => (await import("./commands/token.ts")).token,
  ],
  [
    "gateway-key new",
    "makes a key by which subgraphs know the gateway: the first, or one that is to sign next",
    async () => (await import("./commands/gateway-key.ts")).newGatewayKey,
  ],
  [
    "gateway-key show",
    "prints the public halves of the gateway's keys, which subgraphs verify with",
    async () => (await import("./commands/gateway-key.ts")).showGatewayKeys,
  ],
  [
    "gateway-key rotate",
    "lets the next of the gateway's keys sign",
    async () => (await import("./commands/gateway-key.ts")).rotateGatewayKeys,
  ],
  [
    "gateway-key retire",
    "gives up a key of the gateway that signs no more",
    async () => (await import("./commands/gateway-key.ts")).retireGatewayKey,
  ],
  [
    "audit verify",
    "proves that the record of readings was not tampered with, or tells where it was",
    async () => (await import("./commands/audit.ts")).verifyAudit,
  ],
  [
    "audit who",
    "tells who reads personal data, what for and when, and what was refused",
    async () => (await import("./commands/audit-who.ts")).whoAudit,
  ],
  [
    "audit prove",
    "prints one entry of the record with the proof that it is in it",
    async () => (await import("./commands/audit.ts")).proveAudit,
  ],
  [
    "audit export",
    "writes the record as lines of JSON, with its proofs",
    async () => (await import("./commands/audit.ts")).exportAudit,
  ],
  [
    "audit prune",
    "takes entries away that need no longer be kept",
    async () => (await import("./commands/audit.ts")).pruneAudit,
  ],
  [
    "audit key",
    "tells the public keys that verify the record",
    async () => (await import("./commands/audit.ts")).auditKey,
  ],
  [
    "audit rotate",
    "begins a change of the record's keys",
    async () => (await import("./commands/audit-keys.ts")).rotateAudit,
  ],
  [
    "audit retire",
    "ends a change of the record's keys: the older count no more",
    async () => (await import("./commands/audit-keys.ts")).retireAudit,
  ],
  [
    "codegen",
    "writes a typed client for a consumer's operations against the running graph",
    async () => (await import("./commands/codegen.ts")).codegen,
  ],
];

const JSON_OPTION = {
  json: { schema: z.boolean().default(false), help: "Answer in JSON, for machines." },
} as const;

runProgram(async () => {
  const argv = process.argv.slice(2);
  const [first] = argv;
  if (first === undefined || first === "--help" || first === "-h" || first === "help") {
    await write(process.stdout, overview());
    return stop(first === undefined ? USAGE : DONE);
  }
  const isJson = argv.includes("--json");
  try {
    const result = await runCommand(argv);
    if (result === undefined) return;
    const text = isJson ? json({ ok: result.ok, ...result.data }) : result.lines.join("\n");
    if (text !== "") await write(process.stdout, `${text.trimEnd()}\n`);
    return stop(result.ok ? DONE : FAILED);
  } catch (error) {
    if (!isExpected(error) && !isJson) throw error;
    const { code, message, data } = explained(error);
    if (isJson) await write(process.stdout, `${json({ ok: false, error: { code, message, ...data } })}\n`);
    else await write(process.stderr, `error: ${message}\n`);
    return stop(error instanceof UsageError ? USAGE : FAILED);
  }
});

async function runCommand(argv: readonly string[]): Promise<Result | undefined> {
  const found = COMMANDS.find(([name]) => name.split(" ").every((word, index) => argv[index] === word));
  if (found === undefined) throw new UsageError(unknown(argv), "See lienthong --help.");
  const [name, summary, load] = found;
  const command = await load();
  const { json: isJson, ...options } = readOptions(
    {
      name: `lienthong ${name}`,
      summary,
      options: { ...command.options, ...JSON_OPTION },
      ...(command.check && { check: command.check }),
      examples: command.examples,
    },
    argv.slice(name.split(" ").length),
  );
  return command.run(options, {
    tell: (event, data, line) =>
      process.stdout.write(`${isJson ? JSON.stringify({ event, ...data }) : line}\n`),
  });
}

function overview(): string {
  const all = [
    ...COMMANDS,
    ["node", "runs Node.js, the one that this package brings: arguments as node's"] as const,
  ];
  const width = Math.max(...all.map(([name]) => name.length));
  const rows = all.map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}`);
  return `lienthong: joins an agency to the graph, and looks after it

  lienthong <command> [options]

${rows.join("\n")}

lienthong <command> --help tells a command's options, with examples.

Where the registry is: --registry URL, or LIENTHONG_REGISTRY. Who asks: --key KEY, or LIENTHONG_KEY.
Exit codes: ${DONE} done, ${FAILED} failed or refused, ${USAGE} the command was called wrongly.
`;
}

function unknown([first = "", second = ""]: readonly string[]): string {
  const group = COMMANDS.filter(([name]) => name.startsWith(`${first} `)).map(([name]) => name);
  if (group.length > 0)
    return `lienthong ${first}: ${second === "" ? "what?" : `no "${second}"`} (${group.join(", ")})`;
  return `lienthong: there is no command "${first}"`;
}

function isExpected(error: unknown): boolean {
  return isRefusal(error) || error instanceof StartError;
}

function explained(error: unknown): { code: string; message: string; data: object } {
  if (isRefusal(error)) return explainRefusal(error);
  const code = error instanceof UsageError ? "USAGE" : "FAILED";
  return { code, message: error instanceof Error ? error.message : String(error), data: {} };
}

function json(value: object): string {
  return JSON.stringify(value, undefined, 2);
}

/** Waits until it is written: a pipe may take its time, and the process ends next. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => stream.write(text, () => resolve()));
}
