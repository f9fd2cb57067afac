// Pages in the other languages: all words of ours are there, and longer words have room too.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { person } from "./browser.mjs";
import { DESK, htmlFaults, overflow, picture } from "./look.mjs";
import { places } from "./places.mjs";
import { close, region } from "./shared.mjs";

const PICTURES = process.env.SAMSPILL_PICTURES;
const TELEPHONE = { width: 320, height: 640 };
/** Who has most pages, at the hospital and at a municipality. */
const LOGINS = ["samhandling", "sykepleier", "tildeling.tromso", "sekretariat", "admin"];
/** Words that a language doesn't have, and that sentences in the other two seldom are without. What people and agreements say is theirs. */
const FOREIGN = {
  nn: /(?<![\p{L}-])(ikke|hva|hvem|hvor|hvorfor|hvordan|noen|noe|jeg|dere|være|fra|uke|enhet|oppholdet|oppgaver|meldinger|the|of)(?![\p{L}-])/iu,
  en: /(?<![\p{L}-])(ikke|ikkje|skal|eller|fra|frå|hva|kva|hvem|kven|er|som|det|den|ingen|alle|må|blir|kan|til)(?![\p{L}-])/iu,
};

let node;

after(close);

/** What stands on the page that is open in its own language, and has a word of another. What people wrote is in theirs. */
function foreign(page, language) {
  return page.evaluate(([source, flags, said]) => {
    const pattern = new RegExp(source, flags);
    const found = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const around = text.parentElement;
      if (around.closest("script, style, textarea, blockquote, .s-said, .s-message :is(dd, td, p), [translate=no]") || around.closest("[lang]").lang !== said) continue;
      if (pattern.test(text.data)) found.push(text.data.trim().slice(0, 120));
    }
    for (const it of document.body.querySelectorAll("[aria-label], [title], [placeholder]")) {
      if (it.closest("[lang]").lang !== said) continue;
      for (const name of ["aria-label", "title", "placeholder"]) {
        if (pattern.test(it.getAttribute(name) ?? "")) found.push(`${name}: ${it.getAttribute(name).slice(0, 120)}`);
      }
    }
    return [...new Set(found)];
  }, [FOREIGN[language].source, FOREIGN[language].flags, language]);
}

describe("in the other languages", () => {
  before(async () => {
    node = await region();
  });

  for (const language of Object.keys(FOREIGN)) {
    test(`every page is in ${language}`, async () => {
      const faults = [];
      const html = new Map();
      const seen = new Set();
      for (const login of LOGINS) {
        const { context, page } = await person(node.browser, node.address, login, DESK);
        await context.addCookies([{ name: "sprak", value: language, url: node.address }]);
        await page.setViewportSize(TELEPHONE);
        await places(page, node.address, async (path, kind, answer) => {
          if (seen.has(kind)) return;
          seen.add(kind);
          const name = `${language} ${login} ${path}`;
          html.set(name, await answer.text());
          assert.equal(await page.getAttribute("html", "lang"), language, name);
          const wider = await overflow(page);
          if (wider > 0) faults.push(`${name}: ${wider} pixels too wide`);
          faults.push(...(await foreign(page, language)).map((text) => `${name}: ${text}`));
          if (PICTURES) await picture(page, PICTURES, name);
        });
        await context.close();
      }
      assert.deepEqual([...faults, ...(await htmlFaults(html))], []);
    });
  }
});
