using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Migrations.Sql;

#nullable disable

namespace Platform.Migrations.ControlSchema
{
    /// <inheritdoc />
    public partial class Guards : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_budgets_tenant_id_name",
                table: "budgets");

            migrationBuilder.AddColumn<long>(
                name: "version",
                table: "operators",
                type: "bigint",
                nullable: false,
                defaultValue: 1L);

            migrationBuilder.CreateIndex(
                name: "ix_budgets_tenant_id_is_operators_name",
                table: "budgets",
                columns: new[] { "tenant_id", "is_operators", "name" },
                unique: true);

            migrationBuilder.Sql(SqlScript.Read("20260101000015_Guards"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(SqlScript.Read("20260101000015_GuardsDown"));

            migrationBuilder.DropIndex(
                name: "ix_budgets_tenant_id_is_operators_name",
                table: "budgets");

            migrationBuilder.DropColumn(
                name: "version",
                table: "operators");

            migrationBuilder.CreateIndex(
                name: "ix_budgets_tenant_id_name",
                table: "budgets",
                columns: new[] { "tenant_id", "name" },
                unique: true);
        }
    }
}
