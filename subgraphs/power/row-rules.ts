/**
 * Who may see what of what the power company adds (schema/power.graphql). docs/trust.md, "Rows".
 */
import type { RowRules } from "../kit/row-rules.ts";

export const powerRows: RowRules = {
  types: { PowerConnection: "within" },
};
