import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { composeServices } from "@apollo/composition";
import { printSchema, Supergraph } from "@apollo/federation-internals";
import {
  buildSchema,
  getOperationAST,
  getVariableValues,
  parse,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import { describe, expect, test } from "vitest";
import { readExamples } from "../../gateway/server/sandbox.ts";

const SCHEMA = join(import.meta.dirname, "..", "..", "schema");
const EXAMPLES = join(SCHEMA, "examples");
const SUBGRAPHS = {
  center: "center",
  agencies: "agency",
  tax: "tax",
  "social-insurance": "social-insurance",
  police: "police",
  departments: "departments",
  power: "power",
  tracker: "tracker",
};

const schema = await composeGraph();
const examples = await readExamples(EXAMPLES);

describe("example operations", () => {
  test("come in the order in which the sandbox shows them", () => {
    expect(examples.map((example) => example.title)).toEqual([
      "Combined status",
      "One dossier",
      "Overdue list",
      "Citizen across agencies",
      "Procedures search",
      "Receive a dossier",
      "Watch a dossier",
      "Who read my data",
    ]);
  });

  test.for(examples.map((example) => [example.title, example] as const))(
    "%s fits the graph",
    ([, example]) => {
      const document = parse(example.query);
      expect(validate(schema, document).map((error) => error.message)).toEqual([]);
      expect(variableFaults(document, example.variables)).toEqual([]);
    },
  );

  test("no variables lie about without their operation", async () => {
    const names = await readdir(EXAMPLES);
    const expected = names
      .filter((name) => name.endsWith(".variables.json"))
      .map((name) => name.replace(".variables.json", ".graphql"));
    expect(names).toEqual(expect.arrayContaining(expected));
  });
});

function variableFaults(document: DocumentNode, variables: string | undefined): string[] {
  const operation = getOperationAST(document) as OperationDefinitionNode;
  const values = JSON.parse(variables ?? "{}") as Record<string, unknown>;
  const declared = operation.variableDefinitions?.map((definition) => definition.variable.name.value) ?? [];
  const undeclared = Object.keys(values).filter((name) => !declared.includes(name));
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], values);
  return [...undeclared, ...(errors ?? []).map((error) => error.message)];
}

async function composeGraph(): Promise<GraphQLSchema> {
  const services = await Promise.all(
    Object.entries(SUBGRAPHS).map(async ([name, file]) => ({
      name,
      url: `http://${name}.invalid/graphql`,
      typeDefs: parse(await readFile(join(SCHEMA, `${file}.graphql`), "utf8")),
    })),
  );
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(errors?.map((error) => error.message).join("\n"));
  return buildSchema(printSchema(Supergraph.build(supergraphSdl, { supportedFeatures: null }).apiSchema()));
}
