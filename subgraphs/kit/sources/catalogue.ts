/**
 * A list that changes rarely and is small enough to keep: the procedures of an agency, its officers. Read as a whole,
 * found by code, searched as the contract wants it.
 */
import type { ProcedureRow, ProcedureSearch } from "../agency/rows.ts";
import type { ProcedurePage } from "../agency/source.ts";
import { type PageArguments, readPage, toConnection } from "../connection.ts";

/** Points of the search, and code. */
const PROCEDURE_KEY = [/^\d{1,6}$/, /^\d\.\d{6}$/];
const NAME_POINTS = 10;
const FIELD_POINTS = 4;

export class Catalogue<R extends { readonly code: string }> {
  readonly #load: () => Promise<readonly R[]>;
  readonly #keepMs: number;
  #rows: ReadonlyMap<string, R> | undefined;
  #until = 0;
  #loading: Promise<ReadonlyMap<string, R>> | undefined;

  constructor(load: () => Promise<readonly R[]>, keepSeconds: number) {
    this.#load = load;
    this.#keepMs = keepSeconds * 1_000;
  }

  /** When the system is away, what was read last still counts. @throws what `load` throws, the first time */
  async all(): Promise<ReadonlyMap<string, R>> {
    if (this.#rows !== undefined && this.#until > Date.now()) return this.#rows;
    const known = this.#rows;
    this.#loading ??= this.#read().finally(() => (this.#loading = undefined));
    return known === undefined ? this.#loading : this.#loading.catch(() => known);
  }

  async byCodes(codes: readonly string[]): Promise<(R | null)[]> {
    const rows = await this.all();
    return codes.map((code) => rows.get(code) ?? null);
  }

  async #read(): Promise<ReadonlyMap<string, R>> {
    const rows = new Map((await this.#load()).map((row) => [row.code, row]));
    this.#rows = rows;
    this.#until = Date.now() + this.#keepMs;
    return rows;
  }
}

/** Best match first, then by code. Every word must be found; the last one may be a beginning. */
export function searchProcedures(
  procedures: ReadonlyMap<string, ProcedureRow>,
  { text, field, onlineLevel }: ProcedureSearch,
  args: PageArguments,
): ProcedurePage {
  const page = readPage(args, PROCEDURE_KEY);
  const words = text === undefined ? [] : wordsOf(text);
  const found: { readonly row: ProcedureRow; readonly points: number }[] = [];
  for (const row of procedures.values()) {
    if (field !== undefined && row.field !== field) continue;
    if (onlineLevel !== undefined && row.onlineLevel !== onlineLevel) continue;
    const points = text === undefined ? 0 : pointsOf(row, words);
    if (points !== undefined) found.push({ row, points });
  }
  found.sort((a, b) => b.points - a.points || (a.row.code < b.row.code ? -1 : 1));
  const [points = "", code = ""] = page.after ?? [];
  const after =
    page.after === undefined
      ? found
      : found.filter(
          (each) => each.points < Number(points) || (each.points === Number(points) && each.row.code > code),
        );
  const pointsByRow = new Map(after.map((each) => [each.row, each.points]));
  return {
    ...toConnection(
      after.slice(0, page.limit + 1).map(({ row }) => row),
      page.limit,
      (row) => [String(pointsByRow.get(row) ?? 0), row.code],
    ),
    total: () => Promise.resolve(found.length),
  };
}

/** Undefined when a word is not there. */
function pointsOf(row: ProcedureRow, words: readonly string[]): number | undefined {
  const name = wordsOf(row.name);
  const field = wordsOf(row.field);
  let points = 0;
  for (const [index, word] of words.entries()) {
    const isLast = index === words.length - 1;
    const matches = (other: string): boolean => (isLast ? other.startsWith(word) : other === word);
    const here = (name.some(matches) ? NAME_POINTS : 0) + (field.some(matches) ? FIELD_POINTS : 0);
    if (here === 0) return undefined;
    points += here;
  }
  return words.length === 0 ? undefined : points;
}

/** In lower case without diacritics: `Đăng ký/cấp lại` → dang, ky, cap, lai. */
function wordsOf(text: string): readonly string[] {
  return (
    text
      .normalize("NFD")
      .replaceAll(/\p{M}/gu, "")
      .toLowerCase()
      .replaceAll("đ", "d")
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}
