-- Say that the static encoder made the vectors that are here now, under settings that name nothing of the source.
-- reads: $digest, $config   writes: build
update build set encoder = 'static', encoder_digest = $digest, config = $config;
