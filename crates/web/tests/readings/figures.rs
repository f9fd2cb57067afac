//! Figures are what evaluating every stay comes to, and nobody sees what is hidden.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use samspill_base::CaseLog;
use samspill_engine::DutyStatus;
use samspill_service::{
    access::Role,
    downtime::{DowntimeDesk, NewPeriod, Sort},
    figures::Month,
};

use crate::support::{Side, TestApp, User};

/// A file as rows of cells; none of ours hold commas.
async fn rows(user: &User, path: &str) -> Vec<Vec<String>> {
    let file = user.get(path).await;
    assert_eq!(file.status, 200, "{path}: {}", file.text());
    assert!(file.header("content-type").starts_with("text/csv"));
    let cells = |line: &str| line.split(',').map(str::to_owned).collect();
    file.text().lines().skip(1).map(cells).collect()
}

/// The year of the month before now, in which all of the simulated month lies that isn't shown as unfinished.
fn year(t: &TestApp) -> i16 {
    t.now().to_zoned(zone()).date().year()
}

fn zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get("Europe/Oslo").unwrap()
}

/// Kept, late and missed by duty over all stays, counted from evaluations; and the days that count.
async fn counted(t: &TestApp, is_shown: impl Fn(Month) -> bool) -> (BTreeMap<String, [u64; 3]>, u64) {
    let (store, community) = (&t.app.parts().store, &t.app.parts().community);
    let agreements = t.app.parts().projections.agreements();
    let version = agreements.all()[0].newest().clone();
    let (mut duties, mut days) = (BTreeMap::<String, [u64; 3]>::new(), 0);
    for case in store.cases(community, "", 100_000).await.unwrap() {
        let entries = store.case_entries(community, &case).await.unwrap();
        let Some(evaluation) = agreements.evaluate(&CaseLog { case, entries }, t.now()) else { continue };
        for duty in &evaluation.duties {
            let place = match duty.status {
                DutyStatus::Kept => 0,
                DutyStatus::Late => 1,
                DutyStatus::Missed => 2,
                DutyStatus::Open | DutyStatus::Waived => continue,
            };
            if is_shown(Month::at(duty.triggered, &evaluation.zone)) {
                let name = version.duty(duty.duty.as_str()).unwrap().name.nb.clone();
                duties.entry(name).or_default()[place] += 1;
            }
        }
        let all = evaluation.meters.iter().flat_map(|meter| &meter.days);
        days += all.filter(|day| day.status.counts() && is_shown(Month::of(day.date))).count() as u64;
    }
    (duties, days)
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_a_direct_count_over_evaluations() {
    let t = TestApp::new().await;
    let (year, now) = (year(&t), Month::at(t.now(), &zone()));
    let (duties, days) = counted(&t, |month| month < now && month.year == year).await;
    let user = t.user(Role::Coordination, Side::Trust);
    let shown = rows(&user, &format!("/tall/plikter.csv?visning=felles&aar={year}")).await;
    let shown: BTreeMap<String, [u64; 3]> = shown
        .into_iter()
        .map(|row| (row[0].clone(), [1, 2, 3].map(|column| row[column].parse().unwrap())))
        .collect();
    assert!(!duties.is_empty());
    assert_eq!(shown, duties, "a hospital takes part in every stay, so nothing is hidden from it");
    let payable = rows(&user, &format!("/tall/dogn-betalingsdogn.csv?visning=felles&aar={year}")).await;
    let sum: u64 = payable.last().unwrap().last().unwrap().parse().unwrap();
    assert_eq!(sum, days);
}

/// Kept, late, missed and in downtime, by duty, of a hospital's stays.
async fn counts(t: &TestApp) -> BTreeMap<String, [u64; 4]> {
    let user = t.user(Role::Coordination, Side::Trust);
    let shown = rows(&user, &format!("/tall/plikter.csv?visning=egne&aar={}", year(t))).await;
    let counts = |row: &[String]| [1, 2, 3, 4].map(|column| row[column].parse().unwrap());
    shown.into_iter().map(|row| (row[0].clone(), counts(&row))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_done_in_registered_downtime_stands_by_itself() {
    let t = TestApp::new().await;
    let before = counts(&t).await;
    assert!(!before.is_empty() && before.values().all(|[.., down]| *down == 0), "{before:?}");
    let explained = "«I nedetid»: ikke gjort i tide";
    let page = format!("/tall?visning=egne&aar={}", year(&t));
    assert!(!t.user(Role::Coordination, Side::Trust).get(&page).await.text().contains(explained));
    goes_down(&t, SignedDuration::from_hours(24 * 60)).await;
    let after = counts(&t).await;
    for (duty, [kept, late, missed, down]) in &after {
        let [was_kept, was_late, was_missed, _] = before[duty];
        assert_eq!((*kept, late + missed + down), (was_kept, was_late + was_missed), "{duty}");
    }
    assert!(after.values().any(|[.., down]| *down > 0), "{after:?}");
    let page = t.user(Role::Coordination, Side::Trust).get(&page).await;
    assert!(page.text().contains(explained) && page.text().contains("s-fill-dotted"), "{}", page.text());
}

/// The first municipality finds that it was down for so long until now.
async fn goes_down(t: &TestApp, long: SignedDuration) {
    let now = t.now();
    let down = NewPeriod {
        id: "ned-1".to_owned(),
        party: t.first.clone(),
        unit: None,
        sort: Sort::Unplanned,
        announced: now,
        announced_by: "Drift".to_owned(),
        from: now - long,
        until: Some(now),
        why: "Strømbrudd".to_owned(),
        systems: BTreeSet::new(),
        registered_by: "Nina".to_owned(),
        recorded: now,
    };
    let parts = t.app.parts();
    let calendar = &parts.projections.agreements().all()[0].newest().calendar.days;
    let (store, community, book) = (&parts.store, &parts.community, &*parts.book);
    DowntimeDesk { store, community, book, calendar, practice: None }.register(&down).await.unwrap();
    // What was read is shown for a minute.
    t.clock.set(now + SignedDuration::from_mins(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_municipality_sees_no_small_number_of_another() {
    let t = TestApp::new().await;
    let user = t.user(Role::CaseOffice, Side::First);
    let year = year(&t);
    let mut hidden = 0;
    // The year isn't over: what tables of whole years show of others is nothing.
    for file in ["plikt-part", "tid-part"] {
        let path = format!("/tall/{file}.csv?visning=felles&aar={year}");
        let shown = if user.get(&path).await.status == 404 { Vec::new() } else { rows(&user, &path).await };
        assert!(shown.iter().all(|row| row[0] == t.first || row[1] == "·"), "{file}: {shown:?}");
    }
    hidden += no_small(&t, &user, "dogn-betalingsdogn", year).await;
    let own = rows(&user, &format!("/tall/plikter.csv?visning=egne&aar={year}")).await;
    assert!(!own.is_empty() && own.iter().flatten().all(|cell| cell != "·"), "{own:?}");
    t.clock.set(format!("{}-01-15T12:00:00Z", year + 1).parse().unwrap());
    let user = t.user(Role::CaseOffice, Side::First);
    for file in ["plikt-part", "dogn-betalingsdogn", "tid-part"] {
        hidden += no_small(&t, &user, file, year).await;
    }
    assert!(hidden > 0, "a month of a small region has small numbers");
}

/// That no number of others in a file is small; how many are hidden.
async fn no_small(t: &TestApp, user: &User, file: &str, year: i16) -> usize {
    let mut hidden = 0;
    for row in rows(user, &format!("/tall/{file}.csv?visning=felles&aar={year}")).await {
        let is_other = row[0] != t.first && row[0] != t.trust && row[0] != "I alt";
        for cell in &row[1..if file == "dogn-betalingsdogn" { row.len() } else { 2 }] {
            hidden += usize::from(cell == "·");
            let is_small = matches!(cell.as_str(), "1" | "2" | "3" | "4");
            // Days are not stays: few days may come from many. But none come from fewer stays than days.
            assert!(!(is_other && is_small), "{file}: {row:?}");
        }
    }
    hidden
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_year_that_is_not_over_no_sum_of_months_of_others_is_shown() {
    let t = TestApp::new().await;
    let user = t.user(Role::CaseOffice, Side::First);
    let rows = rows(&user, &format!("/tall/dogn-betalingsdogn.csv?visning=felles&aar={}", year(&t))).await;
    for row in &rows {
        let is_own = row[0] == t.first;
        assert!(is_own || row.last().unwrap() == "·", "the sum of the year: {row:?}");
    }
    assert!(rows.iter().any(|row| row[1..row.len() - 1].iter().any(|cell| cell != "·")), "{rows:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn own_figures_of_a_municipality_hold_only_what_it_pays() {
    let t = TestApp::new().await;
    let user = t.user(Role::MunicipalAccounts, Side::First);
    let text = user.get(&format!("/tall/dogn-betalingsdogn.csv?visning=egne&aar={}", year(&t))).await;
    if text.status == 200 {
        assert!(!text.text().contains(&t.second), "{}", text.text());
    }
    let page = user.get(&format!("/tall?visning=egne&aar={}", year(&t))).await;
    assert_eq!(page.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_has_charts_with_their_tables_and_files() {
    let t = TestApp::new().await;
    let user = t.user(Role::Coordination, Side::Trust);
    let page = user.get(&format!("/tall?visning=felles&aar={}", year(&t))).await;
    let text = page.text();
    assert_eq!(page.status, 200);
    assert!(text.contains("<svg class=\"s-chart\"") && text.contains("<caption"), "{text}");
    assert!(!text.contains(" style="), "nothing that the content policy refuses");
    let book = user.get("/tall/tall.xlsx?visning=felles").await;
    assert_eq!((book.status, &book.body[..2]), (200, &b"PK"[..]));
    for path in ["/tall/finnesikke.csv", "/tall/plikter.pdf", "/tall/plikter", "/tall/..%2fx.csv"] {
        assert_eq!(user.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_figures_finds_none() {
    let t = TestApp::new().await;
    for path in ["/tall", "/tall?visning=felles", "/tall/plikter.csv", "/tall/tall.xlsx"] {
        assert_eq!(t.get_as(Role::Gp, path).await.status, 404, "{path}");
    }
}
