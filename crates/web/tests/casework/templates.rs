//! A party's templates: kept by its administrators, put into forms by who writes.

use samspill_service::access::Role;

use crate::{
    desk::{Region, hidden},
    support::{Side, User},
};

const LIST: &str = "/admin/maltekster";
const TEXT: &str = "Bruker rullator.\nTrenger tilsyn om natten.";

/// Saves a template by its form; gives its address and the answer.
async fn saved(admin: &User, fields: &[(&str, &str)]) -> (String, u16, String) {
    let form = admin.get(&format!("{LIST}/ny")).await.text();
    let address = form.split("action=\"").find(|it| it.starts_with(LIST)).unwrap();
    let address = address.split('"').next().unwrap().to_owned();
    let all =
        [&[("navn", "Rullator"), ("felt", "funksjon"), ("tekst", TEXT), ("utgave", "0")], fields].concat();
    let mut last = std::collections::BTreeMap::new();
    last.extend(all);
    let answer = admin.post_form(&address, &last.into_iter().collect::<Vec<_>>()).await;
    (address, answer.status, answer.text())
}

#[tokio::test]
async fn a_template_is_put_into_its_field_after_what_stands_there() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let path = format!("/opphold/{case}/skriv/helseopplysninger");
    assert!(!region.hospital.get(&path).await.text().contains("value=\"maltekst\""), "there is none");
    let admin = region.t.user(Role::Administrator, Side::Trust);
    assert!(admin.get(LIST).await.text().contains("Ingen maltekster ennå"));
    let (address, status, page) = saved(&admin, &[]).await;
    assert_eq!(status, 303, "{page}");
    let id = address.rsplit('/').next().unwrap();

    let form = region.hospital.get(&path).await;
    assert!(form.text().contains("Rullator (") && form.text().contains(id), "{}", form.text());
    let own = [("id", hidden(&form, "id")), ("seen", hidden(&form, "seen"))];
    let own: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let put = async |said: &str, template: &str| {
        let fields = [
            ("f_funksjon", said),
            ("f_uavklart", "Ingenting."),
            ("maltekst", template),
            ("gjor", "maltekst"),
        ];
        let answer = region.hospital.post_form(&path, &[&own[..], &fields].concat()).await;
        assert_eq!(answer.status, 200);
        answer.text()
    };
    let page = put("", id).await;
    assert!(
        page.contains(&format!(">{TEXT}</textarea>")) && page.contains("Malteksten er satt inn"),
        "{page}"
    );
    assert!(page.contains(">Ingenting.</textarea>"), "what else was typed stays");
    let page = put("Går selv.", id).await;
    assert!(page.contains(&format!(">Går selv.\n{TEXT}</textarea>")), "nothing is overwritten: {page}");
    for template in ["", "finnes-ikke"] {
        assert!(put("Går selv.", template).await.contains("Velg en maltekst først"));
    }
    assert_eq!(admin.post_form(&format!("{address}/fjern"), &[("utgave", "1")]).await.status, 303);
    assert!(!region.hospital.get(&path).await.text().contains("value=\"maltekst\""), "it is gone");
}

#[tokio::test]
async fn another_party_neither_sees_nor_changes_nor_removes_a_template() {
    let region = Region::new("2026-03-09T09:00").await;
    let admin = region.t.user(Role::Administrator, Side::Trust);
    let (address, status, page) = saved(&admin, &[]).await;
    assert_eq!(status, 303, "{page}");
    let other = region.t.user(Role::Administrator, Side::First);
    assert!(!other.get(LIST).await.text().contains("Rullator"), "it is a party's own");
    assert_eq!(other.get(&address).await.status, 404);
    assert_eq!(other.post_form(&format!("{address}/fjern"), &[("utgave", "1")]).await.status, 303);
    assert_eq!(admin.get(&address).await.status, 200, "nobody else removes it");
    let theirs = [("navn", "Rullator"), ("felt", "funksjon"), ("tekst", "Deres."), ("utgave", "1")];
    assert_ne!(other.post_form(&address, &theirs).await.status, 303, "there is none that they changed");
    assert!(admin.get(&address).await.text().contains("Bruker rullator."));
}

#[tokio::test]
async fn what_a_template_cant_say_is_told_beside_its_field() {
    let region = Region::new("2026-03-09T09:00").await;
    let admin = region.t.user(Role::Administrator, Side::Trust);
    let long = "å".repeat(4001);
    for (fields, told) in [
        (vec![("navn", " ")], "e-navn"),
        (vec![("tekst", "")], "e-tekst"),
        (vec![("tekst", long.as_str())], "e-tekst"),
        (vec![("tekst", "Gjelder 418140 61033.")], "e-tekst"),
        (vec![("navn", "41814061033")], "e-navn"),
        (vec![("slag", "finnes-ikke")], "e-slag"),
        (vec![("felt", "finnes-ikke")], "e-felt"),
        (vec![("slag", "utskrevet"), ("felt", "funksjon")], "e-"),
    ] {
        let (_, status, page) = saved(&admin, &fields).await;
        assert!(status == 200 && page.contains(&format!("id=\"{told}")), "{fields:?}: {status} {page}");
    }
    assert!(admin.get(LIST).await.text().contains("Ingen maltekster ennå"), "nothing was saved");
}

#[tokio::test]
async fn of_two_who_change_a_template_the_second_sees_what_the_first_saved() {
    let region = Region::new("2026-03-09T09:00").await;
    let admin = region.t.user(Role::Administrator, Side::Trust);
    let (address, status, _) = saved(&admin, &[]).await;
    assert_eq!(status, 303);
    let write = async |text: &str, version: &str| {
        let fields = [("navn", "Rullator"), ("felt", "funksjon"), ("tekst", text), ("utgave", version)];
        let answer = admin.post_form(&address, &fields).await;
        (answer.status, answer.text())
    };
    assert_eq!(write("Den førstes tekst.", "1").await.0, 303);
    let (status, page) = write("Den andres tekst.", "1").await;
    assert_eq!(status, 409);
    assert!(page.contains("Den førstes tekst.") && page.contains(">Den andres tekst.</textarea>"), "{page}");
    let removed = admin.post_form(&format!("{address}/fjern"), &[("utgave", "1")]).await;
    assert!(removed.status == 409 && removed.text().contains("ikke fjernet"), "{}", removed.text());
    assert_eq!(write("Den andres tekst.", "2").await.0, 303, "on top of what was seen");
    assert!(admin.get(&address).await.text().contains("Den andres tekst."));
}
