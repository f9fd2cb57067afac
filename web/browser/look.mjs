// What is looked at on each page: whether all can use it, whether its HTML is right, and a picture.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];

/** What stands in the way of somebody on this page (WCAG 2.1 AA), as sentences. */
export async function obstacles(page) {
  // Pages allow no script but their own, so the checks come in as a script of the browser's, not of the page's.
  await page.evaluate(axe.source);
  const results = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules, resultTypes: ["violations"] }), RULES);
  return results.violations.map((fault) =>
    `${fault.id} (${fault.impact}): ${fault.help}: ${fault.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

/** How many pixels the page is wider than its window: then it has to be moved sideways to be read. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Whether the Nu checker can run here: it needs Java. */
export function hasJava() {
  return spawnSync("java", ["-version"]).status === 0;
}

/** What the Nu checker says of pages, by their names. */
export async function htmlFaults(pages) {
  const vnu = createRequire(import.meta.url)("vnu-jar");
  const folder = await mkdtemp(join(tmpdir(), "samspill-html-"));
  try {
    let number = 0;
    const names = new Map();
    for (const [name, html] of pages) {
      const file = join(folder, `${(number += 1)}.html`);
      names.set(file, name);
      await writeFile(file, html);
    }
    const checked = spawnSync("java", ["-Xss4m", "-jar", vnu, "--errors-only", "--format", "json", ...names.keys()],
      { encoding: "utf8", maxBuffer: 1 << 28 });
    const { messages } = JSON.parse(checked.stderr);
    return messages.map((message) =>
      `${names.get(message.url.replace("file:", ""))}, line ${message.lastLine}: ${message.message}: ${message.extract ?? ""}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Puts a picture of the whole page into a folder. */
export async function picture(page, folder, name) {
  await mkdir(folder, { recursive: true });
  const file = name.replaceAll(/[^\p{L}\p{N}-]+/gu, "_").slice(0, 120);
  await page.screenshot({ path: join(folder, `${file}.png`), fullPage: true });
}
