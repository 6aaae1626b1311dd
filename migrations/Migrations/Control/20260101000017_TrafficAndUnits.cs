using System;
using System.Text.Json;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Migrations.Sql;

#nullable disable

namespace Platform.Migrations.ControlSchema
{
    /// <inheritdoc />
    public partial class TrafficAndUnits : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<JsonElement>(
                name: "attempts",
                table: "usage_records",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "audio_seconds",
                table: "usage_records",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<bool>(
                name: "cached",
                table: "usage_records",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "characters",
                table: "usage_records",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "images",
                table: "usage_records",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "output_audio_tokens",
                table: "usage_records",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<double>(
                name: "audio_seconds",
                table: "usage_hourly",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<long>(
                name: "cached_answers",
                table: "usage_hourly",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "characters",
                table: "usage_hourly",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "images",
                table: "usage_hourly",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "output_audio_tokens",
                table: "usage_hourly",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<double>(
                name: "audio_seconds",
                table: "usage_daily",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<long>(
                name: "cached_answers",
                table: "usage_daily",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "characters",
                table: "usage_daily",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "images",
                table: "usage_daily",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "output_audio_tokens",
                table: "usage_daily",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string[]>(
                name: "operations",
                table: "pools",
                type: "text[]",
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "trusted_authorities",
                table: "pools",
                type: "text[]",
                nullable: true);

            migrationBuilder.AddColumn<JsonElement>(
                name: "routing",
                table: "models",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "cache_seconds",
                table: "api_keys",
                type: "integer",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "client_certificates",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    pool_id = table.Column<Guid>(type: "uuid", nullable: false),
                    @sealed = table.Column<byte[]>(name: "sealed", type: "bytea", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    thumbprint = table.Column<string>(type: "text", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    rotated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_client_certificates", x => new { x.tenant_id, x.pool_id });
                    table.ForeignKey(
                        name: "fk_client_certificates_pools_tenant_id_pool_id",
                        columns: x => new { x.tenant_id, x.pool_id },
                        principalTable: "pools",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "traffic_policies",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    spec = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_traffic_policies", x => x.tenant_id);
                    table.ForeignKey(
                        name: "fk_traffic_policies_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.Sql(SqlScript.Read("20260101000017_TrafficAndUnits"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "client_certificates");

            migrationBuilder.DropTable(
                name: "traffic_policies");

            migrationBuilder.DropColumn(
                name: "attempts",
                table: "usage_records");

            migrationBuilder.DropColumn(
                name: "audio_seconds",
                table: "usage_records");

            migrationBuilder.DropColumn(
                name: "cached",
                table: "usage_records");

            migrationBuilder.DropColumn(
                name: "characters",
                table: "usage_records");

            migrationBuilder.DropColumn(
                name: "images",
                table: "usage_records");

            migrationBuilder.DropColumn(
                name: "output_audio_tokens",
                table: "usage_records");

            migrationBuilder.DropColumn(
                name: "audio_seconds",
                table: "usage_hourly");

            migrationBuilder.DropColumn(
                name: "cached_answers",
                table: "usage_hourly");

            migrationBuilder.DropColumn(
                name: "characters",
                table: "usage_hourly");

            migrationBuilder.DropColumn(
                name: "images",
                table: "usage_hourly");

            migrationBuilder.DropColumn(
                name: "output_audio_tokens",
                table: "usage_hourly");

            migrationBuilder.DropColumn(
                name: "audio_seconds",
                table: "usage_daily");

            migrationBuilder.DropColumn(
                name: "cached_answers",
                table: "usage_daily");

            migrationBuilder.DropColumn(
                name: "characters",
                table: "usage_daily");

            migrationBuilder.DropColumn(
                name: "images",
                table: "usage_daily");

            migrationBuilder.DropColumn(
                name: "output_audio_tokens",
                table: "usage_daily");

            migrationBuilder.DropColumn(
                name: "operations",
                table: "pools");

            migrationBuilder.DropColumn(
                name: "trusted_authorities",
                table: "pools");

            migrationBuilder.DropColumn(
                name: "routing",
                table: "models");

            migrationBuilder.DropColumn(
                name: "cache_seconds",
                table: "api_keys");
        }
    }
}
