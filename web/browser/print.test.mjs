// What lies on paper: the page of a stay, also from a dark screen, and the forms for when systems are down.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { follow, person } from "./browser.mjs";
import { Mouse } from "./hands.mjs";
import { DESK, colourFaults, htmlFaults, overflow, picture } from "./look.mjs";
import { close, region } from "./shared.mjs";
import { admit, identity, noticed, write } from "./steps.mjs";

const PICTURES = process.env.SAMSPILL_PICTURES;
/** What a sheet of A4 has room for between its margins, in the pixels of styles: 210 mm less 10 on each side. */
const PAPER = { width: 718, height: 1040 };
const WAY = { given: "Liv", family: "Papirvikstrand", number: identity("150839", 310) };

let node;
let ward;

after(close);

/** Lays the page that is open on paper. */
async function printed(page, colorScheme) {
  await page.setViewportSize(PAPER);
  await page.emulateMedia({ media: "print", colorScheme });
}

/** How many sheets the browser makes of it. */
async function sheets(page) {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: false });
  return pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
}

/** Whether a table stands there as one, and not as a list of cards. */
function isTable(table) {
  return table.evaluate((it) => getComputedStyle(it.querySelector("tbody tr")).display === "table-row" && it.tHead.clientHeight > 1);
}

describe("on paper", () => {
  before(async () => {
    node = await region();
    ward = new Mouse((await person(node.browser, node.address, "sykepleier", DESK)).page, "sykepleier");
    await admit(ward, WAY);
    await noticed(ward, WAY);
    await write(ward, WAY.stay, "Tidligmelding", { "Pasientens status": "Operert, i bedring." });
  });

  for (const { theme, colorScheme } of [{ theme: "lys", colorScheme: "light" }, { theme: "mork", colorScheme: "dark" }]) {
    test(`a stay has all that is read and nothing to press, ${theme}`, async () => {
      const { page } = ward;
      await page.context().addCookies([{ name: "tema", value: theme, url: node.address }]);
      await page.emulateMedia({ media: "screen", colorScheme });
      await follow(page, WAY.stay);
      await printed(page, colorScheme);
      assert.deepEqual(await colourFaults(page), []);
      assert.ok((await overflow(page)) <= 0, "nothing is cut off");
      for (const said of [WAY.family, "Tidligmelding", "Melding om innlagt pasient", "Operert, i bedring."]) {
        const found = page.getByRole("main").getByText(said);
        const isThere = await found.evaluateAll((all) => all.some((it) => it.checkVisibility({ contentVisibilityAuto: true })));
        assert.ok(isThere, `${said} is to be read`);
      }
      for (const pressed of [".s-header", ".s-nav", "button", "summary.ds-button", "a.ds-button", "input"]) {
        assert.equal(await page.locator(`${pressed}:visible`).count(), 0, `${pressed} is no use on paper`);
      }
      assert.equal(await page.locator("footer .s-print-only").isVisible(), true, "who printed it");
      assert.equal(await isTable(page.locator(".s-duties")), true, "a table is a table");
      const drawing = await page.locator(".s-drawing svg").boundingBox();
      assert.ok(drawing.x >= 0 && drawing.x + drawing.width <= PAPER.width, "the drawing is there whole");
      if (PICTURES) await picture(page, PICTURES, `paper ${theme} stay`);
    });
  }

  test("the board is a table", async () => {
    const { page } = ward;
    await page.emulateMedia({ media: "screen" });
    await follow(page, "/tavle?sorter=nyest");
    await printed(page, "light");
    assert.equal(await isTable(page.locator(".s-board")), true);
    assert.ok((await overflow(page)) <= 0, "nothing is cut off");
    if (PICTURES) await picture(page, PICTURES, "paper board");
  });

  test("each form for downtime begins on a sheet of its own, and has room to write", async () => {
    const { context, page } = await person(node.browser, node.address, "samhandling", DESK);
    const answer = await context.request.get(`${node.address}/admin/nedetid/skjemaer`);
    assert.equal(answer.status(), 200);
    const html = await answer.text();
    assert.deepEqual(await htmlFaults(new Map([["the forms for downtime", html]])), []);
    // The forms are a file to keep: they are opened from the disk, far from any server.
    await page.goto("about:blank");
    await page.setContent(html);
    await printed(page, "dark");
    assert.deepEqual(await colourFaults(page), []);
    const forms = await page.locator("h1").count();
    assert.ok(forms > 1, "there is more than one form");
    assert.ok((await sheets(page)) >= forms, "each on a sheet of its own");
    if (PICTURES) await picture(page, PICTURES, "paper forms for downtime");
    await context.close();
  });
});
