import json, pytest
from tests.mock_portals.adp_steps import Adp
@pytest.fixture
def adp():
    a=Adp("http://127.0.0.1:9102",json.load(open("/tmp/adpdev/accounts.json"))); a.ask("reset",{}); return a
@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args): return {**browser_type_launch_args,"executable_path":"/usr/bin/chromium"}
@pytest.fixture(scope="session")
def base_url(): return None
