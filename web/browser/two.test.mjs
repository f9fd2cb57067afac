// Two who work at the same time: what one does, the other sees; who was late loses nothing; and a line that is cut or slow.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { elsewhere, follow, person, visit } from "./browser.mjs";
import { Mouse } from "./hands.mjs";
import { PATIENCE_MS } from "./patience.mjs";
import { admit, identity, noticed, send } from "./steps.mjs";
import { DESK, faultsOf, htmlFaults } from "./look.mjs";
import { RUNNING, close, region } from "./shared.mjs";

/** How long it may take from what one did until the other's page has moved. */
const MOVES_WITHIN_MS = 1_000;
const TRIES_MAX = 5;
const PICTURES = process.env.SAMSPILL_PICTURES;
const TEXT = "Operert, i bedring. Skrevet mens noe annet kom.";

let node;
let ward;
let office;

/** Patients so far: each has a number of their own. */
let patients = 0;

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
  const way = { given: "Eldar", family, number: identity("120354", 100 + 10 * (patients += 1)) };
  await admit(ward, way);
  await noticed(ward, way);
  return way;
}

/** How long after the form was answered the board had somebody on it. */
async function moved(board, name) {
  const done = ward.page.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().endsWith("/opphold/ny"));
  const shown = board.getByRole("main").getByText(name).first().waitFor({ timeout: PATIENCE_MS }).then(() => Date.now());
  await done;
  const from = Date.now();
  return (await shown) - from;
}

describe("two at once", () => {
  before(async () => {
    node = await region();
    ward = await hand("sykepleier");
    office = await hand("tildeling.tromso");
  });

  test("an open board moves within a second of what another does", async () => {
    const board = await elsewhere(node.browser, node.address, ward.somebody, DESK);
    await follow(board.page, "/tavle?sorter=nyest");
    const other = await elsewhere(node.browser, node.address, ward.somebody, DESK);
    const tries = [];
    // On a machine that does other things too, one try says little: what counts is that it can be done, beside what a page takes there.
    while (tries.length < TRIES_MAX && !tries.some(({ took, made }) => took <= MOVES_WITHIN_MS + made)) {
      const began = Date.now();
      await visit(other.page, "/tavle?sorter=nyest");
      const made = Date.now() - began;
      const number = identity("030649", 120 + 10 * tries.length);
      const way = { given: "Torny", family: `Austvikstrand${"abcde"[tries.length]}`, number };
      const [took] = await Promise.all([moved(board.page, way.family), admit(ward, way)]);
      tries.push({ took, made });
    }
    const [last] = tries.slice(-1);
    assert.ok(last.took <= MOVES_WITHIN_MS + last.made, `milliseconds until it moved, and until the page was made: ${JSON.stringify(tries)}`);
    await Promise.all([board.context.close(), other.context.close()]);
  });

  test("who was late is shown what came, and has lost nothing", async () => {
    const way = await patient("Utvikstrand");
    await office.awaits(way.stay, "Melding om innlagt pasient", "Medisinsk sengepost A, Tromsø");
    await ward.open(`${way.stay}/skriv/tidligmelding`);
    await ward.fill({ "Pasientens status": TEXT });
    await office.open(`${way.stay}/skriv/innleggelsesrapport`);
    await send(office, { "Tjenester pasienten har": "Hjemmesykepleie" }, "Send");
    const other = await elsewhere(node.browser, node.address, ward.somebody, DESK);
    await new Mouse(other.page, "sykepleier").awaits(way.stay, "Innleggelsesrapport", "Tromsø");
    await other.context.close();
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

  test("the same form sent twice, and from another window, is written once", async () => {
    const way = await patient("Innvikstrand");
    await ward.open(`${way.stay}/skriv/tidligmelding`);
    await ward.fill({ "Pasientens status": TEXT });
    await ward.submit("Se over før sending");
    const button = ward.page.getByRole("main").getByRole("button", { name: "Send", exact: true });
    // A window that was opened of this one, with the same form in it.
    const [action, fields] = await button.evaluate((it) =>
      [it.formAction, [...new FormData(it.form, it)].filter(([, value]) => typeof value === "string")]);
    // Pressed twice by an impatient hand.
    await button.dblclick();
    await ward.page.waitForURL(`**${way.stay}*`);
    const form = new URLSearchParams(fields).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded", origin: node.address };
    const again = await ward.somebody.context.request.post(action, { data: form, headers });
    assert.equal(new URL(again.url()).pathname, way.stay, `the other window came to ${again.url()}, ${again.status()}`);
    await ward.awaits(way.stay, "Tidligmelding", "Medisinsk sengepost A, Tromsø");
    assert.equal(await ward.page.locator("li.s-step strong", { hasText: /^Tidligmelding$/ }).count(), 1);
  });

  test("what is open stays open while the page follows what happens", async () => {
    const way = await patient("Framvikstrand");
    await office.awaits(way.stay, "Melding om innlagt pasient", "Medisinsk sengepost A, Tromsø");
    await follow(office.page, way.stay);
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
    await follow(slow.page, "/tavle?sorter=nyest");
    const ways = [];
    for (const family of ["Langvikstrand", "Storvikstrand"]) {
      ways.push({ given: "Oddrun", family, number: identity("210748", 130 + 10 * ways.length) });
      await admit(ward, ways.at(-1));
    }
    for (const { family } of ways) await says(slow.page, new RegExp(family));
    await slow.context.close();
  });

  test("the board follows on by itself when the server was gone", { skip: RUNNING !== undefined }, async () => {
    const board = await elsewhere(node.browser, node.address, ward.somebody, DESK);
    await follow(board.page, "/tavle?sorter=nyest");
    await board.page.locator("#rader").waitFor();
    await node.again();
    const way = { given: "Runa", family: "Bortvikstrand", number: identity("170151", 140) };
    await admit(ward, way);
    await says(board.page, new RegExp(way.family));
    await board.context.close();
  });
});
