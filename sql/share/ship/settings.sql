-- Update the settings: the static encoder made the vectors, and nothing of the source is named.
-- reads: $digest, $config   writes: build
update build set encoder = 'static', encoder_digest = $digest, config = $config;
