"""Redis: what is true right now. Every key can be rebuilt from the store and the carrier's next
request.
"""
