using System;
using System.Text.Json;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Migrations.Sql;

#nullable disable

namespace Platform.Migrations.ControlSchema
{
    /// <inheritdoc />
    public partial class Tenancy : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_projects_tenant_id_name",
                table: "projects");

            migrationBuilder.DropIndex(
                name: "ix_pools_tenant_id_name",
                table: "pools");

            migrationBuilder.DropIndex(
                name: "ix_models_tenant_id_name",
                table: "models");

            migrationBuilder.DropIndex(
                name: "ix_api_keys_tenant_id_project_id",
                table: "api_keys");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "closed_at",
                table: "tenants",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "ends_streams",
                table: "tenants",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "version",
                table: "tenants",
                type: "bigint",
                nullable: false,
                defaultValue: 1L);

            migrationBuilder.AddColumn<string>(
                name: "hint",
                table: "provider_keys",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "rotated_at",
                table: "provider_keys",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "deleted_at",
                table: "projects",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "version",
                table: "projects",
                type: "bigint",
                nullable: false,
                defaultValue: 1L);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "deleted_at",
                table: "pools",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "version",
                table: "pools",
                type: "bigint",
                nullable: false,
                defaultValue: 1L);

            migrationBuilder.AddColumn<string[]>(
                name: "aliases",
                table: "models",
                type: "text[]",
                nullable: false,
                defaultValue: new string[0]);

            migrationBuilder.AddColumn<int>(
                name: "context_window",
                table: "models",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "deleted_at",
                table: "models",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "description",
                table: "models",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "offered_to_all",
                table: "models",
                type: "boolean",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<long>(
                name: "version",
                table: "models",
                type: "bigint",
                nullable: false,
                defaultValue: 1L);

            migrationBuilder.AddColumn<int>(
                name: "tier",
                table: "model_targets",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "email",
                table: "memberships",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "identity_provider_id",
                table: "memberships",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "version",
                table: "memberships",
                type: "bigint",
                nullable: false,
                defaultValue: 1L);

            migrationBuilder.AddColumn<int>(
                name: "capacity",
                table: "endpoints",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "created_at",
                table: "endpoints",
                type: "timestamp with time zone",
                nullable: false,
                defaultValueSql: "now()");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "draining_since",
                table: "endpoints",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "removed_at",
                table: "endpoints",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "actor_kind",
                table: "audit_events",
                type: "text",
                nullable: false,
                defaultValue: "user");

            migrationBuilder.AddColumn<string>(
                name: "actor_name",
                table: "audit_events",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "address",
                table: "audit_events",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<JsonElement>(
                name: "after",
                table: "audit_events",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<JsonElement>(
                name: "before",
                table: "audit_events",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "outcome",
                table: "audit_events",
                type: "text",
                nullable: false,
                defaultValue: "success");

            migrationBuilder.AddColumn<string>(
                name: "user_agent",
                table: "audit_events",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "allowed_models",
                table: "api_keys",
                type: "text[]",
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "ip_ranges",
                table: "api_keys",
                type: "text[]",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "last_used_at",
                table: "api_keys",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "previous_expires_at",
                table: "api_keys",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "previous_hash",
                table: "api_keys",
                type: "bytea",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "previous_pepper_id",
                table: "api_keys",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "previous_prefix",
                table: "api_keys",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "rotated_at",
                table: "api_keys",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "version",
                table: "api_keys",
                type: "bigint",
                nullable: false,
                defaultValue: 1L);

            migrationBuilder.AddColumn<long>(
                name: "row_version",
                table: "agents",
                type: "bigint",
                nullable: false,
                defaultValue: 1L);

            migrationBuilder.AddColumn<string>(
                name: "description",
                table: "agent_groups",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "version",
                table: "agent_groups",
                type: "bigint",
                nullable: false,
                defaultValue: 1L);

            migrationBuilder.CreateTable(
                name: "budgets",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    scope = table.Column<string>(type: "text", nullable: false),
                    scope_id = table.Column<Guid>(type: "uuid", nullable: true),
                    is_operators = table.Column<bool>(type: "boolean", nullable: false),
                    amount = table.Column<decimal>(type: "numeric(18,6)", precision: 18, scale: 6, nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    window = table.Column<string>(type: "text", nullable: false),
                    time_zone = table.Column<string>(type: "text", nullable: false),
                    thresholds = table.Column<int[]>(type: "integer[]", nullable: false),
                    hard_stop = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budgets", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_budgets_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "guardrail_policies",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    order = table.Column<int>(type: "integer", nullable: false),
                    spec = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_guardrail_policies", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_guardrail_policies_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    principal = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    request_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    answer = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotency_keys", x => new { x.tenant_id, x.principal, x.key });
                });

            migrationBuilder.CreateTable(
                name: "identity_providers",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    issuer = table.Column<string>(type: "text", nullable: false),
                    client_id = table.Column<string>(type: "text", nullable: false),
                    sealed_secret = table.Column<byte[]>(type: "bytea", nullable: true),
                    domain = table.Column<string>(type: "text", nullable: false),
                    verification_token = table.Column<string>(type: "text", nullable: false),
                    domain_verified_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    groups_claim = table.Column<string>(type: "text", nullable: false),
                    role_mapping = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    default_role = table.Column<string>(type: "text", nullable: true),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_identity_providers", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_identity_providers_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "invitations",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    email = table.Column<string>(type: "text", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false),
                    token_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    accepted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    accepted_by = table.Column<string>(type: "text", nullable: true),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitations", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_invitations_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "isolation_policies",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    is_operators = table.Column<bool>(type: "boolean", nullable: false),
                    spec = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    cache_salt = table.Column<byte[]>(type: "bytea", nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_isolation_policies", x => new { x.tenant_id, x.is_operators });
                    table.ForeignKey(
                        name: "fk_isolation_policies_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "model_offers",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    model_id = table.Column<Guid>(type: "uuid", nullable: false),
                    offered_to = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_offers", x => new { x.tenant_id, x.model_id, x.offered_to });
                    table.ForeignKey(
                        name: "fk_model_offers_models_tenant_id_model_id",
                        columns: x => new { x.tenant_id, x.model_id },
                        principalTable: "models",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "platform_settings",
                columns: table => new
                {
                    id = table.Column<short>(type: "smallint", nullable: false),
                    sign_up_mode = table.Column<string>(type: "text", nullable: false),
                    sign_up_group = table.Column<string>(type: "text", nullable: false),
                    sign_up_limits = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    allowed_networks = table.Column<string[]>(type: "text[]", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_platform_settings", x => x.id);
                    table.CheckConstraint("ck_platform_settings_one_row", "id = 1");
                });

            migrationBuilder.CreateTable(
                name: "prices",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    model = table.Column<string>(type: "text", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    spec = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    effective_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    effective_to = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_prices", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_prices_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "quotas",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    scope = table.Column<string>(type: "text", nullable: false),
                    scope_id = table.Column<Guid>(type: "uuid", nullable: true),
                    model = table.Column<string>(type: "text", nullable: true),
                    is_operators = table.Column<bool>(type: "boolean", nullable: false),
                    requests_per_minute = table.Column<long>(type: "bigint", nullable: true),
                    requests_per_day = table.Column<long>(type: "bigint", nullable: true),
                    tokens_per_minute = table.Column<long>(type: "bigint", nullable: true),
                    tokens_per_day = table.Column<long>(type: "bigint", nullable: true),
                    concurrent_requests = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_quotas", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_quotas_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "service_clients",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    client_id = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    scopes = table.Column<string[]>(type: "text[]", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    rotated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_service_clients", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_service_clients_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "sign_ups",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    principal = table.Column<string>(type: "text", nullable: false),
                    email = table.Column<string>(type: "text", nullable: true),
                    tenant_name = table.Column<string>(type: "text", nullable: false),
                    slug = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    decided_by = table.Column<string>(type: "text", nullable: true),
                    made_tenant_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sign_ups", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_tenants_name_id",
                table: "tenants",
                columns: new[] { "name", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_projects_tenant_id_name",
                table: "projects",
                columns: new[] { "tenant_id", "name" },
                unique: true,
                filter: "deleted_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_pools_tenant_id_name",
                table: "pools",
                columns: new[] { "tenant_id", "name" },
                unique: true,
                filter: "deleted_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_models_tenant_id_name",
                table: "models",
                columns: new[] { "tenant_id", "name" },
                unique: true,
                filter: "deleted_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_audit_events_tenant_id_actor_id",
                table: "audit_events",
                columns: new[] { "tenant_id", "actor", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_events_tenant_id_target_id",
                table: "audit_events",
                columns: new[] { "tenant_id", "target", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_tenant_id_name_id",
                table: "api_keys",
                columns: new[] { "tenant_id", "name", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_tenant_id_project_id_id",
                table: "api_keys",
                columns: new[] { "tenant_id", "project_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_budgets_tenant_id_name",
                table: "budgets",
                columns: new[] { "tenant_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_guardrail_policies_tenant_id_name",
                table: "guardrail_policies",
                columns: new[] { "tenant_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_created_at",
                table: "idempotency_keys",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_identity_providers_domain",
                table: "identity_providers",
                column: "domain");

            migrationBuilder.CreateIndex(
                name: "ix_identity_providers_tenant_id_name",
                table: "identity_providers",
                columns: new[] { "tenant_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invitations_tenant_id_token_hash",
                table: "invitations",
                columns: new[] { "tenant_id", "token_hash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invitations_token_hash",
                table: "invitations",
                column: "token_hash");

            migrationBuilder.CreateIndex(
                name: "ix_model_offers_tenant_id_offered_to",
                table: "model_offers",
                columns: new[] { "tenant_id", "offered_to" });

            migrationBuilder.CreateIndex(
                name: "ix_prices_tenant_id_model_effective_from",
                table: "prices",
                columns: new[] { "tenant_id", "model", "effective_from" });

            migrationBuilder.CreateIndex(
                name: "ix_quotas_scope",
                table: "quotas",
                columns: new[] { "tenant_id", "is_operators", "scope", "scope_id", "model" },
                unique: true)
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_service_clients_client_id",
                table: "service_clients",
                column: "client_id");

            migrationBuilder.CreateIndex(
                name: "ix_sign_ups_state",
                table: "sign_ups",
                column: "state");

            migrationBuilder.Sql(SqlScript.Read("20260101000003_Tenancy"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(SqlScript.Read("20260101000003_TenancyDown"));

            migrationBuilder.DropTable(
                name: "budgets");

            migrationBuilder.DropTable(
                name: "guardrail_policies");

            migrationBuilder.DropTable(
                name: "idempotency_keys");

            migrationBuilder.DropTable(
                name: "identity_providers");

            migrationBuilder.DropTable(
                name: "invitations");

            migrationBuilder.DropTable(
                name: "isolation_policies");

            migrationBuilder.DropTable(
                name: "model_offers");

            migrationBuilder.DropTable(
                name: "platform_settings");

            migrationBuilder.DropTable(
                name: "prices");

            migrationBuilder.DropTable(
                name: "quotas");

            migrationBuilder.DropTable(
                name: "service_clients");

            migrationBuilder.DropTable(
                name: "sign_ups");

            migrationBuilder.DropIndex(
                name: "ix_tenants_name_id",
                table: "tenants");

            migrationBuilder.DropIndex(
                name: "ix_projects_tenant_id_name",
                table: "projects");

            migrationBuilder.DropIndex(
                name: "ix_pools_tenant_id_name",
                table: "pools");

            migrationBuilder.DropIndex(
                name: "ix_models_tenant_id_name",
                table: "models");

            migrationBuilder.DropIndex(
                name: "ix_audit_events_tenant_id_actor_id",
                table: "audit_events");

            migrationBuilder.DropIndex(
                name: "ix_audit_events_tenant_id_target_id",
                table: "audit_events");

            migrationBuilder.DropIndex(
                name: "ix_api_keys_tenant_id_name_id",
                table: "api_keys");

            migrationBuilder.DropIndex(
                name: "ix_api_keys_tenant_id_project_id_id",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "closed_at",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "ends_streams",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "version",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "hint",
                table: "provider_keys");

            migrationBuilder.DropColumn(
                name: "rotated_at",
                table: "provider_keys");

            migrationBuilder.DropColumn(
                name: "deleted_at",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "version",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "deleted_at",
                table: "pools");

            migrationBuilder.DropColumn(
                name: "version",
                table: "pools");

            migrationBuilder.DropColumn(
                name: "aliases",
                table: "models");

            migrationBuilder.DropColumn(
                name: "context_window",
                table: "models");

            migrationBuilder.DropColumn(
                name: "deleted_at",
                table: "models");

            migrationBuilder.DropColumn(
                name: "description",
                table: "models");

            migrationBuilder.DropColumn(
                name: "offered_to_all",
                table: "models");

            migrationBuilder.DropColumn(
                name: "version",
                table: "models");

            migrationBuilder.DropColumn(
                name: "tier",
                table: "model_targets");

            migrationBuilder.DropColumn(
                name: "email",
                table: "memberships");

            migrationBuilder.DropColumn(
                name: "identity_provider_id",
                table: "memberships");

            migrationBuilder.DropColumn(
                name: "version",
                table: "memberships");

            migrationBuilder.DropColumn(
                name: "capacity",
                table: "endpoints");

            migrationBuilder.DropColumn(
                name: "created_at",
                table: "endpoints");

            migrationBuilder.DropColumn(
                name: "draining_since",
                table: "endpoints");

            migrationBuilder.DropColumn(
                name: "removed_at",
                table: "endpoints");

            migrationBuilder.DropColumn(
                name: "actor_kind",
                table: "audit_events");

            migrationBuilder.DropColumn(
                name: "actor_name",
                table: "audit_events");

            migrationBuilder.DropColumn(
                name: "address",
                table: "audit_events");

            migrationBuilder.DropColumn(
                name: "after",
                table: "audit_events");

            migrationBuilder.DropColumn(
                name: "before",
                table: "audit_events");

            migrationBuilder.DropColumn(
                name: "outcome",
                table: "audit_events");

            migrationBuilder.DropColumn(
                name: "user_agent",
                table: "audit_events");

            migrationBuilder.DropColumn(
                name: "allowed_models",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "ip_ranges",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "last_used_at",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "previous_expires_at",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "previous_hash",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "previous_pepper_id",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "previous_prefix",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "rotated_at",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "version",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "row_version",
                table: "agents");

            migrationBuilder.DropColumn(
                name: "description",
                table: "agent_groups");

            migrationBuilder.DropColumn(
                name: "version",
                table: "agent_groups");

            migrationBuilder.CreateIndex(
                name: "ix_projects_tenant_id_name",
                table: "projects",
                columns: new[] { "tenant_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_pools_tenant_id_name",
                table: "pools",
                columns: new[] { "tenant_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_models_tenant_id_name",
                table: "models",
                columns: new[] { "tenant_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_tenant_id_project_id",
                table: "api_keys",
                columns: new[] { "tenant_id", "project_id" });
        }
    }
}
