// Two who work at the same time: what one does, the other sees; who was late loses nothing; and a line that is cut or slow.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { elsewhere, person } from "./browser.mjs";
import { Mouse } from "./hands.mjs";
import { admit, identity, noticed, send } from "./steps.mjs";
import { DESK, faultsOf, htmlFaults } from "./look.mjs";
import { RUNNING, close, region } from "./shared.mjs";

/** How long it may take from what one did until the other's page has moved. */
const MOVES_WITHIN_MS = 1_000;
const PICTURES = process.env.SAMSPILL_PICTURES;
const PATIENCE_MS = 120_000;
const TEXT = "Operert, i bedring. Skrevet mens noe annet kom.";

let node;
let ward;
let office;

before(async () => {
  node = await region();
  ward = await hand("sykepleier");
  office = await hand("tildeling.tromso");
});

after(close);

async function hand(login, options = {}) {
  const somebody = await person(node.browser, node.address, login, { ...DESK, ...options });
  return Object.assign(new Mouse(somebody.page, login), { somebody });
}

/** Waits until the page of somebody who does nothing says something. Gives how long that took. */
async function says(page, text) {
  const from = Date.now();
  await page.getByRole("main").getByText(text).first().waitFor({ timeout: PATIENCE_MS });
  return Date.now() - from;
}

/** A patient who has been admitted, and whom the municipality knows of. */
async function patient(family) {
  const way = { given: "Eldar", family, number: identity("120354", Math.floor(Math.random() * 400)) };
  await admit(ward, way);
  await noticed(ward, way);
  return way;
}

test("an open board moves within a second of what another does", async () => {
  const board = await elsewhere(node.browser, node.address, ward.somebody, DESK);
  await board.page.goto("/tavle?sorter=nyest");
  // How long the page takes to make, on a machine that does other things too.
  const page = await elsewhere(node.browser, node.address, ward.somebody, DESK);
  const began = Date.now();
  await page.page.goto("/tavle?sorter=nyest");
  const made = Date.now() - began;
  const way = { given: "Torny", family: "Austvikstrand", number: identity("030649", 120) };
  const [took] = await Promise.all([moved(board.page, way.family), admit(ward, way)]);
  assert.ok(took <= MOVES_WITHIN_MS + made, `it took ${took} ms, where the page takes ${made} ms to make`);
  await Promise.all([board.context.close(), page.context.close()]);
});

/** How long after the form was answered the board had somebody on it. */
async function moved(board, name) {
  const done = ward.page.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().endsWith("/opphold/ny"));
  const shown = board.getByRole("main").getByText(name).first().waitFor({ timeout: PATIENCE_MS }).then(() => Date.now());
  await done;
  const from = Date.now();
  return (await shown) - from;
}

test("who was late is shown what came, and has lost nothing", async () => {
  const way = await patient("Utvikstrand");
  await office.awaits(way.stay, "Melding om innlagt pasient", "Medisinsk sengepost A, Tromsø");
  await ward.open(`${way.stay}/skriv/tidligmelding`);
  await ward.fill({ "Pasientens status": TEXT });
  await office.open(`${way.stay}/skriv/innleggelsesrapport`);
  await send(office, { "Tjenester pasienten har": "Hjemmesykepleie" }, "Send");
  await ward.submit("Se over før sending");
  await ward.submit("Send");
  assert.match(await ward.text(), /Noe har kommet til mens du skrev[^]*Innleggelsesrapport[^]*Hjemmesykepleie/);
  const html = new Map([["the conflict page", await ward.html()]]);
  assert.deepEqual([...(await faultsOf(ward.page, "the conflict page", PICTURES)), ...(await htmlFaults(html))], []);
  await ward.submit("Endre");
  assert.equal(await ward.field("Pasientens status").inputValue(), TEXT);
  await ward.submit("Se over før sending");
  await ward.submit("Send");
  assert.match(await ward.text(), /Det er skrevet\./);
  await office.awaits(way.stay, "Tidligmelding", "Medisinsk sengepost A, Tromsø");
  assert.ok((await office.page.locator("main").textContent()).includes(TEXT));
});

test("the same form sent from two windows is written once", async () => {
  const way = await patient("Innvikstrand");
  await ward.open(`${way.stay}/skriv/tidligmelding`);
  await ward.fill({ "Pasientens status": TEXT });
  await ward.submit("Se over før sending");
  const other = await ward.somebody.context.newPage();
  await other.goto(way.stay);
  // Pressed twice by an impatient hand.
  const button = ward.page.getByRole("main").getByRole("button", { name: "Send", exact: true });
  await button.dblclick();
  await ward.page.waitForURL(`**${way.stay}*`);
  await ward.awaits(way.stay, "Tidligmelding", "Medisinsk sengepost A, Tromsø");
  assert.equal(await ward.page.locator("li.s-step strong", { hasText: /^Tidligmelding$/ }).count(), 1);
  await other.close();
});

test("what is open stays open while the page follows what happens", async () => {
  const way = await patient("Framvikstrand");
  await office.awaits(way.stay, "Melding om innlagt pasient", "Medisinsk sengepost A, Tromsø");
  const menu = office.page.locator("details.s-menu");
  await menu.locator("summary").click();
  await ward.open(`${way.stay}/skriv/tidligmelding`);
  await send(ward, { "Pasientens status": TEXT }, "Send");
  await office.page.locator("li.s-step strong", { hasText: /^Tidligmelding$/ }).waitFor({ timeout: PATIENCE_MS });
  assert.equal(await menu.evaluate((it) => it.open), true);
});

test("on a slow line pages still work, and the newest is what stands there", async () => {
  const slow = await elsewhere(node.browser, node.address, ward.somebody, DESK);
  const line = await slow.context.newCDPSession(slow.page);
  await line.send("Network.enable");
  await line.send("Network.emulateNetworkConditions", { offline: false, latency: 600, downloadThroughput: 40_000, uploadThroughput: 20_000 });
  await slow.page.goto("/tavle?sorter=nyest", { timeout: PATIENCE_MS });
  const ways = [];
  for (const family of ["Langvikstrand", "Storvikstrand"]) {
    ways.push({ given: "Oddrun", family, number: identity("210748", 130 + ways.length) });
    await admit(ward, ways.at(-1));
  }
  for (const { family } of ways) await says(slow.page, new RegExp(family));
  await slow.context.close();
});

test("the board follows on by itself when the server was gone", { skip: RUNNING !== undefined }, async () => {
  const board = await elsewhere(node.browser, node.address, ward.somebody, DESK);
  await board.page.goto("/tavle?sorter=nyest");
  await board.page.locator("#rader").waitFor();
  await node.again();
  const way = { given: "Runa", family: "Bortvikstrand", number: identity("170151", 140) };
  await admit(ward, way);
  await says(board.page, new RegExp(way.family));
  await board.context.close();
});
