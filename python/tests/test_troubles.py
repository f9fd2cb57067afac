"""What is wrong is said in our words, with the column and what to do."""

from __future__ import annotations

import pickle

import pyarrow as pa
import pytest

import samspill

from conftest import AS_OF

GOOD = {"case": ["a"], "kind": ["innlagt"], "at": ["2024-06-03T08:30"]}


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"case": ["a"], "kind": ["x"], "Tid": ["2024-06-03"]}, "no column «at»: rename"),
        ({**GOOD, "at": [["2024"]]}, "column «at» is of type List"),
        ({**GOOD, "at": ["i går"]}, "row 1, column «at»: this is not a time"),
        ({**GOOD, "at": pa.array([None], pa.timestamp("us"))}, "row 1, column «at»: nothing is said"),
        ({**GOOD, "kind": [" "]}, "row 1, column «kind»"),
        ({**GOOD, "case": [1]}, "column «case» is of type Int64: make it a text"),
        ({**GOOD, "position": ["1"]}, "column «position»"),
        ({**GOOD, "body:svar": [["ja"]]}, "column «body:svar» is of type List"),
    ],
)
def test_a_wrong_table_names_the_column_and_what_to_do(unn, table, says):
    with pytest.raises(samspill.SamspillError) as error:
        unn.check(pa.table(table), AS_OF)
    assert says in str(error.value)


def test_a_wrong_call_says_what_can_be_written(unn, log):
    for call, says in [
        (lambda: samspill.Agreement.load("unknown"), "shipped are"),
        (lambda: unn.check(log, "yesterday"), "as_of: «yesterday» is not a time"),
        (lambda: unn.check(log, AS_OF, lang="de"), "none of nb, nn and en"),
        (lambda: unn.check(log, AS_OF, times="ms"), "neither ns nor us"),
        (lambda: unn.explain(log, "nobody", AS_OF), "no case «nobody»"),
        (lambda: samspill.to_csv(log), "no column «agreement»"),
        (lambda: samspill.to_csv(unn.check(log, AS_OF), zone="Oslo"), "no time zone «Oslo»"),
        (lambda: samspill.read_log("nothing.jsonl"), "nothing.jsonl"),
    ]:
        with pytest.raises(samspill.SamspillError) as error:
            call()
        assert says in str(error.value)


def test_mistakes_in_an_agreement_are_shown_with_their_place(tmp_path):
    (tmp_path / "agreement.toml").write_text("[agreement]\nid = 1\n")
    with pytest.raises(samspill.SamspillError) as error:
        samspill.Agreement.load(tmp_path)
    assert "agreement.toml:2" in str(error.value)


def test_bad_lines_of_a_log_are_a_warning_or_with_strict_an_error(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text('not json\n{"case": "a", "kind": "innlagt", "at": "2024-06-03"}\n')
    with pytest.warns(UserWarning, match="1 lines were left out"):
        assert samspill.read_log(path).num_rows == 1
    with pytest.raises(samspill.SamspillError):
        samspill.read_log(path, strict=True)


def test_an_agreement_is_pickled_by_what_it_was_loaded_by(unn):
    again = pickle.loads(pickle.dumps(unn))
    assert (again.id, again.versions) == (unn.id, unn.versions)
