/**
 * Tokens as `lienthong token` makes them.
 */
import { lienthong } from "../cli/running.ts";

const made = new Map<string, Promise<string>>();

/**
 * The header `authorization` of whoever the flags name; the same whenever they are named again.
 * @param data the province's data directory
 */
export function bearer(data: string, flags: readonly string[]): Promise<string> {
  const key = JSON.stringify([data, ...flags]);
  const known = made.get(key) ?? make(data, flags);
  made.set(key, known);
  return known;
}

async function make(data: string, flags: readonly string[]): Promise<string> {
  const { code, out, err } = await lienthong(["token", ...flags, "--data", data]);
  if (code !== 0 || err !== "") throw new Error(`lienthong token ended with ${code}: ${err}`);
  return `Bearer ${out.trim()}`;
}
