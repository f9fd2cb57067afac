"""Says of documents whether a schema validator finds them valid.

Argument: the driver schema. Input: documents, each as a line with its length in bytes, and then that many bytes.
Output: a line for each: "valid", "broken" (not well-formed), or the first fault.
"""

import sys

from lxml import etree


def verdict(schema, document):
    try:
        root = etree.fromstring(document, etree.XMLParser(no_network=True, resolve_entities=False, huge_tree=True))
    except etree.XMLSyntaxError:
        return "broken"
    if schema.validate(root):
        return "valid"
    return " ".join(schema.error_log[0].message.split())


def main():
    schema = etree.XMLSchema(etree.parse(sys.argv[1], etree.XMLParser(no_network=True)))
    while length := sys.stdin.buffer.readline():
        print(verdict(schema, sys.stdin.buffer.read(int(length))), flush=False)


main()
