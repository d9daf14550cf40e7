/**
 * What the portal may see of the sample's graph: everything tagged "public", and nothing of a person. Callers whom nobody
 * knows are told the same of the whole graph, and no more.
 */
import { Supergraph } from "@apollo/federation-internals";
import {
  buildASTSchema,
  getNamedType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  parse,
} from "graphql";
import { beforeAll, expect, test } from "vitest";
import { composeSubgraphs } from "../../gateway/registry/compose.ts";
import { readLinks } from "../../gateway/plan/links.ts";
import { applyFilter } from "../../gateway/registry/contracts.ts";
import { ANONYMOUS } from "../../gateway/trust/caller.ts";
import { readGrants } from "../../gateway/trust/grants.ts";
import { readRules } from "../../gateway/trust/rules.ts";
import { readSources, SCHEMA_DIRECTORY } from "../../schema/build/sources.ts";

let whole: GraphQLSchema;
let shown: GraphQLSchema;
let sdl: string;

beforeAll(async () => {
  const { supergraph = "" } = composeSubgraphs(await readSources(SCHEMA_DIRECTORY));
  const filter = { name: "public", include: ["public"], exclude: [], hideUnreachable: true };
  const { supergraph: variant = "", faults = [] } = applyFilter(supergraph, filter);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  sdl = supergraph;
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
  ).toEqual(["dossierStatistics", "trackDossier"]);
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

test("whoever shows no token is told of the whole graph what the variant shows, and nothing else", () => {
  const document = parse(sdl, { noLocation: true });
  const links = readLinks(document);
  const granting = readGrants(document, links, buildASTSchema(document, { assumeValidSDL: true }), []);
  const rules = readRules(document, links, whole, granting);
  const unmet = rules.unmet(ANONYMOUS);
  const told = reachable(
    whole,
    (type, field) => !rules.ofField(whole.getType(type) as never, field).some((number) => unmet.has(number)),
  );
  expect(told.length).toBeGreaterThan(40);
  expect(told).toEqual(reachable(shown, () => true));
});

/** Every field (`Type.field`) that a selection comes to by fields that may be read. */
function reachable(schema: GraphQLSchema, mayRead: (type: string, field: string) => boolean): string[] {
  const fields = new Set<string>();
  const waiting = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  for (const type of waiting) {
    if (!isObjectType(type)) continue;
    for (const { name, type: given } of Object.values(type.getFields())) {
      const field = `${type.name}.${name}`;
      if (fields.has(field) || !mayRead(type.name, name)) continue;
      fields.add(field);
      const next = getNamedType(given);
      // There are none: whoever adds one says here which types it leads to.
      expect(isAbstractType(next)).toBe(false);
      if (isObjectType(next)) waiting.push(next);
    }
  }
  return [...fields].toSorted();
}
