/**
 * Times as other systems write them: Vietnam's local time by a pattern such as `yyyyMMddHHmmss` (national exchange) or
 * `dd/MM/yyyy HH:mm:ss`.
 */
import { type Day, instantOf } from "../calendar.ts";

/** The part of a pattern, and what it stands for. */
const PARTS = /yyyy|MM|dd|HH|mm|ss/g;
const OFFSET_MS = 7 * 3_600_000;

export interface TimePattern {
  readonly text: string;
  /** Undefined when `value` is not such a time. */
  parse(value: string): Date | undefined;
  format(instant: Date): string;
}

/** @throws RangeError when the pattern lacks year, month or day, or has a part twice */
export function timePattern(text: string): TimePattern {
  const parts: readonly string[] = text.match(PARTS) ?? [];
  if (new Set(parts).size !== parts.length || !["yyyy", "MM", "dd"].every((part) => parts.includes(part)))
    throw new RangeError("a pattern has yyyy, MM and dd, and may have HH, mm and ss, each once");
  const form = new RegExp(
    `^${text
      .split(/(yyyy|MM|dd|HH|mm|ss)/)
      .map((piece) =>
        parts.includes(piece) ? `(\\d{${piece.length}})` : piece.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"),
      )
      .join("")}$`,
  );
  const format = (instant: Date): string => {
    const local = new Date(instant.getTime() + OFFSET_MS).toISOString();
    const values: Record<string, string> = {
      yyyy: local.slice(0, 4),
      MM: local.slice(5, 7),
      dd: local.slice(8, 10),
      HH: local.slice(11, 13),
      mm: local.slice(14, 16),
      ss: local.slice(17, 19),
    };
    return text.replaceAll(PARTS, (part) => values[part] ?? part);
  };
  return {
    text,
    format,
    parse: (value) => {
      const match = form.exec(value.trim());
      if (match === null) return undefined;
      const found = Object.fromEntries(parts.map((part, index) => [part, match[index + 1] ?? ""]));
      const day: Day = `${found["yyyy"]}-${found["MM"]}-${found["dd"]}`;
      const { HH = "00", mm = "00", ss = "00" } = found;
      if (Number.isNaN(Date.parse(`${day}T${HH}:${mm}:${ss}Z`))) return undefined;
      const instant = new Date(
        instantOf(day).getTime() + (Number(HH) * 3_600 + Number(mm) * 60 + Number(ss)) * 1_000,
      );
      // Date would let 30 February roll over into March.
      return format(instant) === value.trim() ? instant : undefined;
    },
  };
}
