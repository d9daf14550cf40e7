import { addSigningKey, addSubjectKey, retireKeys } from "../../gateway/record/rotate.ts";
import { readRecordFile } from "../../gateway/record/settings.ts";
import { z } from "zod";
import { defineCommand } from "../command.ts";
import { recordOption } from "./audit.ts";

export const rotateAudit = defineCommand({
  options: {
    ...recordOption,
    subjects: {
      schema: z.boolean().default(false),
      help: "A new key for pseudonyms, in place of a new one that signs.",
    },
  },
  examples: ["lienthong audit rotate", "lienthong audit rotate --subjects"],
  async run({ record, subjects }) {
    const settings = await readRecordFile(record);
    const kind = subjects ? "subjects" : "signing";
    const keyId = await (subjects ? addSubjectKey(settings) : addSigningKey(settings));
    return {
      ok: true,
      data: { kind, keyId },
      lines: [
        `the new key is ${keyId}`,
        "restart every gateway that writes this record; then: lienthong audit retire",
      ],
    };
  },
});

export const retireAudit = defineCommand({
  options: {
    ...recordOption,
    now: {
      schema: z.boolean().default(false),
      help: "Also where the latest entry is not signed by the new key: the old one leaked, or nothing was read since.",
    },
  },
  examples: ["lienthong audit retire", "lienthong audit retire --now"],
  async run({ record, now }) {
    const retired = await retireKeys(await readRecordFile(record), now);
    const { signing, subjects, needed } = retired;
    const lines = [
      ...signing.map((key) => `${key} signs no more`),
      ...subjects.map((key) => `${key} makes no pseudonym of the record, and is gone`),
      ...needed.map((key) => `${key} stays: entries have pseudonyms by it until they are pruned`),
    ];
    return { ok: true, data: retired, lines: lines.length > 0 ? lines : ["there is no older key"] };
  },
});
