/** All SQL of what the agency adds. */
import type { Queryable } from "lienthong/process/database";

export interface VisitRow {
  readonly dossierCode: string;
  readonly day: string;
  readonly officer: string;
  readonly finding: string | null;
}

export function findVisits(db: Queryable, dossierCodes: readonly string[]): Promise<VisitRow[]> {
  return db.query(
    `select dossier_code as "dossierCode", day, officer, finding from visit
     where dossier_code = any($1) order by dossier_code, day, id`,
    [dossierCodes],
  );
}
