use std::collections::BTreeSet;

use samspill_service::exchange::meaning::AddressBook;

/// By what the ends of messages are a party: the HER-ids of its own, of its units and of its person, and its name. With an empty one: a
/// message that doesn't say whom it is for is told of as an event is.
pub(crate) fn own_ends(book: &AddressBook, party: &str) -> BTreeSet<String> {
    let address = book.find(party);
    let hers = address.iter().flat_map(|address| address.her_ids()).map(str::to_owned);
    hers.chain([party.to_owned(), String::new()]).collect()
}
