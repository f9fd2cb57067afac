// How people use a page: with a mouse, or with nothing but the keyboard. Tests say what is done, a hand does it.
import assert from "node:assert/strict";
import { TRIES_MAX, isToWait, logIn, visit, waited } from "./browser.mjs";
import { PATIENCE_MS } from "./patience.mjs";

/** Stops of the keyboard on the longest page. */
const STOPS_MAX = 600;

/** What all hands can do on a page. */
class Hand {
  constructor(page, login) {
    Object.assign(this, { page, login });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("response", (answer) => {
      if (answer.request().isNavigationRequest()) this.answer = answer;
    });
  }

  /** Opens an address, and logs in where nobody is logged in: at first, and the next day. */
  async open(path) {
    await this.go(path);
    if (!new URL(this.page.url()).pathname.startsWith("/logg-inn")) return;
    await logIn(this.page, this.login, (button) => this.press(button));
    if (new URL(this.page.url()).pathname !== path) await this.go(path);
  }

  /** Goes to an address, also while the page finds by itself that the session is over. */
  async go(path) {
    try {
      await visit(this.page, path);
    } catch (error) {
      if (!error.message.includes("interrupted by another navigation")) throw error;
      await this.page.waitForLoadState();
      await visit(this.page, path);
    }
  }

  /** The page as it came. */
  html() {
    return this.answer.text();
  }

  /** What the page says. */
  text() {
    return this.page.locator("main").innerText();
  }

  /** Reads a stay again and again until a message of a kind stands there from somebody: it takes its way. */
  async awaits(path, kind, from) {
    const last = Date.now() + PATIENCE_MS;
    const step = this.page.locator("li.s-step:not(.s-step-aside)").filter({ has: this.page.locator("strong", { hasText: kind }) });
    for (;;) {
      await this.open(path);
      if ((await step.filter({ hasText: `${from} →` }).count()) > 0) return;
      assert.ok(Date.now() < last, `«${kind}» from ${from} never comes: ${await this.text()}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  link(name) {
    return this.page.getByRole("link", { name, exact: true }).first();
  }

  field(label) {
    return this.page.getByRole("main").getByLabel(label, { exact: true });
  }

  /** Follows a link by its words. */
  follow(name) {
    return this.leave(this.link(name));
  }

  /** Presses a button by its words. */
  submit(name) {
    return this.leave(this.page.getByRole("main").getByRole("button", { name, exact: true }));
  }

  /** Does something that ends at another page. */
  async leave(what) {
    await this.arrives(() => this.press(what));
  }

  /** Does something, and waits for the page that it ends at. Whoever is told to wait does, and asks for the same again: nothing was done. */
  async arrives(does) {
    await Promise.all([this.page.waitForEvent("domcontentloaded"), does()]);
    await this.page.waitForLoadState();
    for (let tries = 0; isToWait(this.answer); tries += 1) {
      assert.ok(tries < TRIES_MAX, `${this.page.url()}: told to wait again and again`);
      await waited(this.answer);
      await this.page.reload();
    }
  }

  /** Fills in fields by their labels: an option where there are options. */
  async fill(values) {
    for (const [label, value] of Object.entries(values)) {
      const field = this.field(label);
      const kind = await field.evaluate((it) => (it.matches("select") ? "select" : it.type));
      if (kind === "select") await this.choose(field, value);
      else await this.write(field, value, kind);
    }
  }
}

/** A hand on a mouse. */
export class Mouse extends Hand {
  press(what) {
    return what.click();
  }

  choose(field, option) {
    return field.selectOption({ label: option });
  }

  write(field, text) {
    return field.fill(text);
  }

  search(text) {
    const field = this.page.getByRole("searchbox").first();
    return field.fill(text).then(() => this.leave(this.page.locator('.s-search button[type="submit"]')));
  }
}

/** Hands on a keyboard. Each stop on the way is looked at: it is seen where one is, and one gets on from there. */
export class Keyboard extends Hand {
  async press(what) {
    await this.reach(what);
    await this.page.keyboard.press("Enter");
  }

  async choose(field, option) {
    await this.reach(field);
    const chosen = () => field.evaluate((it) => it.selectedOptions[0]?.label);
    await this.page.keyboard.press("Home");
    for (let place = await field.evaluate((it) => it.length); place > 0 && (await chosen()) !== option; place -= 1) {
      await this.page.keyboard.press("ArrowDown");
    }
    assert.equal(await chosen(), option);
  }

  async write(field, text, kind) {
    await this.reach(field);
    if (kind !== "date") {
      await this.page.keyboard.press("Control+A");
      await this.page.keyboard.type(text);
    } else {
      // Browsers ask for day and month in the order of the machine's language.
      const [year, month, day] = text.split("-");
      for (const typed of [month + day + year, day + month + year]) {
        if ((await field.inputValue()) === text) break;
        await this.page.keyboard.type(typed);
        // Back to the first part of the field.
        for (let part = 0; part < 2; part += 1) await this.page.keyboard.press("ArrowLeft");
      }
    }
    assert.equal(await field.inputValue(), text);
  }

  async search(text) {
    await this.write(this.page.getByRole("searchbox").first(), text);
    await this.arrives(() => this.page.keyboard.press("Enter"));
  }

  /** Goes to something with the Tab key. What is in the page itself is reached past the menu, by the link that is there for it. */
  async reach(what) {
    await what.waitFor();
    const isThere = () => what.evaluate((it) => it === document.activeElement);
    const isFresh = await this.page.evaluate(() => document.activeElement === document.body);
    if (isFresh && (await what.evaluate((it) => it.closest("main") !== null))) await this.skip();
    for (let stop = 0; stop < STOPS_MAX; stop += 1) {
      if (await isThere()) return;
      await this.next();
    }
    assert.fail(`${what} isn't reached with the keyboard`);
  }

  async skip() {
    await this.next();
    assert.equal(await this.page.evaluate(() => document.activeElement.getAttribute("href")), "#innhold", "the first stop is past the menu");
    await this.page.keyboard.press("Enter");
    assert.equal(await this.page.evaluate(() => document.activeElement.id), "innhold");
  }

  /** One stop further. */
  async next() {
    await this.page.keyboard.press("Tab");
    const at = await this.page.evaluate(() => {
      const it = document.activeElement;
      if (!it || it === document.body) return { isOutside: true };
      const style = getComputedStyle(it);
      const box = it.getBoundingClientRect();
      const isStuck = it === window.samspillStop && !it.matches("[type=date], [type=time]");
      window.samspillStop = it;
      return {
        isStuck,
        words: it.outerHTML.slice(0, 120),
        isMarked: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none",
        isInView: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
      };
    });
    if (at.isOutside) return;
    assert.ok(!at.isStuck, `the keyboard doesn't get on from ${at.words}`);
    assert.ok(at.isMarked, `nothing shows that the keyboard is at ${at.words}`);
    assert.ok(at.isInView, `the keyboard is outside of what is seen, at ${at.words}`);
  }
}
