-- For this project's own checks: offline, with the test tools of the distribution.
rocks_servers = {}
rocks_provided = { busted = "2.1.1-1", luassert = "1.9.0-1", penlight = "1.13.1-1" }
