from coordination.cli.tables.fitting import widths


def test_columns_that_fit_are_as_wide_as_their_longest_line() -> None:
    assert widths([["when", "15 March\n2027"], ["who", "AWEX + FIT"]], 80) == [8, 10]


def test_columns_that_do_not_fit_keep_their_words_whole() -> None:
    title = "Economic mission to Vietnam"
    assert widths([["mission", title], ["who", "AWEX + FIT"]], 20) == [14, 5]


def test_a_column_may_keep_its_lines_whole() -> None:
    title = "Economic mission to Vietnam"
    assert widths([["mission", title], ["day", "31 Dec 2026"]], 24, whole=[1]) == [13, 11]


def test_where_not_even_the_words_fit_the_widest_give_way() -> None:
    assert widths([["mission-awex-2027-hanoi"], ["organisation"]], 20) == [10, 10]
    assert widths([["mission-awex-2027-hanoi"], ["organisation"]], 4) == [6, 6]


def test_a_very_long_word_leaves_room_for_the_others() -> None:
    identifier = "mission-hub-belgian-economic-mission-to-the-united-states"
    assert widths([[identifier], ["Washington New York"]], 60) == [44, 15]


def test_a_column_of_nothing_takes_no_room() -> None:
    assert widths([[""], ["who"]], 10) == [0, 3]
