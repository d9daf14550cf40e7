/**
 * Who may see the readings of somebody's data: that person, and nobody else. docs/trust.md, "Rows".
 */
import type { Identity } from "../kit/identity.ts";
import { personalIdOf, taxCodeOf } from "../kit/roles.ts";
import type { RowRules } from "../kit/row-rules.ts";
import type { OwnAccess } from "./context.ts";

/** What names whoever asks for themselves: a personal ID or a tax code; undefined of everybody else. */
export function ownSubject(identity: Identity): string | undefined {
  return personalIdOf(identity) ?? taxCodeOf(identity);
}

export const trackerRows: RowRules = {
  types: {
    Agency: "public",
    DataAccess: ({ subject }: OwnAccess, identity: Identity) => subject === ownSubject(identity),
    DataAccessConnection: "container",
    DataAccessEdge: "container",
    DataField: "within",
    DataPurpose: "within",
    DataReader: "within",
    DataSource: "within",
    PageInfo: "container",
  },
};
