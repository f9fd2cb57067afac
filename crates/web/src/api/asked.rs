//! What addresses ask for, written anew for the address of the next page.

use super::encoded;

/// Parameters with their values; those without a value are left out: `holder=kommune&status=open&`.
pub(crate) fn asked(parameters: &[(&str, Option<String>)]) -> String {
    let given = parameters.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    given.fold(String::new(), |text, (name, value)| text + name + "=" + &encoded(value) + "&")
}
