"""Mock portals: a stand-in for ADP Workforce Now and one for BlackDash, over one made-up world.

people         who works here, with the look-alikes that automation must not confuse (names.json)
departments    the table that Home Department is picked from
world, clock   what was changed when, and what each portal knows of it
training       which classes BlackDash makes of what ADP said a lag ago
accounts       who may sign in, with one session each
adp/           the HR portal          blackdash/     the internal dashboard
faults         what a test plants     interference   what that does to a request
control        doors for tests        server         both portals in one process

It shares no line with `rpa`, so that it cannot inherit a mistake from there.
"""
