"""A provider of every channel whose buyers are simulated: no message leaves the machine."""
