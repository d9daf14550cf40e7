/**
 * Rows in PostgreSQL's binary COPY format, written straight into one growing buffer: no text to print here and to parse
 * there. Source: PostgreSQL documentation, COPY, "Binary Format", and the `*_send` functions of each type.
 *
 * A row begins with `row()` and then takes one call per column, in the order of the COPY's column list.
 */

/** `PGCOPY\n\377\r\n\0`, no flags, no header extension. */
const HEADER = Buffer.from("5047434f50590aff0d0a000000000000000000", "hex");
/** The row count -1 that ends the data. */
const TRAILER_BYTES = 2;
const FIRST_SIZE = 64 * 1024;
/** Room for the largest field that is written without asking for room: a number, a date, a short code. */
const SMALL_FIELD = 1_024;
/** PostgreSQL counts from 1 January 2000. */
const EPOCH_SECONDS = 946_684_800;
const EPOCH_DAYS = 10_957;
const TWO_32 = 0x1_0000_0000;

export class CopyRows {
  readonly #columns: number;
  #buffer: Buffer;
  // Its numbers compile to single machine instructions, those of Buffer's methods do not.
  #view: DataView;
  #position = 0;
  #spare: Buffer | undefined;

  constructor(columns: number) {
    this.#columns = columns;
    this.#buffer = Buffer.allocUnsafeSlow(FIRST_SIZE);
    this.#view = new DataView(this.#buffer.buffer);
    this.#begin();
  }

  /** Bytes written since the last `take`. */
  get size(): number {
    return this.#position - HEADER.length;
  }

  /** A complete COPY stream of the rows written so far; the next row begins a new one. */
  take(): Buffer {
    this.#reserve(TRAILER_BYTES);
    this.#int16(-1);
    const taken = this.#buffer.subarray(0, this.#position);
    // The next batch will be about as large.
    this.#use(this.#spare ?? Buffer.allocUnsafeSlow(this.#buffer.length));
    this.#spare = undefined;
    this.#begin();
    return taken;
  }

  /** Takes back what `take` gave, once it is no longer read: fresh memory costs more than used memory. */
  giveBack(taken: Buffer): void {
    this.#spare = Buffer.from(taken.buffer);
  }

  row(): void {
    this.#reserve(SMALL_FIELD);
    this.#int16(this.#columns);
  }

  null(): void {
    this.#int32(-1);
  }

  smallint(value: number | null): void {
    if (value === null) return this.null();
    this.#int32(2);
    this.#int16(value);
  }

  integer(value: number | null): void {
    if (value === null) return this.null();
    this.#int32(4);
    this.#int32(value);
  }

  bigint(value: number | null): void {
    if (value === null) return this.null();
    this.#int32(8);
    this.#int64(value);
  }

  boolean(value: boolean): void {
    this.#int32(1);
    this.#view.setUint8(this.#position++, value ? 1 : 0);
  }

  /** timestamptz, from whole seconds since 1970. */
  instant(seconds: number | null): void {
    if (seconds === null) return this.null();
    this.#int32(8);
    this.#int64((seconds - EPOCH_SECONDS) * 1_000_000);
  }

  /** date, from days since 1970. */
  day(days: number | null): void {
    if (days === null) return this.null();
    this.#int32(4);
    this.#int32(days - EPOCH_DAYS);
  }

  /** numeric with one decimal place, from tenths, 0 to 999,999,999. */
  numeric(tenths: number): void {
    // Digits to the base 10,000: two of the whole part, one of the decimals, which stand in its first place.
    const whole = Math.floor(tenths / 10);
    const high = Math.floor(whole / 10_000);
    this.#int32(NUMERIC_BYTES);
    this.#int16(3);
    // Weight of the first digit, sign, decimal places.
    this.#int16(1);
    this.#int16(0);
    this.#int16(1);
    this.#int16(high);
    this.#int16(whole - high * 10_000);
    this.#int16((tenths - whole * 10) * 1_000);
  }

  /** text */
  text(value: string | null): void {
    if (value === null) return this.null();
    const length = value.length;
    this.#reserve(length * 3 + SMALL_FIELD);
    const start = this.#position + 4;
    const buffer = this.#buffer;
    // Codes are short and plain: a loop is faster than a call into the runtime.
    if (length <= 40) {
      let index = 0;
      for (; index < length; index++) {
        const code = value.charCodeAt(index);
        if (code > 127) break;
        buffer[start + index] = code;
      }
      if (index === length) return this.#length(length);
    }
    this.#length(buffer.write(value, start));
  }

  /** text that comes again and again, such as the name of a procedure: encoded once. */
  constant(value: string | null): void {
    if (value === null) return this.null();
    let bytes = CONSTANTS.get(value);
    if (bytes === undefined) CONSTANTS.set(value, (bytes = textField(value)));
    this.field(bytes);
  }

  /** text that stands in many rows in a row, such as the code of a dossier: encoded when it changes. */
  repeated(value: string): void {
    if (value !== lastRepeated) {
      lastRepeated = value;
      lastField = textField(value);
    }
    this.field(lastField);
  }

  /** A whole field made beforehand, by one of the functions below. */
  field(bytes: Uint8Array): void {
    this.#reserve(bytes.length + SMALL_FIELD);
    this.#buffer.set(bytes, this.#position);
    this.#position += bytes.length;
  }

  /** jsonb, from its text. */
  json(text: string): void {
    this.#reserve(text.length * 3 + SMALL_FIELD);
    const start = this.#position + 5;
    this.#buffer[start - 1] = JSONB_VERSION;
    this.#length(1 + this.#buffer.write(text, start));
  }

