// Chromium, and people in it.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Machines that run tests do other things too. */
const PATIENCE_MS = 120_000;

/** Starts Chromium without a window. */
export function launch() {
  const executablePath = process.env.SAMSPILL_CHROMIUM ?? PLACES.find((place) => existsSync(place));
  if (!executablePath) throw new Error("no Chromium is installed");
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
}

/** The logins that the login page of a demo shows: what they are called, and what they are for. */
export async function logins(browser, address) {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(`${address}/logg-inn`);
  const found = await page.$$eval('form[action="/logg-inn/demo"] button[name="navn"]', (buttons) =>
    buttons.map((button) => ({ login: button.value, shown: button.textContent.trim() })));
  await context.close();
  if (found.length === 0) throw new Error("the login page shows no logins");
  return found;
}

/** Somebody who is logged in, with a browser of their own. */
export async function person(browser, address, login, options = {}) {
  const context = await browser.newContext({ baseURL: address, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  for (let tries = 0; tries < 20; tries += 1) {
    await page.goto("/logg-inn");
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === "POST"),
      page.locator(`button[name="navn"][value="${login}"]`).click(),
    ]);
    if (answer.status() === 303) {
      await page.waitForURL((url) => !url.pathname.startsWith("/logg-inn"));
      return { context, page };
    }
    // Many logins from one address are told to wait.
    if (answer.status() !== 429) throw new Error(`${login}: the login was answered ${answer.status()}`);
    await new Promise((resolve) => setTimeout(resolve, 1000 * Number(answer.headers()["retry-after"] ?? 5)));
  }
  throw new Error(`${login} was told to wait again and again`);
}

/** The same person in another window: without logging in again. */
export async function elsewhere(browser, address, { context }, options) {
  const other = await browser.newContext({ baseURL: address, storageState: await context.storageState(), ...options });
  other.setDefaultTimeout(PATIENCE_MS);
  return { context: other, page: await other.newPage() };
}
