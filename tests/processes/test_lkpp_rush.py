"""Many agencies want too few seats at once: none is sold twice, none is lost, nobody hears of a deadlock."""

from tests.support.rush import Rush


def test_eight_writers_and_too_few_seats_on_postgresql(postgresql_database):
    rush = Rush(postgresql_database, agencies=15, participants=8, schedules=4, quota=20)
    rush.prepare()

    rush.run()

    numbers = rush.judge()
    assert numbers["waiting"] > 0
    assert numbers["given"] > 0


def test_four_writers_and_too_few_seats_on_sqlite(sqlite_database):
    rush = Rush(sqlite_database, agencies=6, participants=5, schedules=3, quota=6, writers=4)
    rush.prepare()

    rush.run()

    assert 0 < rush.judge()["booked"] <= 18
