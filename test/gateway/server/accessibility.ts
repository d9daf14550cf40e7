/**
 * What can be told by looking at a page whether people with a screen reader, a keyboard or weak eyes can use it
 * (WCAG 2.2, level AA). Runs within the page.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/* oxlint-disable unicorn/consistent-function-scoping -- what runs within the page takes nothing along from here */

/** What is wrong, one line each. */
export function accessibilityFaults(): string[] {
  const faults: string[] = [];
  const all = <E extends Element = HTMLElement>(selector: string) => [
    ...document.querySelectorAll<E>(selector),
  ];
  const shown = (element: Element) => element.checkVisibility();
  const short = (element: Element) => element.outerHTML.slice(0, 80);
  const words = (element: Element | null) => (element?.textContent ?? "").trim();

  // 2.4.2, 3.1.1
  if (document.title.trim() === "") faults.push("the page has no title");
  if (document.documentElement.lang === "") faults.push("the page does not say its language");

  // 1.3.1: landmarks, headings
  for (const landmark of ["header", "nav", "main", "h1"])
    if (all(landmark).length !== 1) faults.push(`${all(landmark).length} of ${landmark}`);
  const levels = all("h1, h2, h3, h4").map(({ tagName }) => Number(tagName[1]));
  for (const [index, level] of levels.entries())
    if (level > (levels[index - 1] ?? 0) + 1) faults.push(`heading ${index} skips a level`);

  // 4.1.1: names that others refer to
  const ids = all("[id]").map(({ id }) => id);
  for (const id of ids) if (ids.filter((other) => other === id).length > 1) faults.push(`two of id ${id}`);
  for (const attribute of ["aria-labelledby", "aria-controls", "aria-describedby", "for"])
    for (const element of all(`[${attribute}]`))
      for (const id of (element.getAttribute(attribute) ?? "").split(" "))
        if (document.getElementById(id) === null) faults.push(`${attribute} of nothing: ${short(element)}`);

  // 4.1.2: everything that is used, and every region, has a name
  const nameOf = (element: Element): string =>
    element.getAttribute("aria-label") ??
    (element.getAttribute("aria-labelledby") ?? "")
      .split(" ")
      .map((id) => words(document.getElementById(id)))
      .join("") ??
    "";
  for (const element of all("button, a"))
    if (words(element) === "") faults.push(`no name: ${short(element)}`);
  for (const element of all<HTMLInputElement>("input"))
    if (words(element.labels?.[0] ?? null) === "") faults.push(`no label: ${short(element)}`);
  for (const element of all("nav, section, [role=region], [role=group], [role=img]"))
    if (nameOf(element) === "") faults.push(`no name: ${short(element)}`);

  // 1.3.1: tables
  for (const table of all<HTMLTableElement>("table")) {
    if (words(table.caption) === "") faults.push(`no caption: ${short(table)}`);
    if (table.querySelector("tbody tr") === null) faults.push(`no rows: ${words(table.caption)}`);
  }
  for (const head of all("th")) if (!head.hasAttribute("scope")) faults.push(`no scope: ${short(head)}`);
  for (const row of all("tbody tr"))
    if (
      row.querySelector("th") === null &&
      row.closest("table")?.querySelector("th[scope=rowgroup]") === null
    )
      faults.push(`a row without a head: ${short(row)}`);

  // 2.1.1: what scrolls can be reached by keyboard; 2.4.3: in the order of the page
  for (const element of all("*")) {
    const { overflowX } = getComputedStyle(element);
    const scrolls =
      (overflowX === "auto" || overflowX === "scroll") && element.scrollWidth > element.clientWidth;
    if (scrolls && element.tabIndex < 0) faults.push(`scrolls, not by keyboard: ${short(element)}`);
    if (element.tabIndex > 0) faults.push(`an order of its own: ${short(element)}`);
  }

  // 1.4.3: contrast
  const rgb = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: readonly number[]) => {
    const [red = 0, green = 0, blue = 0] = color.map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element: Element | null): readonly number[] => {
    if (element === null) return [255, 255, 255];
    const color = rgb(getComputedStyle(element).backgroundColor);
    return color[3] === 0 ? groundOf(element.parentElement) : color;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const element = text.parentElement;
    if (element === null || words(element) === "" || !shown(element) || element.closest("script, desc"))
      continue;
    const style = getComputedStyle(element);
    const color = rgb(element instanceof SVGElement ? style.fill : style.color);
    const [one, other] = [luminance(color), luminance(groundOf(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(2)}: ${short(element)}`);
  }
  return [...new Set(faults)];
}
