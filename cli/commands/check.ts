import type { CheckResult, RegistryClient } from "../../gateway/registry/client.ts";
import { missingFrom } from "../../gateway/registry/member-contract.ts";
import { fetchSdl } from "../../gateway/registry/member-sdl.ts";
import { defineCommand } from "../command.ts";
import type { Project } from "../project.ts";
import { publicationOptions, readPublication } from "../publication.ts";
import { brokenLines, faultLines } from "../refusal.ts";
import { hintLines, openRegistry, registryOptions } from "../registry.ts";

/** Whether a member has the whole contract, or why that cannot be told. */
interface ContractCheck {
  readonly subgraph: string;
  readonly missing: readonly string[];
  readonly unreachable?: string;
}

const NOTHING: CheckResult = { ok: true, faults: [], hints: [], changes: [], broken: [] };

export const check = defineCommand({
  options: { ...publicationOptions, ...registryOptions },
  examples: [
    "lienthong check",
    "lienthong check tax=schema/tax.graphql --url tax=http://tax.example/graphql --json",
  ],
  async run({ owner, ...options }) {
    const registry = openRegistry(options);
    const { subgraphs, project } = await readPublication(options);
    const whose = owner === undefined ? {} : { owner };
    const graph =
      subgraphs.length === 0 ? NOTHING : await registry.check({ subgraphs: [...subgraphs], ...whose });
    const contract = project && (await checkContract(registry, project));
    const isWhole =
      contract === undefined || (contract.missing.length === 0 && contract.unreachable === undefined);
    return {
      ok: graph.ok && isWhole,
      data: { ...graph, ok: graph.ok && isWhole, contract },
      lines: [...graphLines(graph), ...(contract === undefined ? [] : contractLines(contract))],
    };
  },
});

async function checkContract(registry: RegistryClient, { contract, url }: Project): Promise<ContractCheck> {
  const [wanted, answer] = await Promise.all([registry.subgraph(contract), fetchSdl(url)]);
  if ("reason" in answer) return { subgraph: contract, missing: [], unreachable: `${url}: ${answer.reason}` };
  return { subgraph: contract, missing: missingFrom(wanted.sdl, answer.sdl) };
}

function graphLines({ faults, hints, changes, broken }: CheckResult): string[] {
  if (faults.length > 0) return ["the graph does not compose:", ...indented(faultLines(faults))];
  // Whoever reads the changes knows the descriptions; machines are told them all.
  const told = changes.filter(({ type }) => !type.includes("_DESCRIPTION_"));
  return [
    "the graph composes",
    ...(told.length === 0 ? ["nothing changes for clients"] : ["what changes for clients:"]),
    ...indented(told.map(changeLine)),
    broken.length === 0 ? "no operation of a client breaks" : "operations of clients that would break:",
    ...indented(brokenLines({ broken })),
    ...hintLines(hints),
  ];
}

function changeLine({ level, message, usedBy }: CheckResult["changes"][number]): string {
  return `${level === "BREAKING" && usedBy.length === 0 ? "unused   " : LEVELS[level]} ${message}`;
}

const LEVELS = { BREAKING: "breaking ", DANGEROUS: "dangerous", NON_BREAKING: "safe     " } as const;

function contractLines({ subgraph, missing, unreachable }: ContractCheck): string[] {
  if (unreachable !== undefined)
    return [`the contract "${subgraph}" could not be checked: start the agency; ${unreachable}`];
  if (missing.length === 0) return [`the contract "${subgraph}" is whole`];
  return [`the contract "${subgraph}" is not whole:`, ...indented(missing)];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
