import { once } from "node:events";
import fc from "fast-check";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { CopyRows, smallintArrayField, textArrayField } from "../../../subgraphs/kit/copy-rows.ts";

const COLUMNS = `small smallint, whole integer, large bigint, flag boolean, at timestamptz, on_day date, words text,
  document jsonb, amount numeric(12, 1), names text[], numbers smallint[], texts text[], instants timestamptz[]`;

interface Row {
  readonly small: number | null;
  readonly whole: number | null;
  readonly large: number | null;
  readonly flag: boolean;
  readonly at: number | null;
  readonly day: number | null;
  readonly words: string | null;
  readonly document: fc.JsonValue;
  readonly tenths: number;
  readonly names: readonly string[];
  readonly numbers: readonly number[];
  readonly texts: readonly (string | null)[];
  readonly instants: readonly (number | null)[];
}

let client: pg.Client;

beforeAll(async () => {
  client = new pg.Client({ connectionString: inject("postgresUrl") });
  await client.connect();
  await client.query(`create temp table copied (place integer generated always as identity, ${COLUMNS})`);
});

afterAll(() => client.end());

/** PostgreSQL's text holds everything but NUL; lone surrogates are no text. */
const text = fc.string({ unit: "grapheme", maxLength: 200 }).filter((value) => !value.includes("\0"));
const smallint = fc.integer({ min: -32_768, max: 32_767 });

// From the year 1900 to 2200.
const instant = fc.option(fc.integer({ min: -2_208_988_800, max: 7_258_118_400 }));

const row: fc.Arbitrary<Row> = fc.record({
  small: fc.option(smallint),
  whole: fc.option(fc.integer()),
  large: fc.option(fc.maxSafeInteger()),
  flag: fc.boolean(),
  at: instant,
  day: fc.option(fc.integer({ min: -25_567, max: 84_006 })),
  words: fc.option(text),
  document: fc.jsonValue({ maxDepth: 3, stringUnit: "grapheme-ascii" }),
  tenths: fc.integer({ min: 0, max: 99_999_999 }),
  names: fc.array(text, { maxLength: 4 }),
  numbers: fc.array(smallint, { maxLength: 4 }),
  texts: fc.array(fc.option(text), { minLength: 1, maxLength: 4 }),
  instants: fc.array(instant, { minLength: 1, maxLength: 4 }),
});

describe("CopyRows", () => {
  it("writes what PostgreSQL reads, of every type", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (rows) => {
        const copy = new CopyRows(13);
        for (const each of rows) write(copy, each);
        expect(await roundTrip(copy)).toEqual(rows.map(printed));
      }),
      { numRuns: 60 },
    );
  });

  it("begins anew after each batch, also in memory given back", async () => {
    const copy = new CopyRows(13);
    for (const words of ["một", "hai", "ba"]) {
      write(copy, { ...EMPTY, words });
      expect(copy.size).toBeGreaterThan(0);
      const taken = copy.take();
      expect(copy.size).toBe(0);
      expect((await send(taken)).map((each) => each.words)).toEqual([words]);
      copy.giveBack(taken);
    }
  });

  it("holds fields of any length", async () => {
    const copy = new CopyRows(13);
    const words = "hồ sơ ".repeat(100_000);
    write(copy, { ...EMPTY, words });
    expect((await roundTrip(copy))[0]?.words).toBe(words);
  });

  it("encodes what is repeated when it changes", async () => {
    const copy = new CopyRows(13);
    for (const words of ["H56-261121-0001", "H56-261121-0001", "H56-261121-0002"])
      write(copy, EMPTY, () => copy.repeated(words));
    expect((await roundTrip(copy)).map((each) => each.words)).toEqual([
      "H56-261121-0001",
      "H56-261121-0001",
      "H56-261121-0002",
    ]);
  });

  it("encodes constants once and for all tables", async () => {
    const copy = new CopyRows(13);
    write(copy, { ...EMPTY, words: null }, () => copy.constant("Đất đai"));
    write(copy, { ...EMPTY, words: null }, () => copy.constant("Đất đai"));
    write(copy, { ...EMPTY, words: null }, () => copy.constant(null));
    expect((await roundTrip(copy)).map((each) => each.words)).toEqual(["Đất đai", "Đất đai", null]);
  });
});

const EMPTY: Row = {
  small: null,
  whole: null,
  large: null,
  flag: false,
  at: null,
  day: null,
  words: null,
  document: [],
  tenths: 0,
  names: [],
  numbers: [],
  texts: [null],
  instants: [null],
};

function write(copy: CopyRows, value: Row, writeWords = () => copy.text(value.words)): void {
  copy.row();
  copy.smallint(value.small);
  copy.integer(value.whole);
  copy.bigint(value.large);
  copy.boolean(value.flag);
  copy.instant(value.at);
  copy.day(value.day);
  writeWords();
  copy.json(JSON.stringify(value.document));
  copy.numeric(value.tenths);
  copy.field(textArrayField(value.names));
  copy.field(smallintArrayField(value.numbers));
  const texts = copy.beginTexts(value.texts.length);
  for (const each of value.texts) copy.text(each);
  copy.endArray(texts);
  const instants = copy.beginInstants(value.instants.length);
  for (const each of value.instants) copy.instant(each);
  copy.endArray(instants);
}

/** A row as the query of `send` answers it. */
function printed(value: Row) {
  return {
    small: value.small,
    whole: value.whole,
    large: value.large === null ? null : String(value.large),
    flag: value.flag,
    at: value.at,
    day: value.day,
    words: value.words,
    // JSON knows no negative zero.
    document: JSON.parse(JSON.stringify(value.document)) as fc.JsonValue,
    amount: (value.tenths / 10).toFixed(1),
    names: value.names,
    numbers: value.numbers,
    texts: value.texts,
    instants: value.instants,
  };
}

function roundTrip(copy: CopyRows) {
  return send(copy.take());
}

async function send(batch: Buffer): Promise<ReturnType<typeof printed>[]> {
  await client.query("truncate copied restart identity");
  const stream = client.query(
    copyFrom(
      `copy copied (small, whole, large, flag, at, on_day, words, document, amount, names, numbers, texts,
         instants)
       from stdin (format binary)`,
    ),
  );
  stream.end(batch);
  await once(stream, "finish");
  const result = await client.query(
    `select small, whole, large::text, flag, extract(epoch from at)::float8 as at, on_day - '1970-01-01'::date as day,
       words, document, amount::text, names, numbers, texts,
       array(select extract(epoch from each)::float8 from unnest(instants) with ordinality as i (each, nth)
         order by nth) as instants
     from copied order by place`,
  );
  return result.rows;
}
