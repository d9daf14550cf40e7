import { z } from "zod";
import { whoReadsIn } from "../../gateway/record/audit.ts";
import { readRecordFile } from "../../gateway/record/settings.ts";
import type { Reading, WhoReads } from "../../gateway/record/who.ts";
import { wholeNumber } from "../../process/options.ts";
import { columns } from "../columns.ts";
import { defineCommand } from "../command.ts";
import { recordOption } from "./audit.ts";

const day = z.iso.date({ error: "must be a day, such as 2026-11-21" }).optional();

export const whoAudit = defineCommand({
  options: {
    from: { schema: day, placeholder: "DAY", help: "First day (UTC); from the beginning when left out." },
    to: { schema: day, placeholder: "DAY", help: "Day after the last (UTC); to the end when left out." },
    most: {
      schema: wholeNumber(1, 10_000).default(20),
      placeholder: "N",
      help: "How many callers are listed, those who read data of most persons first; 20 by default.",
    },
    ...recordOption,
  },
  examples: ["lienthong audit who", "lienthong audit who --from 2026-11-01 --to 2026-12-01 --json"],
  async run({ record, from, to, most }) {
    const found = await whoReadsIn(await readRecordFile(record), { from, to });
    const callers = found.callers.slice(0, most);
    return { ok: true, data: { ...found, callers }, lines: told(found, callers) };
  },
});

function told({ entries, answers, refusals, callers: all, ...found }: WhoReads, callers: readonly Reading[]) {
  return [
    `${entries} entries: ${answers} answers with personal data, ${refusals} refusals, ${all.length} callers`,
    ...block("readers", [
      ["PERSONS", "ANSWERS", "REFUSALS", "WHO", "PURPOSES"],
      ...callers.map(({ caller, subjects, answers: read, refusals: refused, purposes }) => [
        String(subjects),
        String(read),
        String(refused),
        nameOf(caller),
        counts(purposes),
      ]),
    ]),
    ...block("purposes", pairs(found.purposes)),
    ...block("days", pairs(found.days)),
    ...block("refused", pairs(found.refused)),
  ];
}

/** Nothing where there are no rows below the head. */
function block(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length <= 1 ? [] : ["", title, ...columns(rows).map((line) => `  ${line}`)];
}

function pairs(found: Readonly<Record<string, number>>): string[][] {
  return [["TIMES", ""], ...Object.entries(found).map(([name, times]) => [String(times), name])];
}

function counts(found: Readonly<Record<string, number>>): string {
  return Object.entries(found)
    .map(([name, times]) => `${name} ${times}`)
    .join(", ");
}

function nameOf(caller: Reading["caller"]): string {
  if (caller === null) return "(nobody known)";
  const { subject, pseudonym, organisation, client, roles } = caller;
  const who = subject ?? (pseudonym === undefined ? "(no subject)" : `(person ${pseudonym.slice(0, 8)}…)`);
  return [who, roles.join("+"), organisation, client]
    .filter((part) => part !== undefined && part !== "")
    .join(" / ");
}
