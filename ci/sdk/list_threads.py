"""Lists all threads and messages with HubSpot's Python SDK, and prints what it found as JSON.

usage: list_threads.py BASE_URL TOKEN VERSION
"""

import hashlib
import json
import sys
from types import SimpleNamespace

from hubspot import HubSpot
from hubspot.conversations.visitor_identification import IdentificationTokenGenerationRequest
from hubspot.utils.objects import fetch_all

# Histories are shorter than the page length of the SDK's pager.
MESSAGES_PER_PAGE = 5

ROOTS = {
    "v3": "/conversations/v3/conversations",
    "2026-09": "/conversations/conversations/2026-09",
}


class List:
    """A list of the API, as the SDK's pager wants it."""

    def __init__(self, client, path, page_length=None):
        self.client, self.path, self.page_length = client, path, page_length
        self.cursors = set()

    def get_page(self, after, limit):
        query = {"limit": self.page_length or limit}
        if after is not None:
            if after in self.cursors:
                sys.exit(f"{self.path}: the same cursor came twice, so the list never ends")
            self.cursors.add(after)
            query["after"] = after
        page = answer(self.client, path=self.path, qs=query)
        following = page.get("paging", {}).get("next")
        return SimpleNamespace(
            results=page["results"],
            paging=following and SimpleNamespace(next=SimpleNamespace(**following)),
        )


def answer(client, **request):
    response = client.api_request(request)
    if response.status_code != 200:
        sys.exit(f"{request['path']}: {response.status_code} {response.text}")
    return response.json()


def main():
    base_url, token, version = sys.argv[1:]
    # The generic request and the typed clients have different names for the address.
    client = HubSpot(access_token=token, base_url=base_url, host=base_url)
    root = ROOTS[version]

    threads = [thread["id"] for thread in fetch_all(List(client, f"{root}/threads"))]
    messages, creators = [], set()
    for thread in threads:
        path = f"{root}/threads/{thread}/messages"
        for message in fetch_all(List(client, path, MESSAGES_PER_PAGE)):
            if message["conversationsThreadId"] != thread:
                sys.exit(f"{path}: a message of another thread")
            messages.append(message["id"])
            creators.add(message["createdBy"])

    inputs = sorted(creators)[:100]
    batch = answer(
        client, method="POST", path=f"{root}/actors/batch/read", body={"inputs": inputs}
    )
    if [actor["id"] for actor in batch["results"]] != inputs:
        sys.exit("batch read: not every actor was found")

    visitor = IdentificationTokenGenerationRequest(email="visitor@example.com")
    if not client.conversations.visitor_identification.generate_api.generate_token(visitor).token:
        sys.exit("visitor identification: no token")

    ids = hashlib.sha256("\n".join(sorted(set(threads + messages))).encode()).hexdigest()
    found = {
        "threads": len(threads),
        "distinct_threads": len(set(threads)),
        "messages": len(messages),
        "distinct_messages": len(set(messages)),
        "ids": ids,
    }
    print(json.dumps(found, separators=(",", ":")))


main()
