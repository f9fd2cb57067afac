// Checks a proposal while it is written. Without scripts it is checked when it is saved.
"use strict";

(() => {
  const form = document.querySelector("form[data-check]");
  if (!form) return;
  let waits;
  let asked = 0;
  form.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(async () => {
      const mine = ++asked;
      const answer = await fetch(form.dataset.check, { method: "POST", credentials: "same-origin", body: new URLSearchParams(new FormData(form)) });
      if (!answer.ok || mine !== asked) return;
      const part = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("sjekket");
      if (part) document.getElementById("sjekket")?.replaceWith(part);
    }, 500);
  });
})();
