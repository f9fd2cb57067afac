// Pages in states that links alone don't lead to: empty, refused, with mistakes, with warnings, open menus, long lists and long words.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { person, visit } from "./browser.mjs";
import { Mouse } from "./hands.mjs";
import { DESK, faultsOf, htmlFaults } from "./look.mjs";
import { close, region } from "./shared.mjs";
import { admit, identity, noticed } from "./steps.mjs";

const PICTURES = process.env.SAMSPILL_PICTURES;
const LONG = "Uendelig".repeat(40);

let node;
const html = new Map();
const people = {};

after(close);

/** Who comes into the state, what the page then says, and how they come there. */
const STATES = {
  "the page to log in with a wrong password": ["nobody", /feil|stemmer ikke|ikke riktig/i, async (hand) => {
    await visit(hand.page, "/logg-inn");
    await hand.fill({ Brukernavn: "ingen", Passord: "feil passord" });
    await hand.submit("Logg inn");
  }],
  "a link to set a password that is gone": ["nobody", /lenke/i, (hand) => visit(hand.page, "/oppsett/finnes-ikke")],
  "a page that isn't there": ["sykepleier", /./, (hand) => visit(hand.page, "/opphold/finnes-ikke")],
  "a form that another page made": ["sykepleier", /./, async (hand) => {
    await hand.open("/opphold/ny");
    await hand.page.locator('main input[name="_token"]').evaluate((it) => { it.value = "feil"; });
    await hand.submit("Registrer");
  }],
  "a board that nothing fits": ["sykepleier", /Ingen opphold passer/, (hand) => hand.open("/tavle?q=finnesikke")],
  "a search that finds nothing": ["sykepleier", /./, (hand) => hand.open("/").then(() => hand.search("finnesikke"))],
  "no drafts": ["sykepleier", /ingen kladder/, (hand) => hand.open("/kladder")],
  "a form with a mistake": ["sykepleier", /ikke et gyldig nummer/, async (hand) => {
    await hand.open("/opphold/ny");
    await hand.fill({ "Fødselsnummer, d-nummer eller hjelpenummer": "123" });
    await hand.submit("Registrer");
  }],
  "a time that came twice": ["sykepleier", /kom to ganger/, async (hand) => {
    await hand.open("/opphold/ny");
    await hand.fill({ Dato: "2024-10-27", Klokkeslett: "02:30" });
    await hand.submit("Registrer");
  }],
  "a long name, and all there is to write": ["sykepleier", /Skriv i oppholdet/, async (hand) => {
    await hand.open(`${await longStay(hand)}/skriv`);
  }],
  "the stay of somebody with a long name, and its menu": ["sykepleier", /Uendelig/, async (hand) => {
    await hand.open(await longStay(hand));
    await hand.page.locator("details.s-menu summary").click();
  }],
  "a message that lacks much, as it is seen before it is sent": ["sykepleier", /Verdt å se på/, async (hand) => {
    await lacking(hand);
  }],
  "a draft": ["sykepleier", /Kladden er lagret/, async (hand) => {
    await lacking(hand);
    await hand.submit("Lagre kladd");
  }],
  "the board with a long name": ["sykepleier", /Uendelig/, async (hand) => {
    await longStay(hand);
    await hand.open("/tavle?sorter=nyest");
  }],
  "the menu of one's own": ["sykepleier", /./, async (hand) => {
    await hand.open("/hjelp");
    await hand.page.locator(".s-person").click();
  }],
  "a board of all wards": ["samhandling", /av \d{2,}/, (hand) => hand.open("/tavle?side=2")],
  "all tasks of a hospital": ["samhandling", /./, (hand) => hand.open("/oppgaver")],
  "an account whose login is taken": ["admin", /./, async (hand) => {
    await hand.open("/admin/kontoer");
    await hand.page.locator('main form[action="/admin/kontoer"] input[name]:visible').first().fill("admin");
    await hand.page.locator('main form[action="/admin/kontoer"] button[type="submit"]').first().click();
    await hand.page.waitForLoadState();
  }],
  "a role that ends before it begins": ["admin", /en slutt som kommer etter begynnelsen/, async (hand) => {
    await hand.open("/admin/kontoer");
    await hand.follow("Karen Nordglimt");
    await hand.fill({ "Fra og med": "2025-03-12", Til: "2025-03-11" });
    await hand.submit("Gi rolle");
  }],
  "downtime that ends before it begins": ["admin", /Nedetiden må slutte etter at den begynner/, async (hand) => {
    await hand.open("/admin/nedetid");
    await hand.fill({ Begynner: "2025-03-12T10:00", Slutter: "2025-03-12T09:00", Hvorfor: "Oppgradering" });
    await hand.submit("Registrer nedetid");
  }],
  "a template with nothing in it": ["admin", /Skriv et navn[^]*Skriv teksten som skal settes inn/, async (hand) => {
    await hand.open("/admin/maltekster/ny");
    await hand.submit("Lagre");
  }],
  "a template about a patient": ["admin", /ligner et fødselsnummer/, async (hand) => {
    await hand.open("/admin/maltekster/ny");
    await hand.fill({ Navn: LONG.slice(0, 100), Tekst: `Gjelder ${identity("120360", 312)}` });
    await hand.submit("Lagre");
  }],
  "the access log when nothing fits": ["revisor", /Ingenting passer/, async (hand) => {
    await hand.open("/admin/logg");
    await hand.fill({ Konto: "finnesikke" });
    await hand.submit("Søk");
  }],
  "the access log by a day that is none": ["revisor", /Det er ingen dato/, async (hand) => {
    await hand.open("/admin/logg");
    // As browsers do that know no days.
    await hand.field("Fra og med").evaluate((it) => { it.type = "text"; });
    await hand.fill({ Konto: "sykepleier", "Fra og med": "12. mars" });
    await hand.submit("Søk");
  }],
  "the report of a patient whom nobody else has looked for": ["revisor", /Laget en innsynsrapport/, async (hand) => {
    await hand.open("/innsyn");
    await hand.fill({ "Pasientens id-nummer": identity("120360", 313) });
    await hand.submit("Lag rapport");
  }],
  "access to a stay without a reason": ["sykepleier.rus", /Begrunnelsen er \d+ tegn/, async (hand) => {
    await hand.open(`/selvtilgang?sak=${(await longStay(people.sykepleier)).split("/").pop()}`);
    await hand.fill({ "Hvorfor trenger du tilgang?": "Vet ikke" });
    await hand.submit("Ta tilgang");
  }],
  "an agreement in which nothing has these words": ["sekretariat", /Ingen regler har disse ordene/, async (hand) => {
    await anAgreement(hand);
    await hand.open(`${new URL(hand.page.url()).pathname}?q=finnesikke`);
  }],
  "a proposal with mistakes": ["sekretariat", /linje/i, async (hand) => {
    await anAgreement(hand);
    await hand.follow("Forslag til endring");
    await hand.fill({ "Hva forslaget kalles": LONG.slice(0, 60) });
    await hand.submit("Begynn på et forslag");
    await hand.page.locator("#f-tekst").fill("Dette er ingen avtale");
    await hand.submit("Lagre og sjekk");
  }],
  "a meeting about a patient, before anybody is called": ["sykepleier", /Kall inn/, async (hand) => {
    await hand.open(`${await longStay(hand)}/mote`);
  }],
  "figures of another month": ["sekretariat", /./, (hand) => hand.open("/tall?aar=2001")],
};
const long = { given: "Solveig", family: `${LONG.slice(0, 56)}nes`, number: identity("220244", 311) };

