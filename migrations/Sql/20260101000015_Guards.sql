-- A write of the tenant holds its row open until it has ended, so that nothing is written that closing does not erase.
-- Closing takes the row FOR UPDATE; writes do not wait for each other. Of nobody but the tenant of the transaction.
CREATE FUNCTION hold_open_tenant() RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    closed timestamptz;
BEGIN
    SELECT t.closed_at INTO closed FROM public.tenants t
    WHERE t.id = nullif(current_setting('app.tenant_id', true), '')::uuid
    FOR KEY SHARE;
    RETURN closed IS NULL;
END
$$;

REVOKE ALL ON FUNCTION hold_open_tenant() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_open_tenant() TO control_tenant;

-- Only the platform's models are offered: a tenant that offered its own would write what others read.
DO $$
DECLARE
    own CONSTANT text := $sql$tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid$sql$;
BEGIN
    DROP POLICY tenant_own ON model_offers;
    EXECUTE format(
        'CREATE POLICY tenant_own ON model_offers TO control_tenant USING (%s) WITH CHECK (%s AND tenant_id = %L::uuid)',
        own, own, '00000000-0000-7000-8000-000000000001');
END
$$;
