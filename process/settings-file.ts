/**
 * Settings in a JSON file of their own: read as a whole, every fault told at once with its place.
 */
import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { StartError } from "./lifecycle.ts";

/** @throws StartError when the file cannot be read. @param remedy what to do about that */
export async function readSettingsText(file: string, remedy: string): Promise<string> {
  return readFile(file, "utf8").catch((error: Error) => {
    throw new StartError(`cannot read ${file}: ${error.message}.`, remedy);
  });
}

/**
 * @param file names the text's origin
 * @param remedy where the form is described
 * @throws StartError naming every fault at once, each with its place.
 */
export function parseSettings<S extends z.ZodType>(
  schema: S,
  text: string,
  file: string,
  remedy: string,
): z.output<S> {
  const faulty = (faults: readonly string[]) => new StartError(`${file}: ${faults.join("\n  ")}`, remedy);
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw faulty([(error as Error).message]);
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw faulty(
    parsed.error.issues.map(({ path, message }) =>
      path.length > 0 ? `${path.join(".")}: ${message}` : message,
    ),
  );
}
