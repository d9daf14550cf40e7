/**
 * A list that changes rarely and is small enough to keep: the procedures of an agency, its officers. Read as a whole,
 * found by code, searched as the contract wants it.
 */
import type { ProcedureRow, ProcedureSearch } from "../agency/rows.ts";
import type { ProcedurePage } from "../agency/source.ts";
import { type PageArguments, readPage } from "../connection.ts";
import {
  FIELD_POINTS,
  type FoundProcedure,
  NAME_POINTS,
  PROCEDURE_KEY,
  toProcedurePage,
} from "./procedure-page.ts";

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
  const found: FoundProcedure[] = [];
  for (const row of procedures.values()) {
    if (field !== undefined && row.field !== field) continue;
    if (onlineLevel !== undefined && row.onlineLevel !== onlineLevel) continue;
    const score = text === undefined ? 0 : pointsOf(row, words);
    if (score !== undefined) found.push({ row, score });
  }
  found.sort((a, b) => b.score - a.score || (a.row.code < b.row.code ? -1 : 1));
  const [points = "", code = ""] = page.after ?? [];
  const after =
    page.after === undefined
      ? found
      : found.filter(
          (each) => each.score < Number(points) || (each.score === Number(points) && each.row.code > code),
        );
  return toProcedurePage(after.slice(0, page.limit + 1), page.limit, () => Promise.resolve(found.length));
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
