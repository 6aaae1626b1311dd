-- Who signs in is the target of the event as well as its actor: a pseudonym beside the name that it stands for is none.
CREATE OR REPLACE FUNCTION erase_audit_events(tenant uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    platform CONSTANT uuid := '00000000-0000-7000-8000-000000000001';
    -- Kept nowhere: whoever knows a principal cannot find its pseudonym, but one principal has one in all of the trail.
    salt CONSTANT text := gen_random_uuid()::text || gen_random_uuid()::text;
BEGIN
    IF tenant IS NULL OR tenant = platform OR NOT EXISTS (SELECT FROM public.tenants t WHERE t.id = tenant AND t.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the audit events of % are not to be erased: it is not closed', tenant USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.audit_events e SET
        actor = CASE WHEN e.actor_kind = 'system' THEN e.actor ELSE 'erased-' || left(encode(sha256(convert_to(salt || e.actor, 'UTF8')), 'hex'), 32) END,
        target = CASE
            WHEN e.action LIKE 'member%' OR position('@' in e.target) > 0
                OR (e.actor_kind <> 'system' AND e.target IN (SELECT a.actor FROM public.audit_events a WHERE a.tenant_id = tenant AND a.actor_kind <> 'system'))
            THEN 'erased-' || left(encode(sha256(convert_to(salt || e.target, 'UTF8')), 'hex'), 32)
            ELSE e.target END,
        actor_name = NULL, address = NULL, user_agent = NULL, before = NULL, after = NULL, details = NULL
    WHERE e.tenant_id = tenant;
    -- The platform's own trail: how the tenant signed up, and what operators did with it.
    UPDATE public.audit_events e SET
        actor = CASE WHEN e.action = 'sign-up.request' THEN 'erased-' || left(encode(sha256(convert_to(salt || e.actor, 'UTF8')), 'hex'), 32) ELSE e.actor END,
        actor_name = CASE WHEN e.action = 'sign-up.request' THEN NULL ELSE e.actor_name END,
        address = CASE WHEN e.action = 'sign-up.request' THEN NULL ELSE e.address END,
        user_agent = CASE WHEN e.action = 'sign-up.request' THEN NULL ELSE e.user_agent END,
        before = NULL, after = NULL, details = NULL
    WHERE e.tenant_id = platform
      AND e.target IN (SELECT tenant::text UNION ALL SELECT s.id::text FROM public.sign_ups s WHERE s.made_tenant_id = tenant);
END
$$;

-- Where no tenant is named, or it is not there, nothing is held open.
CREATE OR REPLACE FUNCTION hold_open_tenant() RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    closed timestamptz;
BEGIN
    SELECT t.closed_at INTO closed FROM public.tenants t
    WHERE t.id = nullif(current_setting('app.tenant_id', true), '')::uuid
    FOR KEY SHARE;
    RETURN FOUND AND closed IS NULL;
END
$$;
