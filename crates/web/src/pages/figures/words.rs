//! Words of the pages of figures.

use crate::pages::words::words;

words! {
    /// Words of the pages of figures.
    Words {
        title: "Tall" | "Tal" | "Figures",
        own_lead: "Tall for {party}, slik loggen sto {when}. Ingenting er skjult for egen part." | "Tal for {party}, slik loggen sto {when}. Ingenting er skjult for eigen part." | "Figures of {party}, as the log stood {when}. Nothing is hidden from one's own party.",
        all_lead: "Tall for hele fellesskapet, slik loggen sto {when}. Bare hele måneder vises, og summer av måneder når året er over." | "Tal for heile fellesskapet, slik loggen sto {when}. Berre heile månader blir viste, og summar av månader når året er over." | "Figures of the whole community, as the log stood {when}. Only whole months are shown, and sums of months when the year is over.",
        hidden_note: "Tall fra færre enn fem opphold er skjult (·). For at de ikke skal kunne regnes ut fra summer, er noen andre tall skjult med dem." | "Tal frå færre enn fem opphald er skjulte (·). For at dei ikkje skal kunne reknast ut frå summar, er nokre andre tal skjulte med dei." | "Numbers from fewer than five stays are hidden (·). So that they can't be worked out from sums, some other numbers are hidden with them.",
        view: "Hva vises" | "Kva blir vist" | "What is shown",
        own: "Egen part" | "Eigen part" | "Own party",
        all: "Hele fellesskapet" | "Heile fellesskapet" | "The whole community",
        year: "År" | "År" | "Year",
        duty: "Plikt" | "Plikt" | "Duty",
        show: "Vis" | "Vis" | "Show",
        duties: "Plikter holdt, forsinket og forsømt" | "Plikter haldne, forseinka og forsømde" | "Duties kept, late and missed",
        by_month: "{duty}, etter måned" | "{duty}, etter månad" | "{duty}, by month",
        by_party: "{duty}, etter part" | "{duty}, etter part" | "{duty}, by party",
        by_unit: "{duty}, etter enhet" | "{duty}, etter eining" | "{duty}, by unit",
        waits_by_month: "Tid fra utskrivningsklar til hjemme, etter måned" | "Tid frå utskrivingsklar til heime, etter månad" | "Time from ready to home, by month",
        waits_by_party: "Tid fra utskrivningsklar til hjemme, etter mottaker" | "Tid frå utskrivingsklar til heime, etter mottakar" | "Time from ready to home, by receiver",
        days: "{meter}: døgn etter betaler og måned" | "{meter}: døgn etter betalar og månad" | "{meter}: days by payer and month",
        kroner: "{meter}: kroner etter betaler og måned" | "{meter}: kroner etter betalar og månad" | "{meter}: kroner by payer and month",
        days_in_month: "{meter}: døgn i hver måned" | "{meter}: døgn i kvar månad" | "{meter}: days in each month",
        month: "Måned" | "Månad" | "Month",
        party: "Part" | "Part" | "Party",
        unit: "Enhet" | "Eining" | "Unit",
        payer: "Betaler" | "Betalar" | "Payer",
        kept: "Holdt" | "Halde" | "Kept",
        late: "Forsinket" | "Forseinka" | "Late",
        missed: "Forsømt" | "Forsømt" | "Missed",
        sum: "I alt" | "I alt" | "In all",
        share: "Andel holdt" | "Del halde" | "Share kept",
        patients: "Pasienter" | "Pasientar" | "Patients",
        first: "Første kvartil" | "Første kvartil" | "First quartile",
        median: "Median" | "Median" | "Median",
        third: "Tredje kvartil" | "Tredje kvartil" | "Third quartile",
        nobody: "Ikke oppgitt" | "Ikkje oppgitt" | "Not said",
        nothing: "Ingen tall" | "Ingen tal" | "No figures",
        nothing_hint: "Velg et annet år, eller vent til måneden er over." | "Vel eit anna år, eller vent til månaden er over." | "Choose another year, or wait until the month is over.",
        download: "Last ned" | "Last ned" | "Download",
        all_tables: "Alle tabeller (XLSX)" | "Alle tabellar (XLSX)" | "All tables (XLSX)",
        making: "Tallene lages. {n} opphold er lest." | "Tala blir laga. {n} opphald er lesne." | "The figures are being made. {n} stays are read.",
        making_hint: "Siden lastes på nytt av seg selv." | "Sida blir lasta på nytt av seg sjølv." | "The page loads again by itself.",
        about: "Om tallene" | "Om tala" | "About the figures",
    }
}
