import { z } from "zod";
import type { Signer } from "../../gateway/registry/answer-keys.ts";
import { createSigningKeyFile, readPublicKey } from "../../process/signing-key.ts";
import { columns, instant } from "../columns.ts";
import { defineCommand } from "../command.ts";
import { openRegistry, registryOptions } from "../registry.ts";

const signerOptions = {
  subgraph: { schema: z.string().optional(), placeholder: "NAME", help: "Whose answers: a subgraph's." },
  member: {
    schema: z.string().optional(),
    placeholder: "KEY",
    help: "Or a member's of the partitioned subgraphs.",
  },
} as const;

const time = z.iso
  .datetime({ offset: true, error: "must be RFC 3339: 2026-01-01T00:00:00+07:00" })
  .optional();

export const createAnswerKey = defineCommand({
  options: {
    file: {
      schema: z.string({ error: "is required: the file to make" }),
      positional: true,
      help: "The file to make; one that is there is left as it is, and refused.",
    },
  },
  examples: ["lienthong answer-key create answer.key.json"],
  async run({ file }) {
    const key = await createSigningKeyFile(file);
    return { ok: true, data: { file, key }, lines: [`${file}: made, key ${key.kid}`] };
  },
});

export const addAnswerKey = defineCommand({
  options: {
    file: {
      schema: z.string({ error: "is required: the key's file" }),
      positional: true,
      help: "The key's file, private or public; the private half stays here.",
    },
    ...signerOptions,
    from: { schema: time, placeholder: "INSTANT", help: "From when it counts; at once when left out." },
    until: { schema: time, placeholder: "INSTANT", help: "Until when it counts; for ever when left out." },
    ...registryOptions,
  },
  examples: [
    "lienthong answer-key add answer.key.json --subgraph tax",
    "lienthong answer-key add next.key.json --member H56.30 --until 2027-12-31T00:00:00+07:00",
  ],
  check: signerFault,
  async run({ file, subgraph, member, from, until, ...options }) {
    const signer = signerOf(subgraph, member);
    const key = {
      ...(await readPublicKey(file)),
      ...(from !== undefined && { nbf: secondsOf(from) }),
      ...(until !== undefined && { exp: secondsOf(until) }),
    };
    const { changed } = await openRegistry(options).addAnswerKey({ ...signer, key });
    const line = changed
      ? `${signer.name} signs with key ${key.kid} from now on, or with those before it`
      : `nothing to change: ${signer.name} has key ${key.kid} already`;
    return { ok: true, data: { ...signer, kid: key.kid, changed }, lines: [line] };
  },
});

export const listAnswerKeys = defineCommand({
  options: registryOptions,
  examples: ["lienthong answer-key list", "lienthong answer-key list --json"],
  async run(options) {
    const keys = await openRegistry(options).answerKeys();
    const rows = keys.map(({ kind, name, key, addedBy, addedAt, retiredBy, retiredAt }) => [
      key.kid,
      `${kind} ${name}`,
      timeOf(key.nbf),
      timeOf(key.exp),
      `${instant(addedAt)} by ${addedBy}`,
      retiredAt === null ? "" : `${instant(retiredAt)} by ${retiredBy}`,
    ]);
    const heads = ["KEY", "SIGNS FOR", "FROM", "UNTIL", "ADDED", "RETIRED"];
    return { ok: true, data: { keys }, lines: columns([heads, ...rows]) };
  },
});

export const retireAnswerKey = defineCommand({
  options: {
    kid: {
      schema: z.string({ error: "is required: the key's id, as answer-key list tells it" }),
      positional: true,
      help: "The key's id.",
    },
    ...signerOptions,
    last: {
      schema: z.boolean().default(false),
      help: "Also where no other counts: once none is registered, answers count without a signature.",
    },
    ...registryOptions,
  },
  examples: ["lienthong answer-key retire 3Zt0-8kF --subgraph tax"],
  check: signerFault,
  async run({ kid, subgraph, member, last, ...options }) {
    const signer = signerOf(subgraph, member);
    const { changed } = await openRegistry(options).retireAnswerKey(signer, kid, last);
    const line = changed
      ? `retired key ${kid} of ${signer.name}`
      : `nothing to change: key ${kid} of ${signer.name} was retired before`;
    return { ok: true, data: { ...signer, kid, changed }, lines: [line] };
  },
});

function signerFault({ subgraph, member }: Readonly<Record<string, unknown>>): readonly string[] {
  return (subgraph === undefined) === (member === undefined)
    ? ["either --subgraph or --member is required: whose answers the key signs"]
    : [];
}

function signerOf(subgraph: string | undefined, member: string | undefined): Signer {
  return subgraph === undefined
    ? { kind: "member", name: member ?? "" }
    : { kind: "subgraph", name: subgraph };
}

function timeOf(seconds: number | undefined): string {
  return seconds === undefined ? "" : instant(new Date(seconds * 1000).toISOString());
}

function secondsOf(rfc3339: string): number {
  return Math.floor(Date.parse(rfc3339) / 1000);
}
