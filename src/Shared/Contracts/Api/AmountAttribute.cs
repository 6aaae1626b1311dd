using System.ComponentModel.DataAnnotations;

namespace Platform.Contracts.Api;

/// <summary>Money: at most 12 digits before the point and 6 after it; null passes.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AmountAttribute : ValidationAttribute
{
    public const int Decimals = 6;
    public const decimal Max = 999_999_999_999.999999m;

    /// <summary>Whether nothing is an amount too.</summary>
    public bool OrZero { get; init; }

    public override string FormatErrorMessage(string name) =>
        $"must be {(OrZero ? "0 or more" : "more than 0")}, with at most 12 digits before the point and {Decimals} after it.";

    public override bool IsValid(object? value) =>
        value is null
        || (value is decimal amount && (OrZero ? amount >= 0 : amount > 0) && amount <= Max && decimal.Round(amount, Decimals) == amount);
}
