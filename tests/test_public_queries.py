"""A public page asks the database so often and not once more, however much it shows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.public_world import make_deputy, make_proposal, make_reply

pytestmark = pytest.mark.django_db


def count(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(address)
        assert response.status_code == 200, address
        if response.streaming:
            b"".join(response.streaming_content)
    return len(queries)


def publish(number_of_proposals: int) -> None:
    for _each in range(number_of_proposals):
        make_reply(make_proposal(), promises=1)


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/", 8),
        ("/proposals/", 3),
        ("/proposals/?q=职业&department=education&role=lead&promises=open", 3),
        ("/proposals.csv", 2),
        ("/commitments/", 3),
        ("/commitments/?state=overdue&department=education", 3),
        ("/commitments.json", 2),
        ("/departments/", 4),
        ("/departments/education/", 7),
        ("/deputies/", 3),
        ("/deputies/d1/", 2),
    ],
)
def test_a_list_of_twenty_asks_no_more_than_a_list_of_ten(client, address, most):
    publish(10)
    ten = count(client, address)
    publish(10)
    assert count(client, address) == ten <= most


def test_a_list_with_further_pages_asks_once_more_for_the_count(client):
    publish(41)
    assert count(client, "/proposals/?page=2") == 3
    assert count(client, "/commitments/") == 3


def test_a_proposal_with_three_replies_and_forty_promises_asks_three_times(client):
    proposal = make_proposal()
    for round_number, promises in enumerate((15, 15, 10), start=1):
        make_reply(proposal, key=str(round_number), round=round_number, promises=promises)
    assert count(client, proposal.get_absolute_url()) == 3


def test_a_reply_with_forty_promises_asks_no_more_than_one_with_a_single_promise(client):
    named = {"co_handlers": [{"slug": "education", "name": "省教育厅"}]}
    short = make_reply(make_proposal(), promises=1, document=named)
    long = make_reply(make_proposal(), promises=40, document=named)
    assert count(client, short.get_absolute_url()) == count(client, long.get_absolute_url()) == 4


def test_a_promise_asks_once(client):
    reply = make_reply(make_proposal(), promises=1)
    assert count(client, reply.commitments.get().get_absolute_url()) == 1


def test_the_help_asks_once_whether_all_is_invented(client):
    make_deputy()
    assert count(client, "/help/") == 1


@pytest.mark.parametrize(
    "address",
    ["/", "/proposals/", "/proposals.csv", "/commitments/", "/commitments.csv"]
    + ["/departments/", "/departments/education/", "/deputies/"],
)
def test_no_list_fetches_the_text_of_a_letter(client, address):
    publish(2)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        b"".join(response)
    assert queries.captured_queries
    assert not [q for q in queries.captured_queries if '"public_publicreply"."text"' in q["sql"]]
