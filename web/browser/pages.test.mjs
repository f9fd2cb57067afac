// Every page of every role, light and dark, on a telephone and on a desk.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { elsewhere, launch, logins, person } from "./browser.mjs";
import { demo } from "./node.mjs";
import { hasJava, htmlFaults, obstacles, overflow, picture } from "./look.mjs";
import { kindOf, places } from "./places.mjs";

const PICTURES = process.env.SAMSPILL_PICTURES;
const WINDOWS = [
  { name: "desk", viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  { name: "desk-dark", viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  { name: "telephone", viewport: { width: 320, height: 640 }, colorScheme: "light" },
];

let node;
let browser;

before(async () => {
  node = await demo(process.env.SAMSPILL_COMMAND, 8);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

test("all can use every page, whatever their role, window and colours", async () => {
  const faults = [];
  const html = new Map();
  const seen = new Set();
  for (const { login } of await logins(browser, node.address)) {
    const first = await person(browser, node.address, login, WINDOWS[0]);
    const found = await places(first.page, node.address);
    const fresh = found.filter((path) => !seen.has(kindOf(new URL(path, node.address))));
    for (const path of fresh) seen.add(kindOf(new URL(path, node.address)));
    for (const window of WINDOWS) {
      const { context, page } = await elsewhere(browser, node.address, first, window);
      for (const path of fresh) {
        const answer = await page.goto(path);
        const name = `${login} ${window.name} ${path}`;
        if (answer.status() !== 200) faults.push(`${name}: answered ${answer.status()}`);
        if (window === WINDOWS[0]) html.set(name, await answer.text());
        faults.push(...(await obstacles(page)).map((text) => `${name}: ${text}`));
        const wider = await overflow(page);
        if (wider > 0) faults.push(`${name}: ${wider} pixels too wide`);
        if (PICTURES) await picture(page, PICTURES, name);
      }
      await context.close();
    }
    await first.context.close();
  }
  assert.ok(seen.size >= 15, `only ${seen.size} kinds of pages were found`);
  if (hasJava()) faults.push(...(await htmlFaults(html)));
  else console.log("there is no Java: HTML is not checked");
  assert.deepEqual(faults, []);
});
