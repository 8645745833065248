"""Following: visitors are told what changes on the public pages."""
