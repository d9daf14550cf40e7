import { z } from "zod";
import {
  exportRecord,
  proveEntry,
  pruneRecord,
  verifyDatabase,
  verifyExport,
  verifyLines,
} from "../../gateway/record/audit.ts";
import { readPublicKeys, readRecordKeys } from "../../gateway/record/keys.ts";
import { PROOF_FAULTS } from "../../gateway/record/proof.ts";
import { readRecordFile } from "../../gateway/record/settings.ts";
import { type Fault, FAULTS, type Verification } from "../../gateway/record/verify.ts";
import { StartError } from "../../process/lifecycle.ts";
import { wholeNumber } from "../../process/options.ts";
import { defineCommand, type Result } from "../command.ts";

export const recordOption = {
  record: {
    schema: z.string().default(".data/record/record.json"),
    env: "LIENTHONG_RECORD",
    placeholder: "FILE",
    help: "The gateway's record file; that of the sample province by default.",
  },
} as const;

export const verifyAudit = defineCommand({
  options: {
    ...recordOption,
    export: {
      schema: z.string().optional(),
      placeholder: "FILE",
      help: "An export to verify, in place of the database; needs --public-key.",
    },
    lines: {
      schema: z.string().optional(),
      placeholder: "FILE",
      help: "Lines of an export, each to be verified by itself, as audit prove prints one; needs --public-key.",
    },
    publicKey: {
      schema: z.string().optional(),
      placeholder: "FILE",
      help: "The gateway's public keys, as audit key tells them; by default from the record's key file.",
    },
  },
  check: ({ export: exported, lines, publicKey }) => [
    ...(exported !== undefined && publicKey === undefined ? ["--export: needs --public-key"] : []),
    ...(lines !== undefined && publicKey === undefined ? ["--lines: needs --public-key"] : []),
    ...(exported !== undefined && lines !== undefined ? ["--lines: not together with --export"] : []),
  ],
  examples: [
    "lienthong audit verify",
    "lienthong audit verify --export record.jsonl --public-key gateway.pub",
    "lienthong audit verify --lines entry-17.json --public-key gateway.pub",
  ],
  async run({ record, export: exported, lines, publicKey: keyFile }) {
    const keys = keyFile === undefined ? undefined : await readPublicKeys(keyFile);
    if (lines !== undefined && keys !== undefined) return provenLines(await verifyLines(lines, keys));
    const verification =
      exported === undefined || keys === undefined
        ? await verifyDatabase(await readRecordFile(record), keys)
        : await verifyExport(exported, keys);
    const { faults } = verification;
    return {
      ok: faults.length === 0,
      data: summary(verification),
      lines: [...faults.map(faultLine), ...told(verification)],
    };
  },
});

export const proveAudit = defineCommand({
  options: {
    entry: {
      schema: wholeNumber(1, Number.MAX_SAFE_INTEGER),
      positional: true,
      help: "Number of the entry.",
    },
    ...recordOption,
  },
  examples: ["lienthong audit prove 17 > entry-17.json"],
  async run({ record, entry }) {
    const line = await proveEntry(await readRecordFile(record), entry);
    if (line === undefined)
      throw new StartError(`there is no entry ${entry}`, "It may have been pruned; audit verify tells.");
    return { ok: true, data: line, lines: [JSON.stringify(line)] };
  },
});

export const exportAudit = defineCommand({
  options: {
    out: {
      schema: z.string({ error: "is required: the file to write" }),
      positional: true,
      help: "The file to write, which must not be there yet.",
    },
    ...recordOption,
  },
  examples: ["lienthong audit export record.jsonl"],
  async run({ record, out }) {
    const entries = await exportRecord(await readRecordFile(record), out);
    return {
      ok: true,
      data: { entries, file: out },
      lines: [`${entries} entries, with their proofs: ${out}`],
    };
  },
});

export const pruneAudit = defineCommand({
  options: {
    before: {
      schema: z.iso.date({ error: "is required: a day, such as 2024-01-01" }),
      placeholder: "DAY",
      help: "Entries of before this day (UTC) are taken away.",
    },
    ...recordOption,
  },
  examples: ["lienthong audit prune --before 2024-01-01"],
  async run({ record, before }) {
    const { verification, entries, upTo } = await pruneRecord(await readRecordFile(record), new Date(before));
    if (verification.faults.length > 0)
      return {
        ok: false,
        data: summary(verification),
        lines: [
          ...verification.faults.map(faultLine),
          "nothing was taken away: the record is not as it was written",
        ],
      };
    const line =
      entries === 0 ? `nothing is of before ${before}` : `${entries} entries taken away, up to entry ${upTo}`;
    return { ok: true, data: { entries, upTo }, lines: [line] };
  },
});

export const auditKey = defineCommand({
  options: recordOption,
  examples: ["lienthong audit key > gateway.pub"],
  async run({ record }) {
    const { keyFile } = await readRecordFile(record);
    const { publicKey, publicKeys } = await readRecordKeys(keyFile).catch((error: Error) => {
      throw new StartError(error.message, "Start the gateway with --record first.");
    });
    return {
      ok: true,
      data: { publicKey, publicKeys },
      lines: publicKeys.map((key) => JSON.stringify(key)),
    };
  },
});

function provenLines({ entries, faults }: Awaited<ReturnType<typeof verifyLines>>): Result {
  return {
    ok: faults.length === 0 && entries > 0,
    data: { entries, faults: faults.map((fault) => ({ ...fault, message: PROOF_FAULTS[fault.kind] })) },
    lines: [
      ...faults.map(({ seq, kind }) => `entry ${seq}: ${kind}: ${PROOF_FAULTS[kind]}`),
      `${entries - faults.length} of ${entries} entries are in the record that the gateway signed`,
    ],
  };
}

function summary({ faults, entries, checkpoints, prunedUpTo, lastSeq, vouchedUpTo }: Verification): object {
  return {
    faults: faults.map((fault) => ({ ...fault, message: FAULTS[fault.kind] })),
    entries,
    checkpoints,
    prunedUpTo,
    lastEntry: lastSeq,
    vouchedUpTo,
  };
}

function faultLine({ kind, seq, upTo }: Fault): string {
  const where = upTo === undefined || upTo === seq ? `entry ${seq}` : `entries ${seq} to ${upTo}`;
  return `${where}: ${kind}: ${FAULTS[kind]}`;
}

function told({ faults, entries, checkpoints, prunedUpTo, lastSeq, vouchedUpTo }: Verification): string[] {
  const pruned = prunedUpTo === 0 ? "" : `, up to ${prunedUpTo} taken away as their time was over`;
  const open = lastSeq > vouchedUpTo ? `; no checkpoint tells yet of those after ${vouchedUpTo}` : "";
  return [
    `${entries} entries${pruned}, ${checkpoints} checkpoints${open}`,
    faults.length === 0
      ? "the record is as the gateway wrote it: nothing was changed, removed or put in"
      : "the record is not as the gateway wrote it",
  ];
}
