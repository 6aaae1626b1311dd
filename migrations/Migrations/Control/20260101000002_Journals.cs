using System;
using Microsoft.EntityFrameworkCore.Migrations;
using NpgsqlTypes;
using Platform.Migrations.Sql;

#nullable disable

namespace Platform.Migrations.ControlSchema
{
    /// <inheritdoc />
    public partial class Journals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "journal_gaps");

            migrationBuilder.AddColumn<NpgsqlRange<long>[]>(
                name: "received",
                table: "journal_watermarks",
                type: "int8multirange",
                nullable: false,
                defaultValue: new NpgsqlRange<long>[0]);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "stalled_since",
                table: "journal_watermarks",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTimeOffset(new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)));

            migrationBuilder.AddColumn<byte[]>(
                name: "broker_secret",
                table: "agents",
                type: "bytea",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "cut_off_at",
                table: "agents",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.Sql(SqlScript.Read("20260101000002_Journals"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP POLICY ingest_read ON config_resources; REVOKE SELECT (tenant_id, group_name, kind, key, revision) ON config_resources FROM ingest; REVOKE SELECT (id, use, public_key, created_at) ON signing_keys FROM control_tenant;");

            migrationBuilder.DropColumn(
                name: "received",
                table: "journal_watermarks");

            migrationBuilder.DropColumn(
                name: "stalled_since",
                table: "journal_watermarks");

            migrationBuilder.DropColumn(
                name: "broker_secret",
                table: "agents");

            migrationBuilder.DropColumn(
                name: "cut_off_at",
                table: "agents");

            migrationBuilder.CreateTable(
                name: "journal_gaps",
                columns: table => new
                {
                    agent_id = table.Column<Guid>(type: "uuid", nullable: false),
                    boot_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from_sequence = table.Column<long>(type: "bigint", nullable: false),
                    noticed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    to_sequence = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_journal_gaps", x => new { x.agent_id, x.boot_id, x.from_sequence });
                });
        }
    }
}
