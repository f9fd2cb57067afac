//! A party that its administrator changes in the address book, on nodes that run.

use crate::support::{
    LIMIT, alone,
    feed::Traffic,
    node::{Node, Setup, with_front},
    page::Browser,
    postgres::Postgres,
    so, until,
};

const ORIGIN: &str = "http://localhost";
const PASSWORD: &str = "en lang setning om fjell";

/// Somebody at the hospital who is logged in.
fn person(node: &Node, traffic: &Traffic, role: &str) -> Browser {
    let held = format!("{role}:{}", traffic.trust());
    let link = node.does(&["account", "add", role, "--name", "Kari Lien", "--role", &held]);
    let mut browser = Browser::new(node.front(), ORIGIN);
    browser.set_password(link.trim().strip_prefix(ORIGIN).unwrap(), PASSWORD);
    browser.log_in(role, PASSWORD);
    browser
}

fn makes_a_ward(admin: &mut Browser, name: &str, (version, her): (&str, &str)) {
    let form = admin.get("/admin/parter/enhet");
    let fields = [("utgave", version), ("hva", ""), ("navn", name), ("her", her), ("telefon", "")];
    let answer = admin.post("/admin/parter/enhet", &form, &fields);
    assert_eq!(answer.status, 303, "{}", answer.text);
}

fn until_it_can_be_admitted_to(name: &str, clerk: &mut Browser, node: &Node) {
    until("the ward can be chosen", LIMIT, || {
        let page = clerk.get("/opphold/ny");
        assert_eq!(page.status, 200, "{}", page.text);
        so(page.text.contains(name), || node.log())
    });
}

#[test]
fn what_is_changed_on_one_node_holds_on_all_without_a_restart_and_after_one() {
    let _alone = alone();
    let Some(postgres) = Postgres::start() else { return };
    let traffic = Traffic::new(11, 1);
    let mut nodes = ["en", "to"].map(|name| {
        let setup = Setup { name: name.to_owned(), place: postgres.place(), ..traffic.hospital() };
        with_front(setup, ORIGIN, "")
    });
    nodes.iter_mut().for_each(Node::start);
    let mut admin = person(&nodes[0], &traffic, "administrator");
    let mut clerk = person(&nodes[1], &traffic, "samhandlingskontor");
    makes_a_ward(&mut admin, "Prøveposten", ("0", "8999001"));
    until_it_can_be_admitted_to("Prøveposten", &mut clerk, &nodes[1]);
    let mut there = clerk.sent_to(nodes[0].front());
    until_it_can_be_admitted_to("Prøveposten", &mut there, &nodes[0]);
    let role = format!("sengepost:{}", traffic.trust());
    nodes[0].does(&["account", "add", "ny", "--name", "Per Dal", "--role", &role, "--unit", "Prøveposten"]);

    assert!(nodes[1].stop().success());
    makes_a_ward(&mut admin, "Nattposten", ("1", "8999002"));
    nodes[1].start();
    let mut clerk = clerk.sent_to(nodes[1].front());
    let page = clerk.get("/opphold/ny").text;
    assert!(
        page.contains("Prøveposten") && page.contains("Nattposten"),
        "from its start: {}",
        nodes[1].log()
    );
    for mut node in nodes {
        assert!(node.stop().success());
    }
}
