-- Who may do what in the tables of tenancy, and whose rows they see. Runs as the owner.
DO $$
DECLARE
    current_tenant CONSTANT text := $sql$nullif(current_setting('app.tenant_id', true), '')::uuid$sql$;
    own CONSTANT text := 'tenant_id = ' || current_tenant;
    shared CONSTANT text := current_tenant || $sql$ IS NOT NULL AND tenant_id = '00000000-0000-7000-8000-000000000001'::uuid$sql$;
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'invitations', 'identity_providers', 'service_clients', 'idempotency_keys', 'model_offers',
        'quotas', 'budgets', 'guardrail_policies', 'isolation_policies', 'prices']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', name);
        EXECUTE format('CREATE POLICY platform_all ON %I TO control_platform USING (true) WITH CHECK (true)', name);
        EXECUTE format('CREATE POLICY backup_read ON %I FOR SELECT TO backup USING (true)', name);
    END LOOP;

    FOREACH name IN ARRAY ARRAY['invitations', 'identity_providers', 'service_clients', 'idempotency_keys', 'model_offers', 'guardrail_policies']
    LOOP
        EXECUTE format('CREATE POLICY tenant_own ON %I TO control_tenant USING (%s) WITH CHECK (%s)', name, own, own);
    END LOOP;

    -- What the operator set for a tenant: it reads, and writes only what is its own.
    FOREACH name IN ARRAY ARRAY['quotas', 'budgets', 'isolation_policies']
    LOOP
        EXECUTE format('CREATE POLICY tenant_reads ON %I FOR SELECT TO control_tenant USING (%s)', name, own);
        EXECUTE format('CREATE POLICY tenant_adds ON %I FOR INSERT TO control_tenant WITH CHECK (%s AND NOT is_operators)', name, own);
        EXECUTE format('CREATE POLICY tenant_changes ON %I FOR UPDATE TO control_tenant USING (%s AND NOT is_operators) WITH CHECK (%s AND NOT is_operators)', name, own, own);
        EXECUTE format('CREATE POLICY tenant_removes ON %I FOR DELETE TO control_tenant USING (%s AND NOT is_operators)', name, own);
    END LOOP;

    EXECUTE format('CREATE POLICY tenant_reads ON prices FOR SELECT TO control_tenant USING (%s OR (%s))', own, shared);
    EXECUTE format('CREATE POLICY tenant_reads_floor ON guardrail_policies FOR SELECT TO control_tenant USING (%s)', shared);

    -- The catalog: a model that is offered to all, or to the tenant by name.
    EXECUTE format('CREATE POLICY tenant_reads_offers ON model_offers FOR SELECT TO control_tenant USING (offered_to = %s)', current_tenant);
    DROP POLICY tenant_reads_shared ON models;
    EXECUTE format(
        'CREATE POLICY tenant_reads_shared ON models FOR SELECT TO control_tenant USING (%s AND deleted_at IS NULL AND (offered_to_all OR EXISTS '
        || '(SELECT FROM model_offers o WHERE o.tenant_id = models.tenant_id AND o.model_id = models.id AND o.offered_to = %s)))',
        shared, current_tenant);
    DROP POLICY tenant_reads_shared ON model_targets;
    EXECUTE format(
        'CREATE POLICY tenant_reads_shared ON model_targets FOR SELECT TO control_tenant USING (%s AND EXISTS '
        || '(SELECT FROM models m WHERE m.tenant_id = model_targets.tenant_id AND m.id = model_targets.model_id))',
        replace(shared, 'tenant_id =', 'model_targets.tenant_id ='));
END
$$;

-- control_tenant: requests of one tenant. People come in by control_platform only.
GRANT SELECT, INSERT, UPDATE, DELETE ON quotas, budgets, guardrail_policies, isolation_policies, model_offers TO control_tenant;
GRANT SELECT, INSERT, UPDATE ON identity_providers TO control_tenant;
GRANT DELETE ON identity_providers, provider_keys TO control_tenant;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO control_tenant;
GRANT SELECT ON prices, platform_settings, service_clients, invitations TO control_tenant;

GRANT SELECT, INSERT, UPDATE, DELETE ON
    invitations, identity_providers, service_clients, idempotency_keys, model_offers, quotas, budgets, guardrail_policies,
    isolation_policies, prices, sign_ups
    TO control_platform;
GRANT SELECT, UPDATE ON platform_settings TO control_platform;

GRANT SELECT ON
    invitations, identity_providers, service_clients, idempotency_keys, model_offers, quotas, budgets, guardrail_policies,
    isolation_policies, prices, sign_ups, platform_settings
    TO backup;

INSERT INTO platform_settings (id, sign_up_mode, sign_up_group, allowed_networks, version)
VALUES (1, 'off', 'default', '{}', 1) ON CONFLICT DO NOTHING;

-- The ledger says when a key was last used, and sees nothing else of keys. To the minute, so that a busy key is not a
-- row that every batch waits for; a row that somebody else is writing is left to the next batch.
CREATE FUNCTION touch_api_keys(tenants uuid[], keys uuid[], used timestamptz[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
    UPDATE public.api_keys k SET last_used_at = u.used
    FROM (
        SELECT a.tenant_id, a.id, t.used
        FROM public.api_keys a
        JOIN (
            SELECT tenant_id, id, max(used) AS used FROM unnest(tenants, keys, used) AS t (tenant_id, id, used) GROUP BY 1, 2
        ) t ON t.tenant_id = a.tenant_id AND t.id = a.id
        WHERE a.last_used_at IS NULL OR t.used >= a.last_used_at + interval '1 minute'
        FOR UPDATE OF a SKIP LOCKED
    ) u
    WHERE k.tenant_id = u.tenant_id AND k.id = u.id
$$;

REVOKE ALL ON FUNCTION touch_api_keys(uuid[], uuid[], timestamptz[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION touch_api_keys(uuid[], uuid[], timestamptz[]) TO ingest;
