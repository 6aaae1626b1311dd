using System.ComponentModel.DataAnnotations;

namespace Platform.Gateway.AccessLog;

/// <summary>How much of a caller's address is told.</summary>
internal enum AddressForm
{
    Full,

    /// <summary>The first 24 bits of an IPv4 address, 48 of an IPv6 one.</summary>
    Masked,

    None,
}

/// <summary>Section <c>AccessLog</c>.</summary>
internal sealed class AccessLogSettings
{
    /// <summary>One line for each request. Off by default: a line costs a noticeable part of what a plain request does.</summary>
    public bool Enabled { get; set; }

    [EnumDataType(typeof(AddressForm))]
    public AddressForm Addresses { get; set; } = AddressForm.Masked;

    /// <summary>Lines for callers who are known; 0 for all.</summary>
    [Range(0, 1_000_000)]
    public int MaxPerSecond { get; set; }

    /// <summary>Lines for those who are not: a flood of them is not one of the log.</summary>
    [Range(0, 1_000_000)]
    public int MaxStrangersPerSecond { get; set; } = 10;
}
