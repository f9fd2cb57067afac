// What people do on the way of a patient, as steps that several tests take.
import assert from "node:assert/strict";

/** An identity number that nobody has: 80 is added to the month. `born` is day, month and year; `individual` tells those of a day apart. */
export function identity(born, individual) {
  const digit = (digits, weights) => {
    const left = weights.reduce((sum, weight, place) => sum + weight * Number(digits[place]), 0) % 11;
    return (11 - left) % 11;
  };
  for (let number = individual; number < 500; number += 1) {
    const month = String(Number(born.slice(2, 4)) + 80);
    const nine = born.slice(0, 2) + month + born.slice(4) + String(number).padStart(3, "0");
    const first = digit(nine, [3, 7, 6, 1, 8, 9, 4, 5, 2]);
    const second = digit(nine + first, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
    // Some numbers have no check digit, and are never given.
    if (first < 10 && second < 10) return `${nine}${first}${second}`;
  }
  throw new Error(`no number of ${born} is left`);
}

/** Admits a patient from the board. `way.stay` becomes the address of the stay. */
export async function admit(ward, way) {
  await ward.open("/tavle");
  await ward.follow("Nytt opphold");
  await ward.fill({
    "Fødselsnummer, d-nummer eller hjelpenummer": way.number,
    Fornavn: way.given,
    Etternavn: way.family,
    Oppholdskommune: "Tromsø",
    Fagområde: "Somatikk",
    "Mottar kommunale tjenester ved innleggelsen": "Ja",
    "Forventes å trenge kommunale tjenester etter utskrivning": "Ja",
    "Hva oppholdet gjelder": "Lårhalsbrudd",
  });
  await ward.submit("Registrer");
  const [, stay] = /^(\/opphold\/[^/]+)\/skriv$/.exec(new URL(ward.page.url()).pathname) ?? assert.fail(await ward.text());
  way.stay = stay;
}

/** Tells the municipality of the admission, from the page that admitting leads to. */
export async function noticed(ward, way) {
  await ward.open(`${way.stay}/skriv`);
  await ward.follow("Melding om innlagt pasient");
  return send(ward, {}, "Send");
}

/** Fills in the form that is open, looks it over, and sends it. Gives what was seen before it went. */
export async function send(hand, values, done) {
  await hand.fill(values);
  await hand.submit("Se over før sending");
  const seen = await hand.text();
  assert.match(seen, /Dette fører det til/);
  await hand.submit(done);
  assert.match(await hand.text(), /Det er skrevet\./);
  return seen;
}

/** Writes in a stay: from its menu to the page that says that it stands there. Gives what was seen before it went. */
export async function write(hand, stay, kind, values, done = "Send") {
  await hand.open(stay);
  await hand.press(hand.page.getByRole("main").locator("summary", { hasText: /^Skriv$/ }));
  const here = hand.link(kind);
  await hand.leave((await here.count()) > 0 ? here : hand.link("Hendelser og alt annet"));
  if (/\/skriv$/.test(hand.page.url())) await hand.follow(kind);
  return send(hand, values, done);
}
