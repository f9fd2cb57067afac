// Chromium, and people in it.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { PATIENCE_MS } from "./patience.mjs";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Of somebody who is told to wait. */
export const TRIES_MAX = 20;

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
  await page.goto("/logg-inn");
  await logIn(page, login);
  return { context, page };
}

/** Logs in at the login page that is open. Many logins from one address are told to wait, and those of all tests come from this one. */
export async function logIn(page, login, press = (button) => button.click()) {
  const door = page.url();
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === "POST"),
      press(page.locator(`button[name="navn"][value="${login}"]`)),
    ]);
    if (answer.status() === 303) {
      await page.waitForURL((url) => !url.pathname.startsWith("/logg-inn"));
      return;
    }
    if (!isToWait(answer)) throw new Error(`${login}: the login was answered ${answer.status()}`);
    await waited(answer);
    await page.goto(door);
  }
  throw new Error(`${login} was told to wait again and again`);
}

/** Whether an answer says that somebody asks too often. */
export function isToWait(answer) {
  return answer?.status() === 429;
}

/** Waits as long as an answer says. */
export function waited(answer) {
  return new Promise((resolve) => setTimeout(resolve, 1000 * Number(answer.headers()["retry-after"] ?? 5)));
}

/** Opens an address. Whoever is told to wait does, and asks again. */
export async function visit(page, path) {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const answer = await page.goto(path);
    if (!isToWait(answer)) return answer;
    await waited(answer);
  }
  throw new Error(`${path}: told to wait again and again`);
}

/** The same person in another window: without logging in again. */
export async function elsewhere(browser, address, { context }, options) {
  const other = await browser.newContext({ baseURL: address, storageState: await context.storageState(), ...options });
  other.setDefaultTimeout(PATIENCE_MS);
  return { context: other, page: await other.newPage() };
}

/** Opens a page that follows what happens, and waits until it does: what happened before that is told to nobody. */
export async function follow(page, path) {
  const isStream = (answer) => new URL(answer.url()).pathname.endsWith("/strom") && answer.ok();
  await Promise.all([page.waitForResponse(isStream), visit(page, path)]);
}
