using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace Platform.Control.Api;

/// <summary>Which part of a list, and in which order.</summary>
public sealed record PageQuery
{
    public const int MaxLimit = 200;
    public const int DefaultLimit = 50;

    /// <summary>At most this many items, 1 to 200; 50 when left out.</summary>
    [FromQuery(Name = "limit"), Range(1, MaxLimit)]
    public int? Limit { get; init; }

    /// <summary><c>nextCursor</c> of the page before, asked for with the same <c>sort</c>.</summary>
    [FromQuery(Name = "cursor"), StringLength(1000)]
    public string? Cursor { get; init; }

    /// <summary>A field to sort by, with <c>-</c> before it for the other way; in the order of creation when left out.</summary>
    [FromQuery(Name = "sort"), StringLength(50)]
    public string? Sort { get; init; }

    /// <summary>Only items whose name contains this text, in any case.</summary>
    [FromQuery(Name = "q"), StringLength(100)]
    public string? Text { get; init; }
}
