"""One site for all tests of this folder, on two processes."""

from collections.abc import Iterator

import pytest

from tests.processes.site import run_site
from tests.services.process import url_of
from tests.services.valkey import run_valkey


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    folder = tmp_path_factory.mktemp("site")
    redis_url = url_of("TEST_REDIS_URL", run_valkey)
    with run_site(folder, redis_url=redis_url, processes=2) as sites:
        yield sites
