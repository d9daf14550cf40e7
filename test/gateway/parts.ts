/**
 * What a client makes of an answer in parts: checks that every part is of its form, and puts them together.
 */
import { expect } from "vitest";
import type { IncrementalFormat } from "../../gateway/incremental.ts";

type Path = readonly (string | number)[];
type Json = Record<string, unknown>;

export interface Together {
  readonly data: unknown;
  readonly errors: readonly { readonly message: string; readonly path?: Path }[];
  /** Where fragments stand that failed. */
  readonly failed: readonly Path[];
}

interface Part {
  readonly data?: unknown;
  readonly errors?: Together["errors"];
  readonly hasNext?: boolean;
  readonly pending?: readonly { readonly id: string; readonly path: Path; readonly label?: string }[];
  readonly incremental?: readonly (Json & {
    readonly id?: string;
    readonly subPath?: Path;
    readonly path?: Path;
    readonly data: unknown;
    readonly errors?: Together["errors"];
  })[];
  readonly completed?: readonly { readonly id: string; readonly errors?: Together["errors"] }[];
}

export function putTogether(format: IncrementalFormat, texts: readonly unknown[]): Together {
  const [first, ...later] = texts as readonly Part[];
  if (first === undefined) throw new Error("an answer has no part");
  // One answer, not in parts.
  if (first.hasNext === undefined) {
    expect(later).toEqual([]);
    return { data: first.data, errors: first.errors ?? [], failed: [] };
  }
  expect([first, ...later].map(({ hasNext }) => hasNext)).toEqual([...later.map(() => true), false]);
  const data = structuredClone(first.data);
  const errors = [...(first.errors ?? [])];
  const failed =
    format === "v0.2" ? applyCurrent(first, later, data, errors) : applyOlder(later, data, errors);
  return { data, errors, failed };
}

function applyCurrent(
  first: Part,
  later: readonly Part[],
  data: unknown,
  errors: Together["errors"][number][],
): readonly Path[] {
  const open = new Map<string, Path>();
  const known = new Set<string>();
  const failed: Path[] = [];
  const announce = ({ pending = [] }: Part) => {
    for (const { id, path } of pending) {
      expect(known).not.toContain(id);
      known.add(id);
      open.set(id, path);
    }
  };
  announce(first);
  expect(open.size).toBeGreaterThan(0);
  for (const part of later) {
    expect(part).not.toHaveProperty("data");
    expect(part).not.toHaveProperty("errors");
    announce(part);
    for (const { id = "", subPath = [], data: given, errors: own = [] } of part.incremental ?? []) {
      const path = open.get(id);
      if (path === undefined) throw new Error(`${id} is not pending`);
      addTo(at(data, [...path, ...subPath]), given as Json, true);
      errors.push(...own);
    }
    for (const { id, errors: own } of part.completed ?? []) {
      const path = open.get(id);
      if (path === undefined) throw new Error(`${id} is not pending`);
      open.delete(id);
      if (own === undefined) continue;
      expect(own).not.toEqual([]);
      failed.push(path);
      errors.push(...own);
    }
  }
  expect([...open]).toEqual([]);
  return failed;
}

function applyOlder(
  later: readonly Part[],
  data: unknown,
  errors: Together["errors"][number][],
): readonly Path[] {
  const failed: Path[] = [];
  for (const { incremental = [] } of later)
    for (const { path = [], data: given, errors: own = [] } of incremental) {
      errors.push(...own);
      if (given === null) {
        expect(own).not.toEqual([]);
        failed.push(path);
      } else addTo(at(data, path), given as Json, false);
    }
  return failed;
}

function at(data: unknown, path: Path): Json {
  let found = data;
  for (const part of path) found = (found as Record<string | number, unknown>)[part];
  if (typeof found !== "object" || found === null) throw new Error(`nothing stands at ${path.join(".")}`);
  return found as Json;
}

/** @param once whether every field is given once */
function addTo(target: Json, given: Json, once: boolean): void {
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(target, key)) {
      Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
      continue;
    }
    if (once) throw new Error(`${key} is given twice`);
    merge(target, key, value);
  }
}

function merge(target: Json | unknown[], key: string | number, value: unknown): void {
  const before = (target as Record<string | number, unknown>)[key];
  if (typeof before !== "object" || before === null || typeof value !== "object" || value === null)
    // What is given again is the same.
    expect(value).toEqual(before);
  else if (Array.isArray(value)) {
    expect(before).toHaveLength(value.length);
    for (const [index, item] of value.entries()) merge(before as unknown[], index, item);
  } else addTo(before as Json, value as Json, false);
}
