using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platform.Migrations.IdentitySchema
{
    /// <inheritdoc />
    public partial class SessionProvider : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "provider_id",
                schema: "identity",
                table: "sessions",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "provider_tenant_id",
                schema: "identity",
                table: "sessions",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_sessions_provider_id",
                schema: "identity",
                table: "sessions",
                column: "provider_id",
                filter: "provider_id IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_sessions_provider_id",
                schema: "identity",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "provider_id",
                schema: "identity",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "provider_tenant_id",
                schema: "identity",
                table: "sessions");
        }
    }
}