  /** Begins a jsonb field that is written piece by piece; `endJson` completes it. */
  beginJson(): number {
    this.#reserve(SMALL_FIELD);
    const start = this.#position;
    this.#position = start + 5;
    this.#buffer[start + 4] = JSONB_VERSION;
    return start;
  }

  endJson(start: number): void {
    this.#view.setInt32(start, this.#position - start - 4);
  }

  /** Bytes of a piece of JSON. */
  piece(bytes: Uint8Array): void {
    this.#reserve(bytes.length + SMALL_FIELD);
    this.#buffer.set(bytes, this.#position);
    this.#position += bytes.length;
  }

  /** An instant as JSON, in Vietnam time: `"2026-11-21T08:30:00+07:00"` with its quotes, or `null`. */
  instantPiece(seconds: number | null): void {
    if (seconds === null) return this.piece(NULL);
    const local = seconds + VIETNAM_OFFSET;
    const day = Math.floor(local / DAY_SECONDS);
    const second = local - day * DAY_SECONDS;
    const minute = Math.floor(second / 60);
    const hour = Math.floor(minute / 60);
    this.piece(instantOfDay(day));
    // The bytes just written are those of midnight: only the digits of the time are put in.
    const start = this.#position - INSTANT_BYTES + TIME_OFFSET;
    this.#twoDigits(start, hour);
    this.#twoDigits(start + 3, minute - hour * 60);
    this.#twoDigits(start + 6, second - minute * 60);
  }

  #use(buffer: Buffer): void {
    this.#buffer = buffer;
    this.#view = new DataView(buffer.buffer);
  }

  #begin(): void {
    HEADER.copy(this.#buffer);
    this.#position = HEADER.length;
  }

  /** Writes the length of a field whose bytes already stand behind it, and goes past them. */
  #length(bytes: number): void {
    this.#view.setInt32(this.#position, bytes);
    this.#position += 4 + bytes;
  }

  #twoDigits(at: number, value: number): void {
    const tens = Math.floor(value / 10);
    this.#view.setUint16(at, ((ZERO + tens) << 8) | (ZERO + value - tens * 10));
  }

  #int16(value: number): void {
    this.#view.setInt16(this.#position, value);
    this.#position += 2;
  }

  #int32(value: number): void {
    this.#view.setInt32(this.#position, value);
    this.#position += 4;
  }

  #int64(value: number): void {
    const high = Math.floor(value / TWO_32);
    this.#view.setInt32(this.#position, high);
    this.#view.setUint32(this.#position + 4, value - high * TWO_32);
    this.#position += 8;
  }

  #reserve(bytes: number): void {
    if (this.#position + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#position + bytes));
    this.#buffer.copy(larger, 0, 0, this.#position);
    this.#use(larger);
  }
}

const JSONB_VERSION = 1;

let lastRepeated = "";
let lastField: Buffer = Buffer.alloc(4);

const CONSTANTS = new Map<string, Buffer>();

/** Four words of header, three digits. */
const NUMERIC_BYTES = 14;

const NULL = Buffer.from("null");
const ZERO = 0x30;
const DAY_SECONDS = 86_400;
const VIETNAM_OFFSET = 7 * 3_600;
/** `"2026-11-21T00:00:00+07:00"`: how long it is, and where the time stands in it. */
const INSTANT_BYTES = 27;
const TIME_OFFSET = 12;
/** Midnights as JSON, by days since 1970. */
const MIDNIGHTS = new Map<number, Buffer>();

function instantOfDay(day: number): Buffer {
  let bytes = MIDNIGHTS.get(day);
  if (bytes === undefined) {
    const date = new Date(day * DAY_SECONDS * 1_000).toISOString().slice(0, "2026-11-21".length);
    bytes = Buffer.from(`"${date}T00:00:00+07:00"`);
    MIDNIGHTS.set(day, bytes);
  }
  return bytes;
}

/** text as a whole field. */
export function textField(value: string): Buffer {
  const text = Buffer.from(value);
  const bytes = Buffer.alloc(4 + text.length);
  bytes.writeInt32BE(text.length);
  text.copy(bytes, 4);
  return bytes;
}

/** text[] as a whole field. */
export function textArrayField(values: readonly string[]): Buffer {
  return arrayField(
    25,
    values.map((value) => Buffer.from(value)),
  );
}

/** smallint[] as a whole field. */
export function smallintArrayField(values: readonly number[]): Buffer {
  return arrayField(
    21,
    values.map((value) => {
      const bytes = Buffer.alloc(2);
      bytes.writeInt16BE(value);
      return bytes;
    }),
  );
}

function arrayField(elementType: number, elements: readonly Buffer[]): Buffer {
  const size = elements.reduce((sum, element) => sum + 4 + element.length, elements.length > 0 ? 20 : 12);
  const bytes = Buffer.alloc(4 + size);
  bytes.writeInt32BE(size, 0);
  bytes.writeInt32BE(elements.length > 0 ? 1 : 0, 4);
  // No nulls inside.
  bytes.writeInt32BE(0, 8);
  bytes.writeInt32BE(elementType, 12);
  if (elements.length === 0) return bytes;
  bytes.writeInt32BE(elements.length, 16);
  bytes.writeInt32BE(1, 20);
  let position = 24;
  for (const element of elements) {
    position = bytes.writeInt32BE(element.length, position);
    position += element.copy(bytes, position);
  }
  return bytes;
}