/** The address of the stay of somebody with a long name, who is admitted when first asked for. */
async function longStay(hand) {
  if (!long.stay) {
    await admit(hand, long);
    await noticed(hand, long);
  }
  return long.stay;
}

/** Opens the first agreement of the list. */
async function anAgreement(hand) {
  await hand.open("/avtaler");
  await hand.leave(hand.page.locator("main th a").first());
}

/** Looks over a message that lacks much. */
async function lacking(hand) {
  await hand.open(`${await longStay(hand)}/skriv/utskrivningsklar`);
  await hand.fill({ "Øvrige problemstillinger": LONG });
  await hand.submit("Se over før sending");
}

describe("pages in states that links don't lead to", () => {
  before(async () => {
    node = await region();
    for (const login of ["sykepleier", "sykepleier.rus", "samhandling", "sekretariat", "revisor", "admin"]) {
      const { page } = await person(node.browser, node.address, login, DESK);
      people[login] = new Mouse(page, login);
    }
    people.nobody = new Mouse(await (await node.browser.newContext({ ...DESK, baseURL: node.address })).newPage(), "");
  });

  for (const [name, [who, said, come]] of Object.entries(STATES)) {
    test(`all can use ${name}`, async () => {
      const hand = people[who];
      await come(hand);
      assert.match(await hand.text(), said);
      html.set(name, await hand.html());
      assert.deepEqual(await faultsOf(hand.page, name, PICTURES), []);
    });
  }

  test("the HTML of these pages is valid", async () => {
    assert.deepEqual(await htmlFaults(html), []);
  });
});
