import { resolve } from "node:path";
import { z } from "zod";
import { issueToken, readDevelopmentKey } from "../../gateway/trust/development.ts";
import { readTrustFile } from "../../gateway/trust/settings.ts";
import { StartError } from "../../process/lifecycle.ts";
import { UsageError, wholeNumber } from "../../process/options.ts";
import { trustFiles } from "../../province/trust-files.ts";
import { defineCommand } from "../command.ts";

export const token = defineCommand({
  options: {
    role: {
      schema: z.string({ error: "is required: whose rights the token shall have" }),
      placeholder: "ROLE",
      help: "A role of the trust file: center-officer, agency-officer, auditor …",
    },
    agency: {
      schema: z.string().optional(),
      placeholder: "CODE",
      help: "The agency that the subject works for.",
    },
    subject: {
      schema: z.string().min(1).default("developer"),
      placeholder: "NAME",
      help: "Who the token is for; developer by default.",
    },
    minutes: {
      schema: wholeNumber(1, 43_200).default(480),
      placeholder: "N",
      help: "How long the token counts; 480 by default.",
    },
    data: {
      schema: z.string().min(1).default(".data"),
      placeholder: "DIR",
      help: "Data directory of the province; .data by default.",
    },
  },
  examples: [
    "lienthong token --role center-officer",
    "lienthong token --role agency-officer --agency G12.56 --subject an.nguyen",
  ],
  async run({ role, agency, subject, minutes, data }) {
    const { trust } = trustFiles(resolve(data));
    const { development, roles } = await readTrustFile(trust);
    if (development === undefined)
      throw new StartError(
        `${trust} has no development issuer.`,
        "Real issuers are asked for tokens in their own ways.",
      );
    if (!Object.hasOwn(roles, role))
      throw new UsageError(`there is no role "${role}"`, `Roles: ${Object.keys(roles).join(", ")}.`);
    const key = await readDevelopmentKey(development.keyFile);
    const lifetime = minutes * 60;
    const made = await issueToken(key, { subject, role, organisation: agency, lifetime });
    // The token alone, so that it can stand within another command.
    return { ok: true, data: { token: made, role, agency, subject, minutes }, lines: [made] };
  },
});
