/**
 * How an agency's tables keep times, and the SQL that makes the kit's texts of them and back: `yyyyMMddHHmmss` with
 * microseconds, Vietnam time.
 */

const ZONE = "'Asia/Ho_Chi_Minh'";
const DIGITS = "'YYYYMMDDHH24MISSUS'";

export interface TimeKind {
  /** Twenty digits of a column's time. */
  readonly digits: (expression: string) => string;
  /** A value to compare a column with, or to give to a function, from a parameter holding a local timestamp. */
  readonly value: (parameter: string) => string;
}

export const TIME_KINDS = {
  /** `timestamp with time zone` */
  timestamptz: {
    digits: (expression) => `to_char((${expression}) at time zone ${ZONE}, ${DIGITS})`,
    value: (parameter) => `(${parameter}::timestamp at time zone ${ZONE})`,
  },
  /** `timestamp` without time zone, or `date`: local time */
  local: {
    digits: (expression) => `to_char((${expression})::timestamp, ${DIGITS})`,
    value: (parameter) => `${parameter}::timestamp`,
  },
  /** Text of fourteen digits, local time */
  yyyyMMddHHmmss: {
    digits: (expression) => `rpad(nullif((${expression})::text, ''), 20, '0')`,
    value: (parameter) => `to_char(${parameter}::timestamp, 'YYYYMMDDHH24MISS')`,
  },
} as const satisfies Record<string, TimeKind>;

/** A parameter for `value`. */
export function localTimestamp(instant: Date): string {
  return new Date(instant.getTime() + 7 * 3_600_000).toISOString().slice(0, -1).replace("T", " ");
}

/** The same of twenty digits. */
export function timestampOfDigits(digits: string): string {
  const [, day = "", time = "", micros = ""] = /^(\d{8})(\d{6})(\d{6})$/.exec(digits) ?? [];
  return `${day} ${time.replace(/(..)(..)(..)/, "$1:$2:$3")}.${micros}`;
}
