/**
 * Names and numbers as those may see them who are to recognise them, and not to learn them.
 */

const STARS = "***";
const characters = new Intl.Segmenter("und", { granularity: "grapheme" });

/**
 * The first `keep` characters and three stars; stars alone where that would be more than half of the text. So nothing
 * tells how long it is. Characters are what a reader takes for one (UAX #29): of Vietnamese letters none loses its marks,
 * and both ways to write them come to the same (NFC). What is masked already stays as it is.
 * @param keep a whole number, 0 or more
 */
export function maskText(text: string, keep: number): string {
  const given = text.normalize("NFC").trim();
  if (given === STARS) return STARS;
  const kept: string[] = [];
  let count = 0;
  for (const { segment } of characters.segment(given)) {
    count += 1;
    if (count <= keep) kept.push(segment);
    // Whoever has a long text to show does not pay for the rest of it.
    if (count > keep + STARS.length && count >= 2 * keep) break;
  }
  const start = kept.join("");
  const isMasked = count === keep + STARS.length && given === start + STARS;
  return isMasked || (keep > 0 && count >= 2 * keep) ? start + STARS : STARS;
}
