/**
 * Grants beside the SDL, where no registry keeps them: the file that the trust file names.
 *
 *     { "grants": [{ "service": "stock", "at": "Item.price", "to": ["client:portal"], "for": ["audit"] }] }
 */
import { z } from "zod";
import { parseSettings } from "../../process/settings-file.ts";
import { type StatedGrant, statedGrantSchema } from "./grant.ts";

export interface GrantDirectory {
  /** What tells whether it changed. */
  readonly text: string;
  readonly grants: readonly StatedGrant[];
}

/** What stands for the file when there is none. */
export const NO_GRANTS: GrantDirectory = { text: "", grants: [] };

const fileSchema = z.strictObject({ grants: z.array(statedGrantSchema) });

/** @throws StartError naming every fault at once, each with its place. */
export function readGrantsFile(text: string, file: string): GrantDirectory {
  return { text, grants: parseSettings(fileSchema, text, file, "See docs/trust.md for its form.").grants };
}
