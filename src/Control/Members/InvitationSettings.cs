using System.ComponentModel.DataAnnotations;

namespace Platform.Control.Members;

/// <summary>Section <c>Invitations</c>.</summary>
internal sealed class InvitationSettings
{
    /// <summary>How many a tenant may have open.</summary>
    [Range(1, 100_000)]
    public int MostOpen { get; set; } = 200;
}
