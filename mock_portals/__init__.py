"""Mock portals: a stand-in for ADP Workforce Now and one for BlackDash, over one made-up world.

people         who works here, with the look-alikes that automation must not confuse
world, clock   what was changed when, and what BlackDash makes of it a lag later
accounts       who may sign in, with one session each
adp/           the HR portal          blackdash/     the internal dashboard
faults         what a test plants     interference   what that does to a request
control        doors for tests        server         both portals in one process

It shares no line with `rpa`, so that it cannot inherit a mistake from there.
"""
