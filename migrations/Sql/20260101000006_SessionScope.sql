-- A request asks, with the caller's rights, for the session of its token: no row where it does not live any more, else the
-- tenant's provider that it came by, if it did. control_tenant reads no table of this schema.
CREATE FUNCTION identity.session_of(session uuid) RETURNS TABLE (provider_tenant_id uuid, provider_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT s.provider_tenant_id, s.provider_id
        FROM identity.sessions s
        JOIN identity.users u ON u.id = s.user_id
        WHERE s.id = session AND s.ended_at IS NULL AND s.expires_at > now() AND s.stamp = u.security_stamp
    $$;
REVOKE ALL ON FUNCTION identity.session_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.session_of(uuid) TO control_tenant;
DROP FUNCTION identity.session_is_live(uuid);

-- Sessions that began by a provider before it was written into them count everywhere: they end.
UPDATE identity.sessions SET ended_at = now() WHERE method = 'provider' AND ended_at IS NULL;
