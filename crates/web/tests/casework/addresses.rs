//! One's own party in the address book: changed by its administrators, and what others then meet.

use samspill_service::{access::Role, addresses::Changes};

use crate::{
    desk::{Region, hidden},
    support::{Side, User},
};

const OWN: &str = "/admin/parter/egen";
const UNIT: &str = "/admin/parter/enhet";

/// Sends the form of a unit, as the page had it but for these fields.
async fn send(admin: &User, page: &str, to: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let form = admin.get(page).await;
    assert_eq!(form.status, 200, "{page}: {}", form.text());
    let version = hidden(&form, "utgave");
    let answer = admin.post_form(to, &[&[("utgave", version.as_str())], fields].concat()).await;
    (answer.status, answer.text())
}

#[tokio::test]
async fn a_ward_that_an_administrator_made_can_be_admitted_to() {
    let mut region = Region::new("2026-03-09T09:00").await;
    let admin = region.t.user(Role::Administrator, Side::Trust);
    assert!(admin.get("/admin/parter").await.text().contains(OWN), "one's own party can be changed");
    assert!(admin.get(OWN).await.text().contains("Som i nodens fil"));
    let fields = [
        ("navn", "Prøveposten"),
        ("her", "8999001"),
        ("telefon", "77 00 00 01\r\n77 00 00 02"),
        ("fakta-fagomrade", "phv"),
    ];
    let (status, page) = send(&admin, UNIT, UNIT, &[&[("hva", "")], &fields[..]].concat()).await;
    assert_eq!(status, 303, "{page}");
    let own = admin.get(&format!("{OWN}?gjort=lagret")).await.text();
    assert!(own.contains("Prøveposten") && own.contains("77 00 00 01, 77 00 00 02"), "at once: {own}");
    assert!(own.contains("Sist endret"), "{own}");

    region.deliver().await;
    let parts = region.t.app.parts();
    let changes = Changes::read(&parts.store, &parts.community).await.unwrap();
    let app = region.t.app.changed_by(&changes).await.unwrap();
    let stays = |app: &samspill_web::App| app.live().stays().len();
    assert_eq!(stays(&app), stays(&region.t.app), "all stays are there by the new book too");
    region.t.router = samspill_web::router(app);
    let nurse = region.t.user(Role::Coordination, Side::Trust);
    assert!(nurse.get("/opphold/ny").await.text().contains("Prøveposten"));
    let admin = region.t.user(Role::Administrator, Side::Trust);
    assert!(admin.get("/admin/kontoer").await.text().contains("Prøveposten"), "roles can be given in it");
}

#[tokio::test]
async fn only_administrators_change_and_only_their_own() {
    let region = Region::new("2026-03-09T09:00").await;
    for role in [Role::Coordination, Role::Ward, Role::Auditor] {
        let user = region.t.user(role, Side::Trust);
        for path in [OWN, UNIT] {
            assert!([403, 404].contains(&user.get(path).await.status), "{role:?} {path}");
            let answer = user.post_form(path, &[("utgave", "0"), ("navn", "Min")]).await;
            assert!([403, 404].contains(&answer.status), "{role:?} {path}");
        }
        assert!(!user.get("/admin/parter").await.text().contains(OWN), "{role:?}");
    }
    let admin = region.t.user(Role::Administrator, Side::First);
    let page = admin.get(OWN).await.text();
    assert!(page.contains(&region.t.first) && page.contains("Sykepleietjenesten"), "{page}");
    let ward = region.t.world().region.trust.wards[0].her.clone();
    assert_eq!(
        admin.get(&format!("{UNIT}?hva={ward}")).await.status,
        404,
        "another party's unit isn't there"
    );
    let fields = [("hva", ward.as_str()), ("utgave", "0"), ("her", "1")];
    assert_eq!(admin.post_form(UNIT, &fields).await.status, 404);
}

