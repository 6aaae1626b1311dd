using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platform.Migrations.ControlSchema
{
    /// <inheritdoc />
    public partial class InvitationMails : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "mailed_token_hash",
                table: "invitations",
                type: "bytea",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_invitations_mailed_token_hash",
                table: "invitations",
                column: "mailed_token_hash");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_invitations_mailed_token_hash",
                table: "invitations");

            migrationBuilder.DropColumn(
                name: "mailed_token_hash",
                table: "invitations");
        }
    }
}
