/** `{agency}` in a database URL or a file's name stands for the agency code in lower case with `_` for `.`: `h56_14`. */
export function forAgency(template: string, agencyCode: string): string {
  return template.replaceAll("{agency}", agencyCode.toLowerCase().replaceAll(".", "_"));
}
