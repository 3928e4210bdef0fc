"""A host whose pages run no script and no style without the nonce of the response."""

from tests.settings.default import *

MIDDLEWARE = [*MIDDLEWARE, "tests.hosts.csp.strict_csp"]
