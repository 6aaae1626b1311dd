using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Control.Data;
using Platform.Migrations.Sql;

namespace Platform.Migrations.ControlSchema;

[DbContext(typeof(ControlDb))]
[Migration("20260101000013_TenantClosing")]
public sealed class TenantClosing : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(SqlScript.Read("20260101000013_TenantClosing"));
}
