use std::{fs, io, path::Path};

use uuid::Uuid;

use super::{FolderOptions, files};
use crate::{Parcel, SendFault};

/// Longer parts of a name are cut: file systems take 255 bytes in all.
const NAME_PART_MAX: usize = 80;

/// Writes a parcel as a file. Once it is `Ok` the file is there whole and stays there.
pub(super) fn send(options: &FolderOptions, parcel: &Parcel) -> Result<(), SendFault> {
    let Some(folder) = &options.outgoing else {
        let says = "the channel has no folder to send to: give it `outgoing`".to_owned();
        return Err(SendFault::Refused { condition: "folder:no-outgoing".to_owned(), says });
    };
    let name = file_name(parcel);
    let unique = Uuid::new_v4().simple().to_string();
    match files::write_new(folder, &name, &unique, &parcel.bytes) {
        Ok(true) => Ok(()),
        Ok(false) => same_again(folder, &name, parcel),
        Err(error) => Err(later(folder, &error)),
    }
}

fn same_again(folder: &Path, name: &str, parcel: &Parcel) -> Result<(), SendFault> {
    match fs::read(folder.join(name)) {
        Ok(bytes) if bytes == parcel.bytes => Ok(()),
        Ok(_) => {
            let says = format!("there is another file with the name {name}: move it away and try again");
            Err(SendFault::Refused { condition: "folder:name-taken".to_owned(), says })
        }
        Err(error) => Err(later(folder, &error)),
    }
}

fn later(folder: &Path, error: &io::Error) -> SendFault {
    SendFault::Later { says: format!("can't write in the folder {}: {error}", folder.display()) }
}

fn file_name(parcel: &Parcel) -> String {
    let message = if parcel.message.is_empty() { &parcel.id } else { &parcel.message };
    let kind = if parcel.kind.is_empty() { "melding" } else { &parcel.kind };
    format!("{}-{}.xml", sanitised(kind), sanitised(message))
}

/// Letters and digits of ASCII, `-` and `_`; a `.` only inside. All else becomes `_`.
fn sanitised(part: &str) -> String {
    let plain = |sign: char| if sign.is_ascii_alphanumeric() || "-_.".contains(sign) { sign } else { '_' };
    let name: String = part.chars().take(NAME_PART_MAX).map(plain).collect();
    name.trim_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_can_not_leave_the_folder() {
        for (part, name) in [
            ("LOG_INNLAGT", "LOG_INNLAGT"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("..", ""),
            ("a\\b:c", "a_b_c"),
            ("æ\0", "__"),
        ] {
            assert_eq!(sanitised(part), name);
        }
        assert_eq!(sanitised(&"x".repeat(300)).len(), NAME_PART_MAX);
    }
}
