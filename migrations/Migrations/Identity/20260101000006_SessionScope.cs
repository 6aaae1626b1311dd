using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Control.Data;
using Platform.Migrations.Sql;

namespace Platform.Migrations.IdentitySchema;

[DbContext(typeof(IdentityDb))]
[Migration("20260101000006_SessionScope")]
public sealed class SessionScope : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(SqlScript.Read("20260101000006_SessionScope"));
}
