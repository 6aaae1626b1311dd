-- What is left of a closed tenant in the audit trail: that something was done, when, and to which id. Control itself may
-- only add to the trail, so this runs as the owner, and for a tenant that is closed only.
CREATE FUNCTION erase_audit_events(tenant uuid) RETURNS void
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

REVOKE ALL ON FUNCTION erase_audit_events(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_audit_events(uuid) TO control_platform;
