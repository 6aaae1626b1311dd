using Microsoft.AspNetCore.Components;
using Platform.Contracts.Api;
using Platform.Portal.ControlApi;
using Platform.Portal.Layout;

namespace Platform.Portal.Usage;

public partial class UsagePage(TimeProvider time) : TenantPage
{
    private UsageAnswer? _usage;
    private KeyNames _keys = new([]);

    /// <summary><c>today</c> or <c>7d</c>.</summary>
    [SupplyParameterFromQuery(Name = "range")]
    public string? Range { get; set; }

    /// <summary><c>time</c>, <c>model</c> or <c>key</c>.</summary>
    [SupplyParameterFromQuery(Name = "by")]
    public string? By { get; set; }

    protected override object LoadedFor => (Slug, IsWeek);

    private bool IsWeek => Range is UsageSpan.WeekName;

    private string Lead => IsWeek ? "The last seven days, counted in UTC." : $"Today, in your time zone ({Viewer.Zone.Id}).";

    private string ExportAddress
    {
        get
        {
            var span = UsageSpan.Named(Range, time.GetUtcNow(), Viewer);
            return UsageExport.Address(Slug, span.From, span.To);
        }
    }

    protected override async Task<ControlProblem?> LoadAsync(TenantRef tenant, CancellationToken cancel)
    {
        _usage = null;
        var span = UsageSpan.Named(Range, time.GetUtcNow(), Viewer);
        var asking = Control.GetUsageAsync(tenant.Id, span.From, span.To, span.Bucket, cancel);
        var keys = await Control.ListApiKeysAsync(tenant.Id, cancel);
        if (!(await asking).Is(out _usage, out var problem))
            return problem;
        _keys = new(keys.Value?.Items ?? []);
        return keys.Problem?.UnlessForbidden;
    }

    private static string? Current(bool chosen) => chosen ? "true" : null;

    private string Address(string? range, string? by) =>
        $"/t/{Slug}/usage?range={(range is UsageSpan.WeekName ? range : UsageSpan.TodayName)}&by={(by is "model" or "key" ? by : "time")}";
}
