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
const LONGEST_LOOP = 100;
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
    // Texts are short: a loop is faster than a call into the runtime.
    const end = length <= LONGEST_LOOP ? this.#encode(value, start) : -1;
    this.#length(end === -1 ? this.#buffer.write(value, start) : end - start);
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

  /** Begins a text[] of `length` elements, at least one; each is then written as a field is; `endArray` completes it. */
  beginTexts(length: number): number {
    return this.#beginArray(TEXT_TYPE, length);
  }

  /** Begins a timestamptz[], as `beginTexts` does. */
  beginInstants(length: number): number {
    return this.#beginArray(TIMESTAMPTZ_TYPE, length);
  }

  endArray(start: number): void {
    this.#view.setInt32(start, this.#position - start - 4);
  }

  #beginArray(elementType: number, length: number): number {
    this.#reserve(length * NUMBER_FIELD + SMALL_FIELD);
    const start = this.#position;
    this.#position += 4;
    // One dimension; nulls may be inside.
    this.#int32(1);
    this.#int32(1);
    this.#int32(elementType);
    this.#int32(length);
    // Counted from 1.
    this.#int32(1);
    return start;
  }

  /** UTF-8 from `start` on; where it ends, or -1 for characters beyond the basic plane. */
  #encode(value: string, start: number): number {
    const buffer = this.#buffer;
    let at = start;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code < 0x80) buffer[at++] = code;
      else if (code < 0x800) {
        buffer[at++] = 0xc0 | (code >> 6);
        buffer[at++] = 0x80 | (code & 0x3f);
      } else if (code < 0xd800 || code > 0xdfff) {
        buffer[at++] = 0xe0 | (code >> 12);
        buffer[at++] = 0x80 | ((code >> 6) & 0x3f);
        buffer[at++] = 0x80 | (code & 0x3f);
      } else return -1;
    }
    return at;
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

/** Of PostgreSQL's catalogue `pg_type`. */
const TEXT_TYPE = 25;
const SMALLINT_TYPE = 21;
const TIMESTAMPTZ_TYPE = 1184;
/** A number of eight bytes with its length. */
const NUMBER_FIELD = 12;

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
    TEXT_TYPE,
    values.map((value) => Buffer.from(value)),
  );
}

/** smallint[] as a whole field. */
export function smallintArrayField(values: readonly number[]): Buffer {
  return arrayField(
    SMALLINT_TYPE,
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
