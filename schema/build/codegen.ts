/**
 * Generates each subgraph's resolver types from its SDL, so that a resolver that does not match does not compile.
 * `node schema/build/codegen.ts` writes them; `--check` fails when a written one differs (CI).
 */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { codegen } from "@graphql-codegen/core";
import * as typescript from "@graphql-codegen/typescript";
import * as resolvers from "@graphql-codegen/typescript-resolvers";
import { Kind, parse, visit } from "graphql";
import { runProgram, StartError } from "../../process/lifecycle.ts";

interface Part {
  /** Name of the SDL file in schema/. */
  readonly sdl: string;
  /** Where the types go. */
  readonly output: string;
  /** What resolvers of a type get as their parent: `./file.ts#Type`. */
  readonly mappers: Readonly<Record<string, string>>;
  readonly context: string;
}

const ROOT = new URL("../../", import.meta.url);

const CASE_KEY = "../kit/agency/context.ts#CaseKey";

const PARTS: readonly Part[] = [
  {
    sdl: "agency",
    output: "subgraphs/kit/agency/generated.ts",
    mappers: {
      Agency: "./context.ts#AgencyKey",
      AgencyCase: "./rows.ts#CaseRow",
      AgencyCaseConnection: "./context.ts#CaseConnection",
      AgencyCaseEdge: "./context.ts#CaseEdge",
      CaseEvent: "./rows.ts#EventRow",
      CaseStep: "./context.ts#CaseStepValue",
      Duration: "./context.ts#DurationValue",
      Dossier: "./context.ts#DossierKey",
      Officer: "./rows.ts#OfficerRow",
      Procedure: "./rows.ts#ProcedureRow",
      ProcedureConnection: "./context.ts#ProcedureConnection",
      ProcedureEdge: "./context.ts#ProcedureEdge",
      CasePayload: "./context.ts#CasePayload",
    },
    context: "./context.ts#AgencyRequest",
  },
  {
    sdl: "center",
    output: "subgraphs/center/generated.ts",
    mappers: {
      Agency: "./directory.ts#AgencyRow",
      AgencyCase: "./context.ts#CaseKey",
      Applicant: "./sql.ts#DossierRow",
      Business: "./context.ts#BusinessKey",
      Citizen: "./context.ts#CitizenKey",
      Dossier: "./context.ts#DossierValue",
      DossierConnection: "./context.ts#DossierConnection",
      DossierEdge: "./context.ts#DossierEdge",
      DossierEvent: "./sql.ts#EventRow",
      DossierLeg: "./context.ts#LegValue",
      DossierPayload: "./context.ts#DossierPayload",
      DossierResult: "./sql.ts#DossierRow",
      DossierTracking: "./sql.ts#DossierRow",
      Procedure: "./context.ts#ProcedureKey",
      ProcedureRoute: "./directory.ts#RouteRow",
      Receipt: "./sql.ts#DossierRow",
      RouteLeg: "./context.ts#RouteLegValue",
    },
    context: "./context.ts#CenterRequest",
  },
  {
    sdl: "tax",
    output: "subgraphs/tax/generated.ts",
    mappers: {
      AgencyCase: CASE_KEY,
      Business: "./sql.ts#BusinessKey",
      Citizen: "./sql.ts#CitizenKey",
      TaxNotice: "./sql.ts#NoticeRow",
      TaxPayment: "./sql.ts#PaymentRow",
      TaxPaymentPayload: "./sql.ts#PaymentPayload",
      Taxpayer: "./sql.ts#TaxpayerRow",
    },
    context: "./context.ts#TaxRequest",
  },
  {
    sdl: "social-insurance",
    output: "subgraphs/social-insurance/generated.ts",
    mappers: {
      AgencyCase: CASE_KEY,
      Allowance: "./sql.ts#AllowanceRow",
      Citizen: "./sql.ts#CitizenKey",
      HealthCard: "./sql.ts#HealthCardRow",
      InsuredPerson: "./sql.ts#InsuredPersonRow",
    },
    context: "./context.ts#InsuranceRequest",
  },
  {
    sdl: "police",
    output: "subgraphs/police/generated.ts",
    mappers: { AgencyCase: CASE_KEY, Citizen: "./sql.ts#CitizenRow", Residence: "./sql.ts#ResidenceRow" },
    context: "./context.ts#PoliceRequest",
  },
  {
    sdl: "departments",
    output: "subgraphs/departments/generated.ts",
    mappers: { AgencyCase: CASE_KEY, LandRecord: "./sql.ts#LandRecordRow", Licence: "./sql.ts#LicenceRow" },
    context: "./context.ts#DepartmentRequest",
  },
  {
    sdl: "power",
    output: "subgraphs/power/generated.ts",
    mappers: { AgencyCase: CASE_KEY, PowerConnection: "./connections.ts#ConnectionRow" },
    context: "./context.ts#PowerRequest",
  },
  {
    sdl: "tracker",
    output: "subgraphs/tracker/generated.ts",
    mappers: {
      Agency: "./context.ts#AgencyKey",
      DataAccess: "./context.ts#OwnAccess",
      DataAccessConnection: "./context.ts#AccessConnection",
      DataAccessEdge: "./context.ts#AccessEdge",
      DataField: "./context.ts#FieldName",
      DataPurpose: "../../gateway/record/tracker.ts#StatedPurpose",
      DataReader: "../../gateway/record/tracker.ts#Reader",
      DataSource: "../../gateway/record/tracker.ts#Asked",
    },
    context: "./context.ts#TrackerRequest",
  },
];

