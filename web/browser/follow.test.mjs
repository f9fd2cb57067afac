// Pages that follow what happens leave alone whoever is at them: the keyboard stays where it is, and what was typed, opened, moved or pressed.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { elsewhere, follow, person, visit } from "./browser.mjs";
import { Mouse } from "./hands.mjs";
import { DESK } from "./look.mjs";
import { close, region } from "./shared.mjs";
import { admit, identity, noticed } from "./steps.mjs";

/** How long something is pressed at the most: a page waits two seconds. */
const HELD_MS_MAX = 1_500;
const TRIES_MAX = 5;

let node;
let ward;
/** A second window of the same nurse: what is done in the first comes to it. */
let page;
let patients = 0;

after(close);

/** Somebody new is admitted, and the part of the page that shows it is exchanged. */
async function happens(part) {
  await page.evaluate((it) => { document.querySelector(it).samspillOld = true; }, part);
  const way = await newcomer();
  await page.waitForFunction((it) => !document.querySelector(it).samspillOld, part);
  return way;
}

async function newcomer() {
  const way = { given: "Gro", family: `Fossvikstrand${"abcdefghijkl"[patients]}`, number: identity("240362", 100 + 10 * patients) };
  patients += 1;
  await admit(ward, way);
  return way;
}

/** Presses a stay on the board, and lets go of it when the answer has come that exchanges it. */
async function pressedMeanwhile() {
  await page.unrouteAll();
  await follow(page, "/tavle?sorter=nyest");
  let answer;
  const came = new Promise((resolve) => {
    page.route((url) => url.pathname === "/tavle", async (route) => {
      if (route.request().headers()["x-samspill-del"] !== "1") return route.continue();
      const response = await route.fetch();
      answer = () => route.fulfill({ response });
      return resolve();
    });
  });
  const link = page.locator("#rader tbody a").first();
  const href = await link.getAttribute("href");
  await newcomer();
  await came;
  await link.hover();
  const from = Date.now();
  await page.mouse.down();
  const [given] = await Promise.all([page.waitForResponse((it) => it.request().headers()["x-samspill-del"] === "1"), answer()]);
  await given.finished();
  const connected = await link.evaluate((it, was) => new Promise((resolve) => setTimeout(() => resolve(it.getAttribute("href") === was), 100)), href);
  await page.mouse.up();
  return { heldMs: Date.now() - from, href, connected };
}

/** What the keyboard is at, in words. */
function focused() {
  return page.evaluate(() => {
    const it = document.activeElement;
    return [it.tagName, it.id, it.getAttribute("href"), it.getAttribute("aria-label"), it.closest("form")?.querySelector("[name=opphold]")?.value].join(" ");
  });
}

/** Where the keyboard stays, on which page, and in which part of it that is exchanged. */
const PLACES = {
  "a stay on the board": ["/tavle?sorter=nyest", "#rader", (it) => it.locator("#rader tbody a").first()],
  "the table of the board, which can be moved sideways": ["/tavle?sorter=nyest", "#rader", (it) => it.locator("#rader [role=region]")],
  "a number above the board": ["/tavle?sorter=nyest", "#antall", (it) => it.locator("#antall a").nth(1)],
  "the most urgent task on the start page": ["/", "#start", (it) => it.locator("#start .s-task a").first()],
  "a button of a task": ["/oppgaver", "#rader", (it) => it.locator("#rader .s-task form button").nth(1)],
};

