// What is looked at on each page: whether all can use it, light, dark and on a telephone, whether its HTML is right, and a picture.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
const COLOURS = ["color-contrast"];

/** How a page is looked at. Colours alone tell dark from light; on a telephone all but the colours may be different. */
const WINDOWS = [
  { name: "desk", width: 1280, height: 900, colorScheme: "light", checks: { runOnly: RULES } },
  { name: "desk-dark", width: 1280, height: 900, colorScheme: "dark", checks: { runOnly: COLOURS } },
  { name: "telephone", width: 320, height: 640, colorScheme: "light", checks: { runOnly: RULES, rules: { "color-contrast": { enabled: false } } } },
];

/** The window and the language that people come with. */
export const DESK = { viewport: { width: WINDOWS[0].width, height: WINDOWS[0].height }, colorScheme: WINDOWS[0].colorScheme, locale: "nb-NO" };

/** What is wrong with the page that is open, in every window and colour, as sentences. Puts pictures into `folder`, if there is one. */
export async function faultsOf(page, name, folder) {
  const faults = [];
  // Pages allow no script but their own, so the checks come in as a script of the browser's, not of the page's.
  await page.evaluate(axe.source);
  for (const { name: window, width, height, colorScheme, checks } of WINDOWS) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height });
    await still(page);
    faults.push(...(await obstacles(page, checks)).map((text) => `${window} ${name}: ${text}`));
    const wider = await overflow(page);
    if (wider > 0) faults.push(`${window} ${name}: ${wider} pixels too wide`);
    if (folder) await picture(page, folder, `${window} ${name}`);
  }
  faults.push(...(await idsOf(page)).map((id) => `${name}: something is called by its id, ${id}`));
  await page.emulateMedia({ colorScheme: DESK.colorScheme, reducedMotion: null });
  await page.setViewportSize(DESK.viewport);
  return faults;
}

/** Waits until nothing on the page is on its way to another colour or place: halfway, no colour is the one that is read. */
function still(page) {
  return page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    // What goes on for ever isn't waited for.
    const ends = (it) => Number.isFinite(Number(it.effect?.getComputedTiming().endTime));
    const moving = () => document.getAnimations().filter((it) => it.playState === "running" && ends(it));
    await frame();
    for (let some = moving(); some.length > 0; some = moving()) {
      await Promise.allSettled(some.map((it) => it.finished));
      await frame();
    }
  });
}

/** What stands in the way of somebody on this page (WCAG 2.1 AA), as sentences. */
async function obstacles(page, checks) {
  const results = await page.evaluate((options) => window.axe.run(document, { ...options, resultTypes: ["violations"] }), checks);
  return results.violations.map((fault) =>
    `${fault.id} (${fault.impact}): ${fault.help}: ${fault.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

/** Ids of agreements, as `problem-ovrige`, where people should read what they stand for. */
function idsOf(page) {
  return page.$$eval("main :is(dt, th, label, legend)", (all) => all.map((it) => it.textContent.trim()).filter((it) => /^[a-z]+(-[a-z]+)+$/.test(it)));
}

/** What can't be read for its colours in the page that is open, as it is shown or printed. */
export async function colourFaults(page) {
  await page.evaluate(axe.source);
  await still(page);
  return obstacles(page, { runOnly: COLOURS });
}

/** How many pixels the page is wider than its window: then it has to be moved sideways to be read. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** What the Nu checker says of pages, by their names. It needs Java; without it nothing is said, but where everything must be checked (`CI`). */
export async function htmlFaults(pages) {
  if (spawnSync("java", ["-version"]).status !== 0) {
    if (process.env.CI) return ["there is no Java: HTML can't be checked"];
    console.log("there is no Java: HTML is not checked");
    return [];
  }
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
    if (checked.error || !checked.stderr) throw new Error(`the Nu checker doesn't run: ${checked.error ?? checked.status}`);
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
