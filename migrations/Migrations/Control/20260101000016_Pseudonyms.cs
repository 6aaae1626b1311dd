using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Control.Data;
using Platform.Migrations.Sql;

namespace Platform.Migrations.ControlSchema;

[DbContext(typeof(ControlDb))]
[Migration("20260101000016_Pseudonyms")]
public sealed class Pseudonyms : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(SqlScript.Read("20260101000016_Pseudonyms"));
}
