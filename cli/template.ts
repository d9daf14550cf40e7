/**
 * A project from its template: the files of `templates/`, which are a working project themselves, with the agency's own
 * names in place of the specimen's.
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export interface ProjectNames {
  readonly agency: string;
  /** What people call the agency. */
  readonly name: string;
  /** Of the subgraph: `tourism`, `h56-30`. */
  readonly subgraph: string;
  readonly port: number;
}

const TEMPLATES = fileURLToPath(new URL("./templates", import.meta.url));

/** npm leaves files of these names out of a package, or takes them for its own. */
const DOTTED: Readonly<Record<string, string>> = { gitignore: ".gitignore", dockerignore: ".dockerignore" };

/** Writes the files; answers with their paths in the folder. */
export async function writeTemplate(
  parts: readonly string[],
  folder: string,
  names: ProjectNames,
): Promise<string[]> {
  const written: string[] = [];
  for (const part of parts) {
    const root = join(TEMPLATES, part);
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((each) => each.isFile())) {
      const path = join(relative(root, entry.parentPath), DOTTED[entry.name] ?? entry.name);
      const text = await readFile(join(entry.parentPath, entry.name), "utf8");
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), renamed(text, names));
      written.push(path);
    }
  }
  return written.toSorted();
}

function renamed(text: string, { agency, name, subgraph, port }: ProjectNames): string {
  const [first = "", ...rest] = subgraph.split(/[-_]/).filter((word) => word !== "");
  const camel = [first, ...rest.map(capital)].join("");
  return text
    .replaceAll('"Specimen agency"', JSON.stringify(name))
    .replaceAll("Specimen agency", name)
    .replaceAll('"specimen"', JSON.stringify(subgraph))
    .replaceAll("Specimen", capital(camel))
    .replaceAll("specimen", camel)
    .replaceAll("X99.99", agency)
    .replaceAll("4100", String(port));
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
