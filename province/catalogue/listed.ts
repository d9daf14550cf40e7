/** The parts of a text between commas and line ends: a long list of words that stays readable. */
export function listed(text: string): readonly string[] {
  return text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
