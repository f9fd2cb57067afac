// What is answered while somebody types, beside what they type.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { person } from "./browser.mjs";
import { Mouse } from "./hands.mjs";
import { DESK } from "./look.mjs";
import { close, region } from "./shared.mjs";

after(close);

test("a proposal is checked while it is written, and what is typed stays", async () => {
  const node = await region();
  const { context, page } = await person(node.browser, node.address, "samhandling", DESK);
  const hand = new Mouse(page, "samhandling");
  await hand.open("/avtaler/unn/forslag");
  await hand.fill({ "Hva forslaget kalles": "Skrevet mens noen ser på" });
  await hand.submit("Begynn på et forslag");
  const address = page.url();
  const text = page.locator("#f-tekst");
  const before = await page.locator("#sjekket").innerText();
  await text.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\n[[finnes-ikke]]\n");
  await page.locator("#sjekket tbody tr", { hasText: "finnes-ikke" }).first().waitFor();
  assert.equal(page.url(), address, "nothing was sent but to be checked");
  assert.ok(await text.evaluate((it) => it === document.activeElement && it.value.endsWith("[[finnes-ikke]]\n")), "what is typed stays");
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.keyboard.type("#");
  await page.locator("#sjekket tbody tr", { hasText: "finnes-ikke" }).first().waitFor({ state: "detached" });
  await page.reload();
  assert.equal(await page.locator("#sjekket").innerText(), before, "nothing was saved");
  await context.close();
});
