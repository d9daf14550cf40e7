import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { StartError } from "../../process/lifecycle.ts";
import { wholeNumber } from "../../process/options.ts";
import { legacyCodeOf } from "../../province/catalogue/agencies.ts";
import { AgencyError } from "../../subgraphs/kit/errors.ts";
import { parseAgencyCode } from "../../subgraphs/kit/identifiers.ts";
import { defineCommand } from "../command.ts";
import { PROJECT_FILE, type Project } from "../project.ts";
import { writeTemplate } from "../template.ts";

const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));

export const init = defineCommand({
  options: {
    folder: {
      schema: z.string({ error: "is required: a folder that does not exist yet, or is empty" }),
      positional: true,
      help: "Where the project goes.",
    },
    agency: {
      schema: z.string({ error: "is required: an agency code such as H56.30" }).transform(readAgency),
      placeholder: "CODE",
      help: "The agency's code, either spelling: H56.30 or 000.00.30.H56.",
    },
    name: {
      schema: z.string({ error: "is required: what people call the agency" }).min(1),
      placeholder: "NAME",
      help: "What people call the agency.",
    },
    from: {
      schema: z.enum(["postgres", "rest"], { error: "must be postgres or rest" }).default("postgres"),
      placeholder: "KIND",
      help: "Where its procedures and cases are: postgres, the kit's own tables, or rest, services of its one-stop software. Default postgres.",
    },
    subgraph: {
      schema: z
        .string()
        .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "must be lower-case letters, digits and -, such as tourism")
        .max(40)
        .optional(),
      placeholder: "NAME",
      help: "Name of what the agency adds to the graph. Default the code: h56-30.",
    },
    port: {
      schema: wholeNumber(1, 65_535).default(4100),
      placeholder: "N",
      help: "Port of the agency's program. Default 4100.",
    },
    package: {
      schema: z.string().optional(),
      placeholder: "SPEC",
      help: "What package.json depends on, for npm install; by default a link to this package, which needs none.",
    },
  },
  examples: [
    'lienthong init tourism --agency H56.30 --name "Sở Du lịch"',
    'lienthong init tourism --agency H56.30 --name "Sở Du lịch" --from rest',
    'lienthong init tourism --agency H56.30 --name "Sở Du lịch" --package file:vendor/lienthong-0.1.0.tgz',
  ],
  async run({ folder, agency, name, from, subgraph = subgraphOf(agency), port, package: spec }) {
    await requireEmpty(folder);
    const names = { agency, name, subgraph, port };
    const files = await writeTemplate(["common", from], folder, names);
    const dependency = spec ?? `file:${relative(resolve(folder), PACKAGE)}`;
    await writeFile(join(folder, "package.json"), await packageJson(subgraph, dependency));
    await writeFile(join(folder, PROJECT_FILE), json(projectOf(names)));
    if (spec === undefined) await link(folder);
    const next = [`cd ${folder}`, ...(spec === undefined ? [] : ["npm install"]), "npm start"];
    return {
      ok: true,
      data: { folder, agency, subgraph, files: [...files, PROJECT_FILE, "package.json"].toSorted(), next },
      lines: [
        `made ${folder}: agency ${agency}, subgraph ${subgraph}`,
        "",
        ...next.map((line) => `  ${line}`),
      ],
    };
  },
});

function readAgency(code: string, check: z.RefinementCtx): string {
  try {
    return parseAgencyCode(code);
  } catch (error) {
    if (!(error instanceof AgencyError)) throw error;
    check.addIssue({ code: "custom", message: error.message });
    return z.NEVER;
  }
}

function subgraphOf(agency: string): string {
  const name = agency.toLowerCase().replaceAll(".", "-");
  return /^[a-z]/.test(name) ? name : `agency-${name}`;
}

async function requireEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new StartError(`${folder} cannot be used: ${error.message}`, "Name another folder.", {
      cause: error,
    });
  });
  if (entries.length > 0)
    throw new StartError(`${folder} is not empty`, "Name a folder that does not exist yet, or is empty.");
}

function projectOf({
  agency,
  name,
  subgraph,
  port,
}: {
  readonly agency: string;
  readonly name: string;
  readonly subgraph: string;
  readonly port: number;
}): Omit<Project, "contract"> {
  // A state enterprise is called by its business code, which has one spelling.
  const aliases = /^\d/.test(agency) ? [] : [legacyCodeOf(agency)];
  return {
    agency,
    aliases,
    name,
    url: `http://127.0.0.1:${port}/graphql`,
    subgraph: { name: subgraph, sdl: "schema.graphql" },
  };
}

async function packageJson(name: string, dependency: string): Promise<string> {
  const { allowScripts } = JSON.parse(await readFile(join(PACKAGE, "package.json"), "utf8")) as {
    allowScripts: object;
  };
  return json({
    name,
    version: "0.1.0",
    private: true,
    type: "module",
    scripts: {
      // On this machine, for its developer: whoever reaches it is answered.
      start: "lienthong node main.ts --no-authorization",
      test: 'lienthong node --test "test/**/*.test.ts"',
      dev: "lienthong dev",
    },
    dependencies: { lienthong: dependency },
    // npm asks the project, not the package, whose install scripts may run.
    allowScripts,
  });
}

/** What `npm install` would make of a `file:` dependency, without asking it: no network, and no time. */
async function link(folder: string): Promise<void> {
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, ".bin"), { recursive: true });
  await symlink(relative(resolve(modules), PACKAGE), join(modules, "lienthong"), "junction");
  await symlink("../lienthong/cli/lienthong.js", join(modules, ".bin", "lienthong"));
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
