"""The demo: 云屏省, an invented province, loaded and wiped by `manage.py demo`."""
