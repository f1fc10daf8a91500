"""A small internet on one machine: see `lab.Lab`."""

from tests.support.netlab.lab import Host, Lab, LabUnavailable, require_lab

__all__ = ["Host", "Lab", "LabUnavailable", "require_lab"]