runProgram(async () => {
  const check = process.argv.includes("--check");
  const stale: string[] = [];
  for (const part of PARTS) {
    const path = fileURLToPath(new URL(part.output, ROOT));
    const text = await generate(part);
    const before = await readFile(path, "utf8").catch(() => "");
    if (before === text) continue;
    if (check) stale.push(part.output);
    else {
      await writeFile(path, text);
      process.stdout.write(`wrote ${part.output}\n`);
    }
  }
  if (stale.length > 0)
    throw new StartError(
      `these do not match their SDL: ${stale.join(", ")}`,
      "Run npm run codegen and commit.",
    );
});

async function generate(part: Part): Promise<string> {
  const sdl = await readFile(new URL(`schema/${part.sdl}.graphql`, ROOT), "utf8");
  const text = await codegen({
    filename: part.output,
    schema: withoutComposition(sdl),
    documents: [],
    plugins: [{ typescript: {} }, { resolvers: {} }],
    pluginMap: { typescript, resolvers },
    config: {
      federation: true,
      useTypeImports: true,
      immutableTypes: true,
      enumsAsTypes: true,
      // Named apart, because a row type may bear the name of the GraphQL type it stands for.
      mappers: Object.fromEntries(
        Object.entries(part.mappers).map(([type, source]) => [type, `${source} as ${type}Parent`]),
      ),
      contextType: part.context,
      inputMaybeValue: "T | null | undefined",
      scalars: {
        ID: "string",
        DateTime: { input: "Date", output: "Date" },
        Date: "string",
        Money: "number",
      },
      importExtension: "",
      emitLegacyCommonJSImports: false,
    },
  });
  return `// Generated from schema/${part.sdl}.graphql by schema/build/codegen.ts. Do not edit.\n${text}`;
}

/** Composition directives and their definitions say nothing about resolvers; the generator knows only `@key`. */
function withoutComposition(sdl: string) {
  const dropped = new Set([
    "composeDirective",
    "cost",
    "grant",
    "link",
    "listSize",
    "masked",
    "missCost",
    "partition",
    "personalData",
    "shareable",
    "tag",
  ]);
  return visit(parse(sdl), {
    Directive: (node) => (dropped.has(node.name.value) ? null : undefined),
    DirectiveDefinition: () => null,
    SchemaDefinition: (node) =>
      node.kind === Kind.SCHEMA_DEFINITION ? { ...node, directives: [] } : undefined,
  });
}
