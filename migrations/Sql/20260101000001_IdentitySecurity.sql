-- Users, clients and tokens belong to the authority, which runs as control_platform. No other role reads them.
REVOKE ALL ON SCHEMA identity FROM PUBLIC;
GRANT USAGE ON SCHEMA identity TO control_platform, backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON
    identity.users, identity.user_claims, identity.user_logins, identity.user_tokens, identity.user_passkeys,
    identity.clients, identity.authorizations, identity.scopes, identity.tokens, identity.data_protection_keys
    TO control_platform;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA identity TO control_platform;
GRANT SELECT ON ALL TABLES IN SCHEMA identity TO backup;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA identity TO backup;
