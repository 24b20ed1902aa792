"""The reception desk: today's piles, registering, looking up, giving back, slips made on the spot."""
