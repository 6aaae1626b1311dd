-- A tenant's traffic policy and its pools' client certificates: its own rows, for nobody else to read. Runs as the owner.
DO $$
DECLARE
    own CONSTANT text := $sql$tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid$sql$;
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['traffic_policies', 'client_certificates']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', name);
        EXECUTE format('CREATE POLICY platform_all ON %I TO control_platform USING (true) WITH CHECK (true)', name);
        EXECUTE format('CREATE POLICY backup_read ON %I FOR SELECT TO backup USING (true)', name);
        EXECUTE format('CREATE POLICY tenant_own ON %I TO control_tenant USING (%s) WITH CHECK (%s)', name, own, own);
    END LOOP;
END
$$;

GRANT SELECT, INSERT, UPDATE ON traffic_policies TO control_tenant;
GRANT SELECT, INSERT, UPDATE, DELETE ON client_certificates TO control_tenant;
GRANT SELECT, INSERT, UPDATE, DELETE ON traffic_policies, client_certificates TO control_platform;
GRANT SELECT ON traffic_policies, client_certificates TO backup;
