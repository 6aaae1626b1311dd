-- Who may do what, and whose rows they see. Runs as the owner, after the group roles exist.
-- No tenant set means no rows: current_setting(..., true) is NULL where it was never set and '' after a SET LOCAL.

-- The ledger is partitioned by day; rights are granted on the parent only.
CREATE TABLE usage_records_by_day (LIKE usage_records INCLUDING DEFAULTS) PARTITION BY RANGE (day);
DROP TABLE usage_records;
ALTER TABLE usage_records_by_day RENAME TO usage_records;
ALTER TABLE usage_records ADD CONSTRAINT pk_usage_records PRIMARY KEY (tenant_id, day, id);
CREATE INDEX ix_usage_records_tenant_id_started_at ON usage_records (tenant_id, started_at);

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO control_tenant, control_platform, ingest, backup;

-- Every table that has a tenant, and who sees all of it.
DO $$
DECLARE
    current_tenant CONSTANT text := $sql$nullif(current_setting('app.tenant_id', true), '')::uuid$sql$;
    own CONSTANT text := 'tenant_id = ' || current_tenant;
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'tenants', 'projects', 'pools', 'endpoints', 'provider_keys', 'models', 'model_targets', 'api_keys',
        'memberships', 'operators', 'audit_events', 'config_resources', 'usage_records', 'usage_hourly', 'usage_daily']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', name);
        EXECUTE format('CREATE POLICY platform_all ON %I TO control_platform USING (true) WITH CHECK (true)', name);
        EXECUTE format('CREATE POLICY backup_read ON %I FOR SELECT TO backup USING (true)', name);
    END LOOP;

    -- A tenant's own rows, in tables that hold nothing shared.
    FOREACH name IN ARRAY ARRAY[
        'projects', 'endpoints', 'provider_keys', 'api_keys', 'audit_events', 'config_resources',
        'usage_records', 'usage_hourly', 'usage_daily']
    LOOP
        EXECUTE format(
            'CREATE POLICY tenant_own ON %I TO control_tenant USING (%s) WITH CHECK (%s)', name, own, own);
    END LOOP;

    -- A tenant's own rows to write, and the platform's to read.
    FOREACH name IN ARRAY ARRAY['pools', 'models', 'model_targets']
    LOOP
        EXECUTE format(
            'CREATE POLICY tenant_own ON %I TO control_tenant USING (%s) WITH CHECK (%s)', name, own, own);
        EXECUTE format(
            'CREATE POLICY tenant_reads_shared ON %I FOR SELECT TO control_tenant USING (%s IS NOT NULL AND tenant_id = %L::uuid)',
            name, current_tenant, '00000000-0000-7000-8000-000000000001');
    END LOOP;

    FOREACH name IN ARRAY ARRAY['usage_records', 'usage_hourly', 'usage_daily']
    LOOP
        EXECUTE format('CREATE POLICY ingest_all ON %I TO ingest USING (true) WITH CHECK (true)', name);
    END LOOP;
END
$$;

-- Sign-in and /me: a principal sees its own memberships, the tenants they are in, and its operator role.
CREATE POLICY tenant_own ON memberships FOR SELECT TO control_tenant
    USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid OR principal = nullif(current_setting('app.user_id', true), ''));
CREATE POLICY tenant_own ON tenants FOR SELECT TO control_tenant
    USING (id = nullif(current_setting('app.tenant_id', true), '')::uuid OR id IN (SELECT m.tenant_id FROM memberships m WHERE m.principal = nullif(current_setting('app.user_id', true), '')));
CREATE POLICY principal_own ON operators FOR SELECT TO control_tenant
    USING (principal = nullif(current_setting('app.user_id', true), ''));
CREATE POLICY ingest_read ON tenants FOR SELECT TO ingest USING (true);

-- control_tenant: requests of one tenant. Group keys and peppers are sealed under a key that is not in the database.
GRANT SELECT ON tenants, memberships, operators, usage_records, usage_hourly, usage_daily, agent_groups, group_keys, peppers
    TO control_tenant;
GRANT SELECT, INSERT, UPDATE ON projects, pools, models, api_keys, provider_keys, config_resources TO control_tenant;
GRANT SELECT, INSERT, UPDATE, DELETE ON endpoints, model_targets TO control_tenant;
GRANT SELECT, INSERT ON audit_events TO control_tenant;
GRANT SELECT, UPDATE (revision) ON config_head TO control_tenant;
GRANT SELECT (id, use, public_key, created_at) ON signing_keys TO control_tenant;

-- control_platform: operators and jobs. The audit trail is only ever added to, the ledger only read.
GRANT SELECT, INSERT, UPDATE, DELETE ON
    tenants, projects, pools, endpoints, provider_keys, models, model_targets, api_keys, memberships, operators,
    config_resources, agent_groups, group_keys, peppers, signing_keys, agents, enrolment_tokens
    TO control_platform;
GRANT SELECT, INSERT ON audit_events TO control_platform;
GRANT SELECT, UPDATE ON config_head TO control_platform;
GRANT SELECT ON usage_records, usage_hourly, usage_daily, usage_quarantine, journal_watermarks, journal_gaps TO control_platform;

-- ingest: the ledger, and what it needs to know of the sender.
GRANT SELECT, INSERT ON usage_records, usage_quarantine TO ingest;
GRANT SELECT, INSERT, UPDATE ON usage_hourly, usage_daily TO ingest;
GRANT SELECT, INSERT, UPDATE, DELETE ON journal_watermarks, journal_gaps TO ingest;
GRANT SELECT (id, group_name) ON tenants TO ingest;
GRANT SELECT ON agents TO ingest;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO backup;

-- Makes the ledger's partition of a day. Only the owner may create tables, so it runs as the owner; the bound keeps a
-- sender with a wrong clock from making thousands of them. Only backup is granted the partition itself, because
-- pg_dump reads partitions one by one.
CREATE FUNCTION ensure_usage_partition(day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET lock_timeout = '5s'
AS $$
DECLARE
    partition text := 'usage_records_p' || to_char(day, 'YYYYMMDD');
BEGIN
    IF day IS NULL OR day < current_date - 400 OR day > current_date + 2 THEN
        RAISE EXCEPTION 'no partition is made for day %', day USING ERRCODE = 'check_violation';
    END IF;
    IF to_regclass('public.' || quote_ident(partition)) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ensure_usage_partition'));
    IF to_regclass('public.' || quote_ident(partition)) IS NOT NULL THEN
        RETURN;
    END IF;
    -- Attaching does not wait for readers of the parent, as CREATE TABLE ... PARTITION OF would: a long export over
    -- midnight must not stop the ledger.
    EXECUTE format('CREATE TABLE public.%I (LIKE public.usage_records INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', partition);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', partition);
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', partition);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', partition);
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO CURRENT_USER USING (true) WITH CHECK (true)', partition);
    EXECUTE format('CREATE POLICY backup_read ON public.%I FOR SELECT TO backup USING (true)', partition);
    EXECUTE format('GRANT SELECT ON public.%I TO backup', partition);
    EXECUTE format('ALTER TABLE public.usage_records ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', partition, day, day + 1);
END
$$;

REVOKE ALL ON FUNCTION ensure_usage_partition(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_usage_partition(date) TO ingest;
