-- Say that the static encoder made the vectors that are here now.
-- reads: $digest   writes: build
update build set encoder = 'static', encoder_digest = $digest;
