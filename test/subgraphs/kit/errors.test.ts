import fc from "fast-check";
import { GraphQLError } from "graphql";
import { describe, expect, test } from "vitest";
import {
  AgencyError,
  ERRORS,
  type ErrorCode,
  isUnexpected,
  languageOf,
  messageOf,
  toClientErrors,
} from "../../../subgraphs/kit/errors.ts";

describe("the reader's language", () => {
  test.each([
    [undefined, "en"],
    ["", "en"],
    ["vi", "vi"],
    ["vi-VN", "vi"],
    ["VI", "vi"],
    ["en", "en"],
    ["en-US,en;q=0.9,vi;q=0.8", "en"],
    ["vi-VN,vi;q=0.9,en;q=0.8", "vi"],
    ["en;q=0.3, vi;q=0.7", "vi"],
    ["en;q=0.7, vi;q=0.3", "en"],
    ["fr-FR, fr;q=0.9, vi;q=0.1", "vi"],
    ["vi;q=0", "en"],
    ["vi;q=0, en;q=0.1", "en"],
    ["vi ; q=0.9 , en ; q=0.1", "vi"],
    ["vi;q=0.001", "vi"],
    ["*", "en"],
    ["fr, *;q=0.5", "en"],
    ["vi;q=abc, en;q=0.1", "en"],
    ["vie", "en"],
    [";;;,,,", "en"],
  ])("%j asks for %s", (header, language) => {
    expect(languageOf(header)).toBe(language);
  });

  test("the heavier of two weights wins, in either order", () => {
    const weights = fc.integer({ min: 1, max: 1000 }).map((thousandths) => (thousandths / 1000).toFixed(3));
    fc.assert(
      fc.property(weights, weights, (english, vietnamese) => {
        fc.pre(english !== vietnamese);
        const expected = Number(vietnamese) > Number(english) ? "vi" : "en";
        expect(languageOf(`en;q=${english}, vi;q=${vietnamese}`)).toBe(expected);
        expect(languageOf(`vi;q=${vietnamese},en;q=${english}`)).toBe(expected);
      }),
    );
  });

  test("nothing in the header crashes it", () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(["en", "vi"]).toContain(languageOf(header));
      }),
    );
  });
});

describe("the error table", () => {
  /** Every parameter that any message names. */
  const PARAMETERS = {
    field: "taxCode",
    value: "12",
    allowed: ["10 digits"],
    dossier: "H56.14-240823-0001",
    agency: "H56.14",
    agencies: ["H56.14", "G12.56"],
    procedure: "1.004222",
    officer: "CB01",
    number: "TB-1",
    from: "COMPLETED",
    to: "RETURNED",
    state: "ACCEPTED",
    until: "2026-03-02T17:00:00+07:00",
    remaining: 5,
    key: "key-0001",
    service: "cases",
    reason: "time-out",
    faults: [{ code: "UNKNOWN_OFFICER", officer: "CB01" }],
  };

  test.each(Object.keys(ERRORS) as ErrorCode[])("%s speaks both languages", (code) => {
    const english = messageOf(code, PARAMETERS as never, "en");
    const vietnamese = messageOf(code, PARAMETERS as never, "vi");
    for (const message of [english, vietnamese]) {
      expect(message).not.toMatch(/undefined|\[object/);
      expect(message.length).toBeGreaterThan(10);
    }
    expect(vietnamese).not.toBe(english);
    expect(vietnamese).toMatch(/[\u00C0-\u1EF9]/);
    expect(english.replaceAll(/[“”"]/g, "")).toMatch(/^[\u0020-\u007E–]+$/);
  });
});

function wrap(cause: unknown, path?: (string | number)[]): GraphQLError {
  return new GraphQLError("wrapped", { originalError: cause as Error, ...(path && { path }) });
}

function tell(cause: unknown, language: "en" | "vi" = "en") {
  return toClientErrors(wrap(cause, ["case"]), language).map((error) => error.toJSON());
}

describe("what the client is told", () => {
  test("of an expected failure: code, parameters, place, the reader's language", () => {
    const failure = new AgencyError("PAYMENT_TOO_HIGH", { remaining: 5 });
    expect(tell(failure)).toEqual([
      {
        message: "more than what remains; allowed: 1 to 5 VND",
        path: ["case"],
        extensions: { code: "PAYMENT_TOO_HIGH", remaining: 5 },
      },
    ]);
    expect(tell(failure, "vi")[0]?.message).toBe("vượt quá số còn phải nộp; cho phép: 1 đến 5 đồng");
  });

  test("of a fault of the agency's own system: nothing but that", () => {
    const told = tell(new Error("relation agency_case does not exist at 10.0.0.7"));
    expect(told).toEqual([
      {
        message: messageOf("INTERNAL_ERROR", {}, "en"),
        path: ["case"],
        extensions: { code: "INTERNAL_ERROR" },
      },
    ]);
    expect(tell("thrown text")[0]?.extensions?.["code"]).toBe("INTERNAL_ERROR");
  });

  test("of a value that a scalar refused: the scalar's own words", () => {
    const refused = new GraphQLError("not a Money", {
      extensions: { code: "INVALID_INPUT", allowed: "đồng" },
    });
    expect(tell(refused)[0]).toMatchObject({
      message: "not a Money",
      extensions: { code: "INVALID_INPUT", allowed: "đồng" },
    });
  });

  test("of a request that does not fit the schema: each fault", () => {
    const fault = Object.assign(new Error("validation"), {
      statusCode: 400,
      errors: [new Error("no field a"), new Error("no field b")],
    });
    expect(
      toClientErrors(wrap(fault), "en").map((error) => [error.message, error.extensions["code"]]),
    ).toEqual([
      ["no field a", "GRAPHQL_VALIDATION_FAILED"],
      ["no field b", "GRAPHQL_VALIDATION_FAILED"],
    ]);
  });

  test("only what nobody foresaw goes to the log", () => {
    expect(isUnexpected(wrap(new Error("bug")))).toBe(true);
    expect(isUnexpected(wrap(Object.assign(new Error("down"), { statusCode: 500 })))).toBe(true);
    expect(isUnexpected(wrap(new AgencyError("UNKNOWN_OFFICER", { officer: "CB01" })))).toBe(false);
    expect(isUnexpected(wrap(new GraphQLError("syntax")))).toBe(false);
    expect(isUnexpected(wrap(Object.assign(new Error("bad"), { statusCode: 413 })))).toBe(false);
    expect(isUnexpected(new GraphQLError("syntax"))).toBe(false);
  });
});
