/// How much of a document is taken in before it is refused. Exactly at a limit is inside it.
///
/// Reading takes time and memory in proportion to the document; these say how large one may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlLimits {
    /// Bytes of the document as it came. Default: 40 MiB, a little over what the message service carries (35 MB).
    pub bytes_max: usize,
    /// Elements in elements. Default: 64; the deepest official message has 14.
    pub depth_max: usize,
    /// Elements of the whole document. Default: 200,000.
    pub elements_max: usize,
    /// Attributes of one element, namespace declarations left out. Default: 64.
    pub attributes_max: usize,
    /// Namespace declarations of the whole document. Default: 1,000.
    pub namespaces_max: usize,
    /// Different names of elements and attributes that no schema has. Default: 5,000; all schemas together have under 1,500.
    pub names_max: usize,
    /// Bytes of one name, prefix or namespace. Default: 256.
    pub name_bytes_max: usize,
}

impl Default for XmlLimits {
    fn default() -> Self {
        Self {
            bytes_max: 40 << 20,
            depth_max: 64,
            elements_max: 200_000,
            attributes_max: 64,
            namespaces_max: 1_000,
            names_max: 5_000,
            name_bytes_max: 256,
        }
    }
}
