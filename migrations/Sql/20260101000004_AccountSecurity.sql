-- Sessions, mailed links and recovery codes belong to the authority, as the users do.
GRANT SELECT, INSERT, UPDATE, DELETE ON
    identity.sessions, identity.session_grants, identity.one_time_links, identity.recovery_codes
    TO control_platform;
GRANT SELECT ON identity.sessions, identity.session_grants, identity.one_time_links, identity.recovery_codes TO backup;

-- A request asks, with the caller's rights, whether the session of its token still lives. It learns that and nothing else:
-- control_tenant reads no table of this schema.
CREATE FUNCTION identity.session_is_live(session uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM identity.sessions s
            JOIN identity.users u ON u.id = s.user_id
            WHERE s.id = session AND s.ended_at IS NULL AND s.expires_at > now() AND s.stamp = u.security_stamp)
    $$;
REVOKE ALL ON FUNCTION identity.session_is_live(uuid) FROM PUBLIC;
GRANT USAGE ON SCHEMA identity TO control_tenant;
GRANT EXECUTE ON FUNCTION identity.session_is_live(uuid) TO control_tenant;
