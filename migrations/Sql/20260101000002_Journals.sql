-- An agent that is told late of a tenant's leaving still reports what it dispatched before: the tombstone's revision
-- tells ingest which records those are. Only tenants' resources, and not what is in them.
CREATE POLICY ingest_read ON config_resources FOR SELECT TO ingest USING (kind = 'tenant');
GRANT SELECT (tenant_id, group_name, kind, key, revision) ON config_resources TO ingest;

-- A change of the catalog compiles under the platform tenant's own rights, public signing keys included.
GRANT SELECT (id, use, public_key, created_at) ON signing_keys TO control_tenant;
