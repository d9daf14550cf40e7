/**
 * What the portal may see of the sample's graph: everything tagged "public", and nothing of a person.
 */
import { Supergraph } from "@apollo/federation-internals";
import { type GraphQLSchema, isObjectType } from "graphql";
import { beforeAll, expect, test } from "vitest";
import { composeSubgraphs } from "../../gateway/registry/compose.ts";
import { applyFilter } from "../../gateway/registry/contracts.ts";
import { readSources, SCHEMA_DIRECTORY } from "../../schema/build/sources.ts";

let whole: GraphQLSchema;
let shown: GraphQLSchema;

beforeAll(async () => {
  const { supergraph = "" } = composeSubgraphs(await readSources(SCHEMA_DIRECTORY));
  const filter = { name: "public", include: ["public"], exclude: [], hideUnreachable: true };
  const { supergraph: variant = "", faults = [] } = applyFilter(supergraph, filter);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  whole = schemaOf(supergraph);
  shown = schemaOf(variant);
});

function schemaOf(supergraph: string): GraphQLSchema {
  return Supergraph.build(supergraph, { supportedFeatures: null }).apiSchema().toGraphQLJSSchema();
}

const fieldsOf = (schema: GraphQLSchema, name: string): string[] => {
  const type = schema.getType(name);
  return isObjectType(type) ? Object.keys(type.getFields()).toSorted() : [];
};

test("a dossier shows its state and dates, and never whose it is", () => {
  expect(fieldsOf(whole, "DossierTracking")).toContain("maskedApplicantName");
  expect(fieldsOf(shown, "DossierTracking")).toEqual([
    "code",
    "dueAt",
    "finishedAt",
    "isOverdue",
    "procedureName",
    "receivedAt",
    "state",
  ]);
});

test("there are agencies and procedures, and no cases, people, businesses or changes", () => {
  expect(fieldsOf(shown, "Query")).toEqual(
    expect.arrayContaining(["agencies", "agency", "procedure", "trackDossier"]),
  );
  expect(
    fieldsOf(shown, "Query").filter((name) => /dossier|case|citizen|taxpayer|insured/i.test(name)),
  ).toEqual(["trackDossier"]);
  expect(fieldsOf(shown, "Agency")).toEqual(["code", "kind", "legacyCode", "level", "name", "procedures"]);
  expect(fieldsOf(whole, "Procedure")).toEqual(expect.arrayContaining(["steps", "route"]));
  expect(fieldsOf(shown, "Procedure")).not.toContain("steps");
  const hidden = [
    "Dossier",
    "AgencyCase",
    "Applicant",
    "Citizen",
    "Business",
    "Officer",
    "Taxpayer",
    "Mutation",
  ];
  expect(hidden.filter((name) => whole.getType(name) === undefined)).toEqual([]);
  expect(hidden.filter((name) => shown.getType(name) !== undefined)).toEqual([]);
  expect(shown.getSubscriptionType()).toBeUndefined();
});

test("no field anywhere in it has a name that stands for a person", () => {
  const personal = /applicant|person|citizen|officer|phone|address|taxCode|insurance|receivedBy/i;
  const personalIn = (schema: GraphQLSchema) =>
    Object.keys(schema.getTypeMap())
      .flatMap((type) => fieldsOf(schema, type).map((field) => `${type}.${field}`))
      .filter((field) => personal.test(field) && !field.startsWith("__"));
  expect(personalIn(whole).length).toBeGreaterThan(20);
  expect(personalIn(shown)).toEqual([]);
});
