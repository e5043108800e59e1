from nbtools.errors import did_you_mean


def test_a_close_word_is_proposed_as_it_is_written() -> None:
    assert did_you_mean("wrtier", ["Writer", "site"]) == "; did you mean 'Writer'?"
    assert did_you_mean("zzz", ["Writer", "site"]) == ""