#[tokio::test]
async fn what_is_wrong_is_told_beside_its_field_and_nothing_is_lost() {
    let region = Region::new("2026-03-09T09:00").await;
    let admin = region.t.user(Role::Administrator, Side::Trust);
    let taken = region.t.world().region.municipalities[0].her.clone();
    for (fields, told) in [
        (vec![("navn", ""), ("her", "8999001")], "id=\"e-navn\""),
        (vec![("navn", "Prøveposten"), ("her", "åtte")], "id=\"e-her\""),
        (vec![("navn", "Prøveposten"), ("her", taken.as_str())], "id=\"e-her\""),
        (vec![("navn", "Prøveposten"), ("telefon", "ring")], "id=\"e-telefon\""),
    ] {
        let (status, page) = send(&admin, UNIT, UNIT, &[&[("hva", "")], &fields[..]].concat()).await;
        assert!(status == 200 && page.contains(told), "{fields:?}: {status} {page}");
        assert!(fields.iter().all(|(_, text)| page.contains(text)), "what was typed stands: {page}");
    }
    let (status, page) = send(&admin, OWN, OWN, &[("her", "x"), ("telefon", "77 00 00 00")]).await;
    assert!(status == 200 && page.contains("id=\"e-her\"") && page.contains("77 00 00 00"), "{page}");
    assert!(admin.get(OWN).await.text().contains("Som i nodens fil"), "nothing was saved");
}

#[tokio::test]
async fn of_two_who_change_a_party_the_second_sees_what_the_first_saved() {
    let region = Region::new("2026-03-09T09:00").await;
    let admin = region.t.user(Role::Administrator, Side::First);
    let unit = format!("{UNIT}?hva=sykepleie");
    let form = admin.get(&unit).await;
    assert!(form.text().contains("Navnet kan ikke endres"), "{}", form.text());
    let (version, her) = (hidden(&form, "utgave"), "8999002");
    let of = |number: &'static str| {
        vec![
            ("utgave", version.clone()),
            ("hva", "sykepleie".to_owned()),
            ("her", her.to_owned()),
            ("telefon", number.to_owned()),
        ]
    };
    let post = async |fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = admin.post_form(UNIT, &fields).await;
        (answer.status, answer.text())
    };
    assert_eq!(post(of("77 00 00 01")).await.0, 303);
    let (status, page) = post(of("77 00 00 02")).await;
    assert_eq!(status, 409, "{page}");
    assert!(
        page.contains("<dd class=\"s-said\">77 00 00 01</dd>") && page.contains(">77 00 00 02</textarea>"),
        "{page}"
    );
    assert_eq!(hidden(&admin.get(&unit).await, "utgave"), "1");

    assert_eq!(admin.post_form(&format!("{OWN}/fil"), &[("utgave", "0")]).await.status, 409);
    assert_eq!(admin.post_form(&format!("{OWN}/fil"), &[("utgave", "1")]).await.status, 303);
    assert!(!admin.get(OWN).await.text().contains(her), "as the file says");
}

#[tokio::test]
async fn who_takes_what_is_chosen_among_the_units_in_use() {
    let region = Region::new("2026-03-09T09:00").await;
    let admin = region.t.user(Role::Administrator, Side::First);
    let page = admin.get(OWN).await.text();
    let chosen = "name=\"tar-epikrise\"";
    assert!(page.contains(chosen) && page.contains("Som vanlig"), "{page}");
    let ended = [("hva", "sykepleie"), ("her", ""), ("telefon", ""), ("avsluttet", "ja")];
    let (status, page) = send(&admin, UNIT, UNIT, &ended).await;
    assert!(status == 200 && page.contains("Velg en annen til det først"), "{status} {page}");
    let (status, page) =
        send(&admin, OWN, OWN, &[("her", ""), ("telefon", ""), ("tar-epikrise", "saksbehandling")]).await;
    assert_eq!(status, 303, "{page}");
    let (status, page) = send(&admin, UNIT, UNIT, &ended).await;
    assert_eq!(status, 303, "{page}");
    let page = admin.get(OWN).await.text();
    let select = page.split(chosen).nth(1).unwrap().split("</select>").next().unwrap();
    assert!(select.contains("value=\"saksbehandling\" selected"), "{select}");
    assert!(!select.contains("value=\"sykepleie\""), "{select}");
    assert!(page.contains("Avsluttet"), "{page}");
}
