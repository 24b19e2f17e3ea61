-- Drop the temporary tables of speakers.
-- reads: nothing   writes: speaker_posts, speaker_templates, speaker_accounts, declared (temporary)
drop table speaker_posts;
drop table speaker_templates;
drop table speaker_accounts;
drop table declared;
