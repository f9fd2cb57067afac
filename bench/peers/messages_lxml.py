"""Messages read and validated by lxml: `messages_lxml.py SCHEMAS MESSAGES TIMES LARGEST`. The schema is compiled beforehand."""

import sys
from pathlib import Path

from lxml import etree

import side


def main():
    schemas, messages, times, largest = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    schema = etree.XMLSchema(etree.parse(str(schemas / "_all.xsd")))
    parser = etree.XMLParser(no_network=True, resolve_entities=False, huge_tree=True)
    files = sorted(path for path in messages.rglob("*.xml") if "ebxml" not in path.parts)
    documents = [document for document in (path.read_bytes() for path in files) if len(document) <= largest]

    def run():
        for _ in range(times):
            valid = [schema.validate(etree.fromstring(document, parser)) for document in documents]
        return valid

    facts = {"cases": times * len(documents), "peer": f"lxml {etree.__version__}"}
    side.serve(facts, run, lambda valid: bytes(map(int, valid)))


main()
