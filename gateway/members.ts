/**
 * The members file: who serves the partitioned subgraphs, under which keys, and where.
 *
 *     { "members": [
 *       { "key": "N1", "aliases": ["north"], "name": "North", "url": "http://north:4000/graphql", "subgraphs": ["stock"] },
 *       { "key": "S1", "base": "stock", "path": "/south/graphql", "subgraphs": ["stock"] } ] }
 *
 * A member gives its own `url`, or `base` (the name of a subgraph whose URL supplies scheme, host and port) and `path`.
 */
import { z } from "zod";
import { StartError } from "../process/lifecycle.ts";

const key = z.string().min(1, "must not be empty").max(64, "must have at most 64 characters");

/** One member, as it stands in the file. */
export const memberSchema = z
  .strictObject({
    key,
    aliases: z.array(key).default([]),
    name: z.string().min(1, "must not be empty").optional(),
    url: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).optional(),
    base: z.string().optional(),
    path: z.string().startsWith("/", "must begin with /").optional(),
    /** None: a key that is known, and has nothing to add anywhere. */
    subgraphs: z.array(z.string()),
  })
  .refine((member) => (member.url === undefined) !== (member.base === undefined), {
    message: "needs either url, or base with path",
  })
  .refine((member) => (member.base === undefined) === (member.path === undefined), {
    message: "base and path belong together",
  });

const fileSchema = z.strictObject({ members: z.array(memberSchema) }).superRefine(({ members }, faults) => {
  const owners = new Map<string, number>();
  for (const [index, member] of members.entries()) {
    for (const name of [member.key, ...member.aliases]) {
      const owner = owners.get(name);
      if (owner === undefined) owners.set(name, index);
      else
        faults.addIssue({
          code: "custom",
          path: ["members", index],
          message: `"${name}" already names members[${owner}]`,
        });
    }
  }
});

export type Member = Readonly<z.infer<typeof memberSchema>>;

export interface MemberDirectory {
  /** The file's text, to tell whether it changed. */
  readonly text: string;
  readonly members: readonly Member[];
  /** By key or alias. */
  find(key: string): Member | undefined;
}

/** What stands for the file when there is none: nothing is partitioned. */
export const NO_MEMBERS: MemberDirectory = { text: "", members: [], find: () => undefined };

/**
 * Reads a members file.
 * @throws StartError naming every fault of its form at once, each with its place.
 */
export function readMembers(text: string, file: string): MemberDirectory {
  const parsed = fileSchema.safeParse(parseJson(text, file));
  if (!parsed.success)
    throw faulty(
      file,
      parsed.error.issues.map((issue) => `${place(issue.path)}${issue.message}`),
    );
  const { members } = parsed.data;
  const byKey = new Map(
    members.flatMap((member) => [member.key, ...member.aliases].map((name) => [name, member])),
  );
  return { text, members, find: (name) => byKey.get(name) };
}

/**
 * Where each member is, by its key.
 * @param urls of the subgraphs, by name
 * @throws StartError naming every member that refers to a subgraph which does not exist or has no URL.
 */
export function locateMembers(
  { members }: MemberDirectory,
  urls: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const faults: string[] = [];
  const located = new Map<string, string>();
  for (const [index, member] of members.entries()) {
    for (const name of member.subgraphs)
      if (!urls.has(name))
        faults.push(
          `members[${index}].subgraphs: there is no subgraph "${name}" (${[...urls.keys()].join(", ")})`,
        );
    if (member.url !== undefined) located.set(member.key, member.url);
    else {
      const base = urls.get(member.base ?? "");
      if (base) located.set(member.key, new URL(member.path ?? "/", base).href);
      else faults.push(`members[${index}].base: there is no subgraph "${member.base}" with a URL`);
    }
  }
  if (faults.length > 0) throw faulty("members file", faults);
  return located;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw faulty(file, [`not JSON: ${(error as Error).message}`]);
  }
}

function faulty(file: string, faults: readonly string[]): StartError {
  return new StartError(
    `${file}: ${faults.join("\n  ")}`,
    "Mend the file; its form is described in gateway/members.ts.",
  );
}

function place(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return text === "" ? "" : `${text.replace(/^\./, "")}: `;
}
