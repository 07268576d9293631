import axe from "axe-core";

/** Ids of accessibility rules that the page breaks; colours are judged in a real browser, not in jsdom. */
export async function brokenRules(page: Element): Promise<string[]> {
  const { violations } = await axe.run(page, { rules: { "color-contrast": { enabled: false } } });
  return violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `${one.id}: ${one.nodes[0]?.html ?? ""}`);
}