describe("a page that follows what happens", () => {
  before(async () => {
    node = await region();
    const somebody = await person(node.browser, node.address, "sykepleier", DESK);
    ward = Object.assign(new Mouse(somebody.page, "sykepleier"), { somebody });
  });

  beforeEach(async () => {
    await page?.context().close();
    ({ page } = await elsewhere(node.browser, node.address, ward.somebody, DESK));
  });

  for (const [name, [path, part, find]] of Object.entries(PLACES)) {
    test(`leaves the keyboard at ${name}`, async () => {
      await follow(page, path);
      await find(page).focus();
      const at = await focused();
      await happens(part);
      assert.equal(await focused(), at);
      await page.keyboard.press("Tab");
      assert.notEqual(await focused(), at, "and it gets on from there");
      assert.ok(await page.evaluate((it) => document.querySelector(it).compareDocumentPosition(document.activeElement) & 20, part));
    });
  }

  test("leaves the keyboard in the part where what it was at is gone", async () => {
    await follow(page, "/tavle?sorter=nyest");
    await page.locator("#rader tbody a").first().evaluate((it) => { it.href = "/opphold/er-borte"; it.focus(); });
    await happens("#rader");
    assert.equal(await page.evaluate(() => document.activeElement.id), "rader");
  });

  test("keeps what is typed, and the place in it", async () => {
    await follow(page, "/tavle?sorter=nyest");
    const field = page.getByRole("searchbox").first();
    await field.fill("Nordvik");
    await field.evaluate((it) => it.setSelectionRange(2, 4));
    await happens("#rader");
    const kept = await field.evaluate((it) => [it.value, it.selectionStart, it.selectionEnd, it === document.activeElement]);
    assert.deepEqual(kept, ["Nordvik", 2, 4, true]);
  });

  test("keeps what is typed to filter by, and shows what fits it", async () => {
    await follow(page, "/tavle?sorter=nyest");
    const field = page.getByRole("main").getByRole("searchbox");
    await field.pressSequentially("Fossvikstrand");
    await page.waitForFunction(() => [...document.querySelectorAll("#rader tbody th")].every((it) => it.textContent.includes("Fossvikstrand")));
    const way = await happens("#rader");
    assert.deepEqual(await field.evaluate((it) => [it.value, it === document.activeElement]), ["Fossvikstrand", true]);
    assert.match(await page.locator("#rader").innerText(), new RegExp(way.family));
  });

  test("keeps the place in a drawing, and the keyboard in the list that is open", async () => {
    const way = await newcomer();
    await noticed(ward, way);
    await page.setViewportSize({ width: 320, height: 640 });
    await follow(page, way.stay);
    const drawing = page.locator(".s-drawing");
    // The message arrives meanwhile: what was just found may have been exchanged before it is moved.
    await page.waitForFunction(() => {
      const it = document.querySelector(".s-drawing");
      it.scrollTo({ left: 60, behavior: "instant" });
      return it.scrollLeft === 60;
    });
    const summary = page.locator(".s-steps summary").last();
    await summary.focus();
    await page.keyboard.press("Enter");
    await happens("#opphold");
    assert.equal(await drawing.evaluate((it) => it.scrollLeft), 60);
    assert.deepEqual(await summary.evaluate((it) => [it.parentElement.open, it === document.activeElement]), [true, true]);
  });

  test("exchanges nothing under a finger", async () => {
    for (let tries = 1; ; tries += 1) {
      const { heldMs, href, connected } = await pressedMeanwhile();
      // Who holds on for long isn't waited for. On a busy machine that may be the test.
      if (heldMs > HELD_MS_MAX && tries < TRIES_MAX) continue;
      assert.ok(connected, "what is pressed is still there");
      await page.waitForURL(`**${href}`);
      return;
    }
  });

  test("is none where something is written: it stays as it is", async () => {
    const way = await newcomer();
    await noticed(ward, way);
    await visit(page, `${way.stay}/skriv/tidligmelding`);
    const field = page.getByLabel("Pasientens status", { exact: true });
    await field.fill("Operert, i bedring.");
    const other = await elsewhere(node.browser, node.address, ward.somebody, DESK);
    await follow(other.page, "/tavle?sorter=nyest");
    const { family } = await newcomer();
    // What happened has come to a page that follows.
    await other.page.getByRole("main").getByText(new RegExp(family)).first().waitFor();
    assert.deepEqual(await field.evaluate((it) => [it.value, it === document.activeElement]), ["Operert, i bedring.", true]);
    await other.context.close();
  });
});
