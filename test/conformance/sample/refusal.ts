/**
 * An error of the table in docs/errors.md.
 */
export class Refusal extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(code: string, details: Readonly<Record<string, unknown>>) {
    super(code);
    this.code = code;
    this.details = details;
  }

  tell(language: "en" | "vi"): string {
    const about = JSON.stringify(this.details);
    return language === "vi" ? `không thực hiện được: ${about}` : `this cannot be done: ${about}`;
  }
}
