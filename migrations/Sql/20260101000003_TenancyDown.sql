DROP FUNCTION touch_api_keys(uuid[], uuid[], timestamptz[]);
REVOKE DELETE ON provider_keys FROM control_tenant;
DROP POLICY tenant_reads_shared ON models;
CREATE POLICY tenant_reads_shared ON models FOR SELECT TO control_tenant
    USING (nullif(current_setting('app.tenant_id', true), '')::uuid IS NOT NULL AND tenant_id = '00000000-0000-7000-8000-000000000001'::uuid);
DROP POLICY tenant_reads_shared ON model_targets;
CREATE POLICY tenant_reads_shared ON model_targets FOR SELECT TO control_tenant
    USING (nullif(current_setting('app.tenant_id', true), '')::uuid IS NOT NULL AND tenant_id = '00000000-0000-7000-8000-000000000001'::uuid);
