DROP FUNCTION hold_open_tenant();
DROP POLICY tenant_own ON model_offers;
CREATE POLICY tenant_own ON model_offers TO control_tenant
    USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
