"""x"""


def on_event(event):
    pass
